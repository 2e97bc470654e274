import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { canonicalUnit } from "../core/units.ts";
import { parseColumnOverride } from "./column-override.ts";
import type { ColumnOverride } from "./column-override.ts";
import type { Table, TableColumn } from "./contract.ts";
import { isUnitsRow, parseHeader, snakeCase, unitsRowUnit } from "./headers.ts";
import type { HeaderParts } from "./headers.ts";
import { isFormula } from "./formula-cell.ts";
import { cellNumber, cellText, isMissing } from "./read/cells.ts";
import type { Cell, CellGrid, DecimalMark } from "./read/cells.ts";
import { inferRoles } from "./roles.ts";

export interface TableOptions {
  /** Decimal mark of numbers written as text; told from the cells when absent. */
  readonly decimal?: DecimalMark;
  /** Whether the first row below the header holds units; told from its cells when absent. */
  readonly unitsRow?: boolean;
  /** By header or name: a role as `parseColumnOverride` reads it, or its parts. */
  readonly columns?: Readonly<Record<string, string | ColumnOverride>>;
}

/** Share of readable numbers from which a column counts as numeric and the rest as mistakes. */
const mostlyNumeric = 0.8;

/**
 * A table from cells: units from the headers or a units row, numbers read, roles inferred or declared.
 * @throws InputError for no data rows, missing or repeated headers, a text in a mostly numeric column,
 *   a declared column that is not there
 */
export function buildTable(grid: CellGrid, options: TableOptions = {}): Table {
  checkHeaders(grid);
  const notes = [...grid.notes];
  const texts = grid.rows[0]?.map(cellText) ?? [];
  const hasUnits =
    options.unitsRow ??
    (grid.rows.length > 1 &&
      grid.rows[0]!.every((cell) => typeof cell !== "number") &&
      isUnitsRow(texts));
  if (hasUnits && options.unitsRow === undefined)
    notes.push("the row below the header was read as units");
  const first = hasUnits ? 1 : 0;
  const rows = grid.rows.slice(first);
  if (rows.length === 0) {
    throw new InputError("the table has a header and no rows.", {
      file: grid.source,
      expected: "at least one row of data below the header",
      received: `the columns ${grid.headers.slice(0, 5).join(", ")}${grid.headers.length > 5 ? ", ..." : ""}`,
    });
  }
  const parts = grid.headers.map((header, j) => {
    const head = parseHeader(header);
    const unit = hasUnits ? unitsRowUnit(texts[j] ?? null, head.name) : undefined;
    return unit === undefined || head.unit !== undefined ? head : withRowUnit(header, head, unit);
  });
  const overrides = matchOverrides(grid, parts, options.columns ?? {});
  const decimal = options.decimal ?? findDecimalMark(grid, rows);
  if (decimal === "," && options.decimal === undefined)
    notes.push("numbers were read with decimal commas");
  const place = (i: number): string => grid.place(i + first);
  const facts = parts.map((part, j) => {
    const cells = rows.map((row) => row[j] ?? null);
    const read = readColumn(cells, grid, j, decimal, place, part, overrides[j]);
    return { header: grid.headers[j]!, parts: part, ...read };
  });
  const guesses = inferRoles(facts, isFormula);
  const names = uniqueNames(facts.map(({ parts }, j) => ({ parts, given: overrides[j]?.name })));
  const columns = facts.map(({ header, parts, numbers, texts }, j): TableColumn => {
    const override = overrides[j];
    const guess = guesses[j]!;
    const head = {
      header,
      name: names[j]!,
      role: override?.role ?? guess.role,
      reason: override?.role === undefined ? guess.reason : "declared",
    };
    if (numbers === undefined) return { ...head, kind: "text", values: texts! };
    const unit = override?.unit ?? parts.unit ?? guess.unit;
    const useGuess = override?.unit === undefined && head.role.kind === "fraction";
    return {
      ...head,
      kind: "number",
      unit: canonicalUnit((useGuess ? guess.unit : undefined) ?? unit ?? "1"),
      values: numbers,
    };
  });
  return {
    source: grid.source,
    rows: rows.length,
    columns,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** A units row's `at%` below a bare symbol tells what `Al at%` would. */
function withRowUnit(header: string, head: HeaderParts, unit: string): HeaderParts {
  if (head.bareSymbol !== true) return { ...head, unit };
  return { ...parseHeader(`${header} ${unit}`), name: head.name };
}

function checkHeaders({ headers, source, rows }: CellGrid): void {
  if (headers.length === 0) {
    throw new InputError("the table has no columns.", { file: source, expected: "a header row" });
  }
  const numeric = headers.filter((header) => cellNumber(header, ".") !== undefined);
  if (numeric.length > headers.length / 2) {
    throw new InputError("the first row holds numbers instead of column names.", {
      file: source,
      path: "header",
      expected: "names such as formula, yield_strength_MPa",
      received: headers.slice(0, 5).join(", "),
      hint: "Add a first row with one name per column.",
    });
  }
  const seen = new Map<string, number>();
  headers.forEach((header, j) => {
    const name = header.trim();
    if (name === "") {
      throw new InputError(`column ${j + 1} has no header.`, {
        file: source,
        path: `column ${j + 1}`,
        expected: "a name for every column",
        received: `values such as ${String(rows.find((row) => !isMissing(row[j]))?.[j] ?? "(none)")}`,
      });
    }
    const before = seen.get(name);
    if (before !== undefined) {
      throw new InputError(`columns ${before + 1} and ${j + 1} have the same header "${name}".`, {
        file: source,
        path: `column ${j + 1}`,
        expected: "a different name for every column",
        received: name,
        hint: "Rename one of them.",
      });
    }
    seen.set(name, j);
  });
}

function matchOverrides(
  grid: CellGrid,
  parts: readonly HeaderParts[],
  columns: Readonly<Record<string, string | ColumnOverride>>,
): (ColumnOverride | undefined)[] {
  const found: (ColumnOverride | undefined)[] = grid.headers.map(() => undefined);
  for (const [key, value] of Object.entries(columns)) {
    let index = grid.headers.findIndex((header) => header.trim() === key);
    if (index < 0) index = parts.findIndex((part) => part.name === key);
    if (index < 0) {
      throw new InputError(`there is no column "${key}".`, {
        file: grid.source,
        path: `columns.${key}`,
        expected: "a header of the table",
        received: key,
        hint: suggest(key, grid.headers),
      });
    }
    const override = typeof value === "string" ? parseColumnOverride(value, key) : value;
    found[index] =
      override.unit === undefined ? override : { ...override, unit: canonicalUnit(override.unit) };
  }
  return found;
}

/** Decimal commas when numbers with a comma occur and none with a point does. */
function findDecimalMark(grid: CellGrid, rows: readonly (readonly Cell[])[]): DecimalMark {
  let commas = 0;
  let thousands = 0;
  let example = "";
  for (const row of rows) {
    for (const cell of row) {
      if (typeof cell !== "string") continue;
      if (/^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/.test(cell)) return ".";
      if (/^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$/.test(cell)) {
        commas++;
        if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell)) thousands++;
        example ||= cell;
      }
    }
  }
  if (commas === 0) return ".";
  if (thousands === commas) {
    throw new InputError(`"${example}" may be a decimal number or one with thousands set apart.`, {
      file: grid.source,
      expected: "numbers whose decimal mark is clear",
      received: example,
      hint: "Write numbers with a decimal point and without thousands separators, or say which mark is meant.",
    });
  }
  return ",";
}

interface ColumnValues {
  readonly numbers: Float64Array | undefined;
  readonly texts: readonly (string | null)[] | undefined;
}

function readColumn(
  cells: readonly Cell[],
  grid: CellGrid,
  j: number,
  decimal: DecimalMark,
  place: (row: number) => string,
  parts: HeaderParts,
  override: ColumnOverride | undefined,
): ColumnValues {
  const values = new Float64Array(cells.length).fill(Number.NaN);
  const unread: number[] = [];
  let filled = 0;
  cells.forEach((cell, i) => {
    if (isMissing(cell)) return;
    filled++;
    const value = cellNumber(cell, decimal);
    if (value === undefined) unread.push(i);
    else values[i] = value;
  });
  const readable = filled - unread.length;
  const wantsText = override?.kind === "text" || (filled === 0 && override?.kind !== "number");
  if (!wantsText && unread.length === 0) return { numbers: values, texts: undefined };
  const mayBeText =
    override?.kind !== "number" &&
    (override?.role?.kind === "ignore" ||
      override?.role?.kind === "identifier" ||
      override?.role?.kind === "group" ||
      readable < mostlyNumeric * filled ||
      /(?:^|_)(?:id|no|sample|name|code)$/.test(parts.name));
  if (wantsText || mayBeText) return { numbers: undefined, texts: cells.map(cellText) };
  const row = unread[0]!;
  const received = String(cells[row]);
  throw new InputError(
    `row ${row + 1}, column "${grid.headers[j]}": "${received}" is not a number, but ${readable} of ${filled} values in the column are.`,
    {
      file: grid.source,
      path: `row ${row + 1} (${place(row)}), column "${grid.headers[j]}"`,
      expected: `a number${decimal === "," ? " with a decimal comma" : ""}, or an empty cell`,
      received,
      hint: /\d,\d{3}/.test(received)
        ? "Write numbers without thousands separators."
        : /^[<>~≈±]|[±]/.test(received)
          ? "Give the value alone; a limit or an uncertainty needs a column of its own."
          : "Correct it, leave the cell empty, or declare the column as text.",
    },
  );
}

/** Names that occur twice once their units are gone get the unit back: `yield_mpa`, `yield_ksi`. */
function uniqueNames(
  columns: readonly { readonly parts: HeaderParts; readonly given: string | undefined }[],
): string[] {
  const wanted = columns.map(
    ({ parts, given }) => given ?? (parts.name === "" ? "column" : parts.name),
  );
  const counts = new Map<string, number>();
  for (const name of wanted) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return wanted.map((name, j) => {
    const unit = columns[j]!.parts.unit;
    const base = counts.get(name)! > 1 && unit !== undefined ? `${name}_${snakeCase(unit)}` : name;
    let unique = base;
    for (let k = 2; taken.has(unique); k++) unique = `${base}_${k}`;
    taken.add(unique);
    return unique;
  });
}

import { InputError } from "../../../core/errors.ts";
import { nearestName, suggest } from "../../../core/nearest-name.ts";
import { canonicalUnit, convert } from "../../../core/units.ts";
import { isMissing, type Cell, type CellGrid } from "../../../data/read/cells.ts";
import { collectErrors, joinErrors } from "../actions/collect-errors.ts";
import { compositionsOf, type GivenValue } from "../actions/read-values.ts";
import type { Telling } from "../actions/telling.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import type { ToldStatus } from "../history/events.ts";
import {
  columnHeader,
  columnLabel,
  idColumn,
  notesColumn,
  sheetColumns,
  statusColumn,
  type SheetColumn,
} from "./batch-sheet.ts";

/** What a filled sheet says. */
export interface FilledSheet {
  readonly tellings: readonly Telling[];
  /** Rows of candidates without any result. */
  readonly empty: number;
}

const statusWords: Readonly<Record<string, ToldStatus>> = {
  running: "running",
  started: "running",
  completed: "completed",
  complete: "completed",
  done: "completed",
  ok: "completed",
  failed: "failed",
  infeasible: "infeasible",
  impossible: "infeasible",
  abandoned: "abandoned",
};

/** Status cells that say nothing. */
const noStatus = new Set(["", "open", "pending", "planned", "proposed", "suggested"]);

type Meaning =
  | { readonly kind: "id" | "status" | "notes" }
  | { readonly kind: "value"; readonly column: SheetColumn; readonly unit: string };

/**
 * Reads a sheet that people have filled: columns in any order, other units in the header, rows added for designs of
 * their own (without an identifier, or none in the sheet at all). A row of a candidate without outcome, status and
 * note is one that is not done yet.
 * @throws InputError naming the column for a header that the campaign does not know or that occurs twice; naming row
 *   and column for a cell that cannot be read
 */
export function readBatchSheet(problem: CampaignProblem, grid: CellGrid): FilledSheet {
  const meanings = readHeader(problem, grid);
  const comma = hasDecimalComma(meanings, grid);
  const tellings: Telling[] = [];
  const errors: InputError[] = [];
  let empty = 0;
  grid.rows.forEach((cells, i) => {
    const place = `row ${i + 1} (${grid.place(i)})`;
    const telling = collectErrors(errors, place, () => readRow(meanings, cells, comma));
    if (telling === undefined) return;
    if (isBlank(telling, problem)) empty++;
    else tellings.push({ ...telling, place });
  });
  if (errors.length > 0) {
    const error = joinErrors(errors);
    throw new InputError(error.message, { ...error.details, file: grid.source, cause: error });
  }
  return { tellings, empty };
}

function readHeader(problem: CampaignProblem, grid: CellGrid): (Meaning | null)[] {
  const columns = sheetColumns(problem);
  for (const { name } of compositionsOf(problem)) {
    columns.push({ name, unit: "1", kind: "parameter" });
  }
  const seen = new Map<string, string>();
  return grid.headers.map((header, j) => {
    const fail = (message: string, details: object): never => {
      throw new InputError(message, { file: grid.source, path: `column "${header}"`, ...details });
    };
    const text = header.replace(/^'/, "").trim();
    if (text === "" && grid.rows.every((row) => isMissing(row[j]))) return null;
    const [, name = text, unit] = /^(.*?)\s*\[([^\]]*)\]$/s.exec(text) ?? [];
    const lower = name.toLowerCase();
    const meaning = ownColumn(lower) ?? valueColumn(columns, name, unit, fail);
    const key = meaning.kind === "value" ? columnLabel(meaning.column) : meaning.kind;
    if (seen.has(key)) {
      fail(`The columns "${seen.get(key)!}" and "${header}" are the same.`, {
        expected: "each column once",
      });
    }
    seen.set(key, header);
    return meaning;
  });
}

function ownColumn(name: string): Meaning | undefined {
  if (name === idColumn) return { kind: "id" };
  if (name === statusColumn) return { kind: "status" };
  return name === notesColumn || name === "note" ? { kind: "notes" } : undefined;
}

function valueColumn(
  columns: readonly SheetColumn[],
  name: string,
  unit: string | undefined,
  fail: (message: string, details: object) => never,
): Meaning {
  const column = columns.find((one) => columnLabel(one) === name.replace(/\s*±$/, " ±"));
  const known = [idColumn, ...columns.map(columnHeader), statusColumn, notesColumn];
  if (column === undefined) {
    const near = nearestName(name, known);
    return fail(`The problem has no parameter or outcome "${name}".`, {
      expected: known.join(", "),
      received: name,
      hint: near === undefined ? "Take the column out of the sheet." : suggest(name, known),
    });
  }
  if (unit === undefined || unit.trim() === "") return { kind: "value", column, unit: column.unit };
  try {
    convert(1, unit, column.unit);
    return { kind: "value", column, unit: canonicalUnit(unit) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return fail(`The unit of "${name}" cannot be used: ${error.message}`, {
      expected: `${column.unit}, or a unit that converts to it`,
      received: unit,
    });
  }
}

/** Whether the numbers of a text table are written with commas: one is, and none has a point. */
function hasDecimalComma(meanings: readonly (Meaning | null)[], grid: CellGrid): boolean {
  const texts = grid.rows.flatMap((row) =>
    row.filter(
      (cell, j): cell is string => meanings[j]?.kind === "value" && typeof cell === "string",
    ),
  );
  return (
    texts.some((text) => /^\s*[+-]?\d+,\d+(?:\s|$)/.test(text)) &&
    !texts.some((text) => /\d\.\d/.test(text))
  );
}

function readRow(
  meanings: readonly (Meaning | null)[],
  cells: readonly Cell[],
  comma: boolean,
): Telling {
  const values: Record<string, GivenValue> = {};
  const spreads = new Map<SheetColumn, GivenValue>();
  let [target, note, status]: [string?, string?, ToldStatus?] = [];
  meanings.forEach((meaning, j) => {
    const cell = textCell(cells[j] ?? null);
    if (meaning === null || cell === null) return;
    if (meaning.kind === "value") {
      const { column } = meaning;
      const value = readValue(meaning, cell, comma);
      if (column.kind === "noise") spreads.set(column, value);
      else values[column.name] = value;
    }
    if (meaning.kind === "id") target = String(cell).trim();
    if (meaning.kind === "notes") note = String(cell).trim();
    if (meaning.kind === "status") status = readStatus(String(cell));
  });
  for (const [column, spread] of spreads) {
    const value = values[column.name];
    if (value === undefined) {
      throw new InputError(`There is a standard deviation of ${column.name} and no value.`, {
        path: columnHeader(column),
        expected: `a value in the column "${column.name}"`,
        received: String(spread),
      });
    }
    values[column.name] = `${withUnit(value, column)} ± ${withUnit(spread, column)}`;
  }
  return {
    ...(target === undefined ? {} : { target }),
    ...(status === undefined ? {} : { status }),
    ...(note === undefined ? {} : { note }),
    values,
  };
}

/** An apostrophe keeps a spreadsheet from running a text as a formula. */
function textCell(cell: Cell): Cell {
  if (typeof cell !== "string") return cell;
  const text = cell.replace(/^'(?=[=+\-@\t\r])/, "").trim();
  return text === "" ? null : text;
}

function readValue(
  { column, unit }: Extract<Meaning, { kind: "value" }>,
  cell: NonNullable<Cell>,
  comma: boolean,
): GivenValue {
  if (typeof cell === "boolean") return cell;
  if (unit === column.unit && typeof cell === "number") return cell;
  const text = comma ? String(cell).replaceAll(/(?<=\d),(?=\d)/g, ".") : String(cell);
  // A cell that names its own unit keeps it.
  if (unit === column.unit || namesUnit(text)) return text;
  if (unit !== "1") return `${text} ${unit}`;
  return text.replaceAll(/\d+\.?\d*(?:e[+-]?\d+)?/gi, (number) =>
    String(convert(Number(number), unit, column.unit)),
  );
}

/** Whether there are letters other than those of an exponent, or a percent sign. */
const namesUnit = (text: string): boolean => !/^[^\p{L}%]*(?:\de[+-]?\d+)?$/iu.test(text);

const withUnit = (value: GivenValue, { unit }: SheetColumn): string =>
  unit === "1" || namesUnit(String(value)) ? String(value) : `${String(value)} ${unit}`;

function readStatus(text: string): ToldStatus | undefined {
  const word = text.trim().toLowerCase();
  if (noStatus.has(word)) return undefined;
  if (Object.hasOwn(statusWords, word)) return statusWords[word];
  const known = ["completed", "running", "failed", "infeasible", "abandoned"];
  throw new InputError(`"${text}" is no status.`, {
    path: statusColumn,
    expected: `${known.join(", ")}, or nothing`,
    received: text,
    hint: suggest(word, known),
  });
}

/** A candidate's row that says nothing yet, or a row without anything. */
function isBlank(
  { target, status, note, values = {} }: Telling,
  problem: CampaignProblem,
): boolean {
  if (status !== undefined || note !== undefined) return false;
  const names = Object.keys(values);
  if (target === undefined) return names.length === 0;
  return !problem.outcomes.some(({ name }) => names.includes(name));
}

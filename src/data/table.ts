import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import type { NumberColumn, Role, Table, TableColumn, TextColumn } from "./contract.ts";

/**
 * The column with this name (or header).
 * @throws InputError with the nearest name when there is none
 */
export function columnNamed(table: Table, name: string): TableColumn {
  const found = findColumn(table, name);
  if (found !== undefined) return found;
  const names = table.columns
    .filter((column) => column.role.kind !== "ignore")
    .map((one) => one.name);
  throw new InputError(`${table.source} has no column "${name}".`, {
    file: table.source,
    path: name,
    expected: "a column of the table",
    received: name,
    hint: suggest(name, names),
  });
}

/** The column with this name or header, or undefined. */
export function findColumn(table: Table, name: string): TableColumn | undefined {
  return (
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.header === name)
  );
}

/** The column of numbers with this name. Throws InputError when it holds texts or is not there. */
export function numberColumn(table: Table, name: string): NumberColumn {
  const column = columnNamed(table, name);
  if (column.kind === "number") return column;
  throw new InputError(`column "${name}" of ${table.source} holds texts, not numbers.`, {
    file: table.source,
    path: name,
    expected: "a column of numbers",
    received: `texts such as "${column.values.find((text) => text !== null) ?? ""}"`,
  });
}

/** Columns with this kind of role, in table order. */
export function columnsWithRole(table: Table, kind: Role["kind"]): readonly TableColumn[] {
  return table.columns.filter((column) => column.role.kind === kind);
}

/** Whether row i has no value in this column. */
export function isMissingAt(column: TableColumn, row: number): boolean {
  return column.kind === "number" ? Number.isNaN(column.values[row]!) : column.values[row] === null;
}

/** The value of row i as text: a plain number, a word, or the empty text. */
export function textAt(column: TableColumn, row: number): string {
  if (isMissingAt(column, row)) return "";
  return String(column.values[row]);
}

/** The chosen rows (0-based, in the order given) as a table of their own. */
export function takeTableRows(table: Table, rows: ArrayLike<number>): Table {
  const chosen = Array.from(rows);
  return {
    ...table,
    rows: chosen.length,
    columns: table.columns.map((column) => withValues(column, chosen)),
  };
}

function withValues(column: TableColumn, rows: readonly number[]): TableColumn {
  if (column.kind === "number") {
    return { ...column, values: Float64Array.from(rows, (i) => column.values[i]!) };
  }
  return { ...column, values: rows.map((i) => column.values[i]!) } satisfies TextColumn;
}

/**
 * The classes of a column for classification: words in order of first letters, numbers by size, each
 * as text; missing values do not count.
 */
export function classesOf(column: TableColumn): readonly string[] {
  if (column.kind === "number") {
    const values = [...new Set(column.values)].filter((value) => !Number.isNaN(value));
    return values.sort((a, b) => a - b).map(String);
  }
  return [...new Set(column.values)].filter((value) => value !== null).sort();
}

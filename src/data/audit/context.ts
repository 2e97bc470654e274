import type { AuditFinding, Table, TableColumn } from "../contract.ts";
import { fractionColumns, tableCompositions } from "../composition.ts";
import type { TableCompositions } from "../composition.ts";
import { columnsWithRole, isMissingAt, textAt } from "../table.ts";

/** What the user may set; thresholds are explained where they are used. */
export interface AuditOptions {
  /** Robust z beyond which a value is an outlier. */
  readonly outlierZ: number;
  /** How far a sum of fractions may be from one. */
  readonly sumTolerance: number;
  /** What becomes of differing replicates: kept apart, or merged into their mean. */
  readonly replicates: "keep" | "merge";
  /** What becomes of rows of one composition and process whose class labels differ. */
  readonly conflicts: "keep" | "drop";
  /** Process columns that set rows apart; those filled in at least half of the rows when absent. */
  readonly conditions?: readonly string[];
}

/** What every check sees. */
export interface AuditContext {
  readonly table: Table;
  readonly options: AuditOptions;
  /** Absent for a table without compositions. */
  readonly compositions: TableCompositions | undefined;
  /** Process columns that set rows apart. */
  readonly conditions: readonly TableColumn[];
  readonly properties: readonly TableColumn[];
  /** 0-based rows of equal composition and conditions, in file order; only groups of two and more. */
  readonly groups: readonly (readonly number[])[];
}

/** One check; `find` looks at the whole table and lists what it found. */
export interface AuditCheck {
  readonly title: string;
  find(context: AuditContext): AuditFinding[];
}

/** Compositions equal to within 0.01 at% are one composition however they are written. */
const compositionDigits = 4;

/** Prepares what the checks share. */
export function auditContext(table: Table, options: AuditOptions): AuditContext {
  const hasComposition =
    table.columns.some((column) => column.role.kind === "formula" && column.kind === "text") ||
    fractionColumns(table).length > 0;
  const compositions = hasComposition
    ? tableCompositions(table, { sumTolerance: options.sumTolerance })
    : undefined;
  const process = columnsWithRole(table, "process");
  const conditions = process.filter((column) =>
    options.conditions === undefined
      ? filledRows(column, table.rows) >= table.rows / 2
      : options.conditions.includes(column.name),
  );
  const properties = columnsWithRole(table, "property");
  return {
    table,
    options,
    compositions,
    conditions,
    properties,
    groups: compositions === undefined ? [] : equalRows(table, compositions, conditions),
  };
}

/** How many rows have a value. */
export function filledRows(column: TableColumn, rows: number): number {
  let filled = 0;
  for (let i = 0; i < rows; i++) if (!isMissingAt(column, i)) filled++;
  return filled;
}

/** A text that is equal for equal compositions. */
export function compositionKey(compositions: TableCompositions, row: number): string {
  const { symbols, fractions } = compositions;
  let key = "";
  for (let j = 0; j < symbols.length; j++) {
    const fraction = fractions.data[row * symbols.length + j]!;
    if (fraction > 0) key += `${symbols[j]}${fraction.toFixed(compositionDigits)} `;
  }
  return key;
}

/** Whether a column holds classes: words, or numbers that are only 0 and 1. */
export function isClassColumn(column: TableColumn): boolean {
  if (column.kind === "text") return true;
  return column.values.every((value) => Number.isNaN(value) || value === 0 || value === 1);
}

/** A finding about rows given 0-based. */
export function finding(
  kind: string,
  severity: AuditFinding["severity"],
  action: AuditFinding["action"],
  message: string,
  rows: readonly number[],
  columns: readonly string[],
): AuditFinding {
  return { kind, severity, message, rows: rows.map((row) => row + 1), columns, action };
}

/** `rows 3, 7 and 12` of 0-based rows; long lists are cut. */
export function rowList(rows: readonly number[], limit = 5): string {
  const shown = rows.slice(0, limit).map((row) => `${row + 1}`);
  if (rows.length === 1) return `row ${shown[0]}`;
  if (rows.length > limit) return `rows ${shown.join(", ")} and ${rows.length - limit} more`;
  return `rows ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function equalRows(
  table: Table,
  compositions: TableCompositions,
  conditions: readonly TableColumn[],
): number[][] {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < table.rows; i++) {
    if (compositions.valid[i] === 0) continue;
    const key = [
      compositionKey(compositions, i),
      ...conditions.map((column) => textAt(column, i)),
    ].join("\u0001");
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [i]);
    else rows.push(i);
  }
  return [...groups.values()].filter((rows) => rows.length > 1);
}

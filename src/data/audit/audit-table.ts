import type { TableCompositions } from "../composition.ts";
import type { AuditFinding, NumberColumn, Table, TableColumn } from "../contract.ts";
import { isMissingAt, takeTableRows } from "../table.ts";
import { auditContext, isClassColumn } from "./context.ts";
import type { AuditContext, AuditOptions } from "./context.ts";
import { duplicateRows } from "./duplicates.ts";
import { auditChecks } from "./registry.ts";
import { replicateSummaries } from "./replicates.ts";
import type { ReplicateSummary } from "./replicates.ts";

/** What an audit found and what it would do. */
export interface AuditReport {
  readonly findings: readonly AuditFinding[];
  /** 0-based rows that stay, ascending. Every other row is in a finding with action drop or merge. */
  readonly keep: Int32Array;
  /** Rows (0-based) whose measured values become the mean of the group, in the row `into`. */
  readonly merged: readonly { readonly into: number; readonly rows: readonly number[] }[];
  /** The compositions of all rows of the table, where it has any. */
  readonly compositions: TableCompositions | undefined;
  /** Repeated measurements by property: the noise floor. */
  readonly replicates: readonly ReplicateSummary[];
}

/**
 * Robust z of 3.5 is the usual limit (Iglewicz and Hoaglin 1993); replicates and conflicts stay unless
 * the user decides, because they tell how noisy the data is.
 */
export const auditDefaults: AuditOptions = {
  outlierZ: 3.5,
  sumTolerance: 0.02,
  replicates: "keep",
  conflicts: "keep",
};

/**
 * Checks a table and says what it would leave out or merge and why; the table stays as it is.
 * `applyAudit` does it.
 */
export function auditTable(table: Table, options: Partial<AuditOptions> = {}): AuditReport {
  const context = auditContext(table, { ...auditDefaults, ...options });
  const findings = Object.values(auditChecks).flatMap((check) => check.find(context));
  const dropped = new Set(
    findings
      .filter((one) => one.action === "drop")
      .flatMap((one) => one.rows.map((row) => row - 1)),
  );
  const merged = context.options.replicates === "merge" ? mergeGroups(context, dropped) : [];
  const absorbed = new Set(merged.flatMap(({ rows }) => rows.slice(1)));
  const keep = Int32Array.from(
    Array.from({ length: table.rows }, (_, i) => i).filter(
      (i) => !dropped.has(i) && !absorbed.has(i),
    ),
  );
  const { compositions } = context;
  return { findings, keep, merged, compositions, replicates: replicateSummaries(context) };
}

/**
 * The table that the report describes: rows left out, replicates merged. A merged row keeps the texts
 * of the first row of its group; numbers become the mean of those present.
 */
export function applyAudit(table: Table, report: AuditReport): Table {
  const columns = table.columns.map((column): TableColumn => {
    const measured = column.role.kind === "property" || column.role.kind === "process";
    if (column.kind !== "number" || !measured || report.merged.length === 0) return column;
    return { ...column, values: mergedValues(column, report.merged) };
  });
  return takeTableRows({ ...table, columns }, report.keep);
}

function mergedValues(column: NumberColumn, merged: AuditReport["merged"]): Float64Array {
  const values = column.values.slice();
  for (const { into, rows } of merged) {
    const present = rows.map((row) => column.values[row]!).filter((value) => !Number.isNaN(value));
    if (present.length > 0) {
      values[into] = present.reduce((sum, value) => sum + value, 0) / present.length;
    }
  }
  return values;
}

/** Differing replicates of a group whose classes agree; duplicates and dropped rows are out already. */
function mergeGroups(
  context: AuditContext,
  dropped: ReadonlySet<number>,
): { into: number; rows: number[] }[] {
  const differing = new Set(replicateSummaries(context).flatMap(({ rows }) => rows));
  const duplicates = new Set(duplicateRows(context));
  const classes = context.properties.filter(isClassColumn);
  return context.groups.flatMap((group) => {
    const rows = group.filter(
      (row) => differing.has(row) && !dropped.has(row) && !duplicates.has(row),
    );
    if (rows.length < 2) return [];
    const agree = classes.every((column) => {
      const words = rows
        .filter((row) => !isMissingAt(column, row))
        .map((row) => column.values[row]);
      return new Set(words).size <= 1;
    });
    return agree ? [{ into: rows[0]!, rows }] : [];
  });
}

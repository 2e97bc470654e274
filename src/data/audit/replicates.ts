import type { NumberColumn } from "../contract.ts";
import { formatNumber } from "../../core/format.ts";
import { finding, isClassColumn } from "./context.ts";
import type { AuditCheck, AuditContext } from "./context.ts";
import { duplicateRows } from "./duplicates.ts";

/** Repeated measurements of one property. */
export interface ReplicateSummary {
  readonly property: string;
  readonly unit: string;
  /** Groups of equal composition and conditions with at least two values of the property. */
  readonly groups: number;
  /** Of these, groups whose values are not all equal. */
  readonly differing: number;
  /** Of these, groups whose largest value is more than twice the smallest (positive values). */
  readonly beyondTwice: number;
  /**
   * Pooled standard deviation of the groups, duplicates left out, in `unit`: no model that knows
   * composition and conditions only can be expected to have a smaller error. NaN without replicates.
   */
  readonly pooledStd: number;
  /** 0-based rows of the differing groups. */
  readonly rows: readonly number[];
  readonly sets: readonly (readonly number[])[];
}

/** Replicates whose values differ; the pooled standard deviation is the noise floor. */
export const replicatesCheck: AuditCheck = {
  title: "Repeated measurements that disagree",
  find(context) {
    return replicateSummaries(context)
      .filter((summary) => summary.differing > 0)
      .map((summary) => {
        const { property, unit, groups, differing, beyondTwice, pooledStd, rows } = summary;
        const more = beyondTwice === 0 ? "" : `, in ${beyondTwice} by more than a factor of two`;
        const conditions = context.conditions.map((column) => column.name).join(", ");
        const message = `${property}: ${groups} ${groups === 1 ? "group" : "groups"} of equal composition${conditions === "" ? "" : ` and ${conditions}`} with more than one value, differing in ${differing}${more}; pooled standard deviation ${formatNumber(pooledStd, 3)}${unit === "1" ? "" : ` ${unit}`}.`;
        return finding("replicates", "warning", context.options.replicates, message, rows, [
          property,
        ]);
      });
  },
};

/** Every numeric property's replicates, properties without any left out. */
export function replicateSummaries(context: AuditContext): ReplicateSummary[] {
  const duplicates = new Set(duplicateRows(context));
  return context.properties
    .filter((column): column is NumberColumn => column.kind === "number" && !isClassColumn(column))
    .map((column) => summarise(column, context.groups, duplicates))
    .filter((summary) => summary.groups > 0);
}

function summarise(
  column: NumberColumn,
  groups: AuditContext["groups"],
  duplicates: ReadonlySet<number>,
): ReplicateSummary {
  let count = 0;
  let beyondTwice = 0;
  let squares = 0;
  let freedom = 0;
  const sets: number[][] = [];
  for (const group of groups) {
    const rows = group.filter((row) => !Number.isNaN(column.values[row]!));
    if (rows.length < 2) continue;
    count++;
    const values = rows.map((row) => column.values[row]!);
    const least = Math.min(...values);
    const most = Math.max(...values);
    if (most > least) sets.push(rows);
    if (least > 0 && most > 2 * least) beyondTwice++;
    const distinct = rows.filter((row) => !duplicates.has(row)).map((row) => column.values[row]!);
    const mean = distinct.reduce((sum, value) => sum + value, 0) / distinct.length;
    squares += distinct.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    freedom += distinct.length - 1;
  }
  return {
    property: column.name,
    unit: column.unit,
    groups: count,
    differing: sets.length,
    beyondTwice,
    pooledStd: freedom === 0 ? Number.NaN : Math.sqrt(squares / freedom),
    rows: sets.flat().sort((a, b) => a - b),
    sets,
  };
}

import { textAt } from "../table.ts";
import { finding, rowList } from "./context.ts";
import type { AuditCheck, AuditContext } from "./context.ts";

/** Rows that say nothing new: all but the first of each set of equal rows are left out. */
export const duplicatesCheck: AuditCheck = {
  title: "Rows that repeat another row",
  find(context) {
    const rows = duplicateRows(context);
    if (rows.length === 0) return [];
    const message = `${rows.length} ${rows.length === 1 ? "row repeats" : "rows repeat"} composition, process and every measured value of an earlier row (${rowList(rows)}).`;
    return [finding("duplicate", "warning", "drop", message, rows, [])];
  },
};

/**
 * 0-based rows that equal an earlier one in composition (however it is written), in every process
 * setting and in every property; sources and identifiers may differ.
 */
export function duplicateRows({ table, groups, properties }: AuditContext): number[] {
  const compared = [
    ...properties,
    ...table.columns.filter((column) => column.role.kind === "process"),
  ];
  const rows: number[] = [];
  for (const group of groups) {
    const seen = new Set<string>();
    for (const row of group) {
      const content = compared.map((column) => textAt(column, row)).join("\u0001");
      if (seen.has(content)) rows.push(row);
      seen.add(content);
    }
  }
  return rows.sort((a, b) => a - b);
}

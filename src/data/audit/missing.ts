import { isMissingAt } from "../table.ts";
import { finding } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** Columns with gaps, and rows without any property. */
export const missingCheck: AuditCheck = {
  title: "Missing values",
  find({ table, properties }) {
    const relevant = table.columns.filter(
      (column) => column.role.kind === "process" || column.role.kind === "property",
    );
    const found = relevant.flatMap((column) => {
      const rows = rowsWhere(table.rows, (i) => isMissingAt(column, i));
      if (rows.length === 0) return [];
      const percent = Math.round((100 * rows.length) / table.rows);
      const share = percent === 0 ? "" : ` (${percent} %)`;
      const message = `${column.name} is missing in ${rows.length} of ${table.rows} rows${share}.`;
      return [finding("missing", "note", "keep", message, rows, [column.name])];
    });
    const empty =
      properties.length === 0
        ? []
        : rowsWhere(table.rows, (i) => properties.every((column) => isMissingAt(column, i)));
    if (empty.length === 0) return found;
    const message = `${empty.length} ${empty.length === 1 ? "row has" : "rows have"} no measured property at all.`;
    return [...found, finding("no_property", "warning", "keep", message, empty, [])];
  },
};

function rowsWhere(rows: number, holds: (row: number) => boolean): number[] {
  return Array.from({ length: rows }, (_, i) => i).filter(holds);
}

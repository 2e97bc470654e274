import { isMissingAt, textAt } from "../table.ts";
import { finding, isClassColumn, rowList } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** Equal composition and conditions, different class: at least one of the labels is wrong or unexplained. */
export const conflictingLabelsCheck: AuditCheck = {
  title: "Class labels that contradict each other",
  find({ properties, groups, options }) {
    return properties.filter(isClassColumn).flatMap((column) => {
      const sets = groups
        .map((group) => group.filter((row) => !isMissingAt(column, row)))
        .filter((rows) => new Set(rows.map((row) => textAt(column, row))).size > 1);
      if (sets.length === 0) return [];
      const rows = sets.flat().sort((a, b) => a - b);
      const first = sets[0]!.map((row) => `row ${row + 1} says ${textAt(column, row)}`).join(", ");
      const message = `${column.name}: ${sets.length} ${sets.length === 1 ? "composition has" : "compositions have"} conflicting labels (${rowList(rows)}): ${first}${sets.length > 1 ? "; and more" : ""}.`;
      return [
        finding("conflicting_label", "warning", options.conflicts, message, rows, [column.name]),
      ];
    });
  },
};

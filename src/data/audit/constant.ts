import { isMissingAt, textAt } from "../table.ts";
import { finding } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** Columns that hold one value only: nothing can be learned from or about them. */
export const constantCheck: AuditCheck = {
  title: "Columns with a single value",
  find({ table }) {
    return table.columns.flatMap((column) => {
      const { kind } = column.role;
      if (kind !== "property" && kind !== "process" && kind !== "fraction") return [];
      const values = new Set<string>();
      for (let i = 0; i < table.rows; i++) {
        if (!isMissingAt(column, i)) values.add(textAt(column, i));
        if (values.size > 1) return [];
      }
      if (values.size === 0 || table.rows === 1) return [];
      const message = `${column.name} is ${[...values][0]} in every row that has it.`;
      return [finding("constant", "note", "keep", message, [], [column.name])];
    });
  },
};

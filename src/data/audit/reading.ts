import { finding } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** What was taken for granted when the table was read: decimal commas, a row of units, a skipped title. */
export const readingCheck: AuditCheck = {
  title: "How the table was read",
  find: ({ table }) =>
    (table.notes ?? []).map((note) => {
      const message = `${note.charAt(0).toUpperCase()}${note.slice(1).replace(/\.?$/, ".")}`;
      return finding("reading", "note", "keep", message, [], []);
    }),
};

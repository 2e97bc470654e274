import { isMissingAt, textAt } from "../table.ts";
import { finding, rowList } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** One word in several spellings: a model takes `Cast` and `cast` for two. */
export const spellingsCheck: AuditCheck = {
  title: "Words that differ in capitals or spaces only",
  find({ table }) {
    return table.columns.flatMap((column) => {
      const { kind } = column.role;
      if (column.kind !== "text" || (kind !== "property" && kind !== "process")) return [];
      const spellings = new Map<string, Map<string, number[]>>();
      for (let row = 0; row < table.rows; row++) {
        if (isMissingAt(column, row)) continue;
        const text = textAt(column, row);
        const word = text.toLowerCase().replace(/[\s_-]+/gu, " ");
        const known = spellings.get(word) ?? new Map<string, number[]>();
        spellings.set(word, known.set(text, [...(known.get(text) ?? []), row]));
      }
      return [...spellings.values()]
        .filter((known) => known.size > 1)
        .map((known) => {
          const ways = [...known].sort(([, a], [, b]) => b.length - a.length);
          const rows = ways.slice(1).flatMap(([, list]) => list);
          rows.sort((a, b) => a - b);
          const message = `${column.name} writes one word in ${known.size} ways: ${ways.map(([text]) => text).join(", ")} (the rarer in ${rowList(rows)}); write it in one.`;
          return finding("spelling", "warning", "keep", message, rows, [column.name]);
        });
    });
  },
};

import { createHash } from "node:crypto";
import type { Table } from "../data/contract.ts";

/**
 * SHA-256 of what a table says, lower-case hexadecimal: names, roles, units and values of its columns in
 * order. Unlike the hash of the file it does not change with the file's format, and it does with the roles.
 */
export function tableHash({ rows, columns }: Table): string {
  const content = {
    rows,
    columns: columns.map((column) => ({
      name: column.name,
      role: column.role,
      ...(column.kind === "number"
        ? { unit: column.unit, values: Array.from(column.values, String) }
        : { values: column.values }),
    })),
  };
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

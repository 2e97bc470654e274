import assert from "node:assert/strict";
import { test } from "node:test";
import { readTable } from "../data/read/read-table.ts";
import { tableHash } from "./table-hash.ts";

const read = (text: string, columns: Record<string, string> = {}) =>
  readTable(new TextEncoder().encode(text), "a.csv", { columns });

test("a table's hash depends on its content and roles, not on how the file writes them", async () => {
  const text = "formula,strength_MPa\nAlTi,500\nTiV,600.0\n";
  const hash = tableHash(await read(text));
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal(tableHash(await read('"formula";"strength_MPa"\r\nAlTi;500\r\nTiV;600\r\n')), hash);
  assert.notEqual(tableHash(await read(text.replace("600.0", "601"))), hash);
  assert.notEqual(tableHash(await read(text, { strength_MPa: "process [MPa]" })), hash);
});

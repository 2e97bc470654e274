import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../core/errors.ts";
import { loadDataset } from "./load-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-data-"));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const refuses = (promise: Promise<unknown>, message: RegExp) =>
  assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return true;
  });

test("a shipped data set loads by name with hash and provenance", async () => {
  const { name, table, sha256, provenance } = await loadDataset("mpea");
  assert.deepEqual([name, table.source, table.rows], ["mpea", "mpea", 1545]);
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.equal(provenance?.license, "Apache-2.0");
});

test("a file loads by path, relative to the folder given, with the hash of its bytes", async () => {
  write("own.csv", "formula,hardness (HV)\nTi,100\n");
  const { table, sha256, provenance } = await loadDataset("own.csv", {}, folder);
  assert.equal(table.rows, 1);
  // printf 'formula,hardness (HV)\nTi,100\n' | sha256sum
  assert.equal(sha256, "88be67869109c7cd5d0e7ccd153f81e8c0cc82006daed6d6bb9133b936b1bc29");
  assert.equal(provenance, undefined);
});

test("a missing file, a folder and a misspelt name are refused", async () => {
  await refuses(loadDataset("mpeaa"), /no data set "mpeaa"/);
  await refuses(loadDataset("none.csv", {}, folder), /no file/);
  await refuses(loadDataset(`${folder}/`), /not a file/);
});

test("a file of one endless line is refused from its beginning", async () => {
  const path = write("long.csv", new Uint8Array(8 * 2 ** 20).fill(97));
  await refuses(loadDataset(path), /line 1 is 8\.4 MB long/);
});

test("a binary file under the name of a CSV is refused", async () => {
  const path = write("picture.csv", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
  await refuses(loadDataset(path), /PNG picture/);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  officialGroupKFold,
  officialKFold,
  officialStratifiedKFold,
} from "../bench/quality/official-folds.ts";

const file = new URL("reference/official-folds.json", import.meta.url);
const expected = JSON.parse(readFileSync(file, "utf8")) as Record<string, number[]>;
const [n, k, seed] = [57, 5, 18012019];

test("folds are dealt number for number as scikit-learn deals them", () => {
  const labels = Array.from({ length: n }, (_, i) => ((i * 7919) % 13 < 5 ? 1 : 0));
  const groups = Array.from({ length: n }, (_, i) => `g${String((i * 31) % 11).padStart(2, "0")}`);
  assert.deepEqual([...officialKFold(n, k, seed)], expected["kFold"]);
  assert.deepEqual([...officialStratifiedKFold(labels, k, seed)], expected["stratified"]);
  assert.deepEqual([...officialGroupKFold(groups, k)], expected["group"]);
});

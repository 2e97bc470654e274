import assert from "node:assert/strict";
import { it } from "node:test";
import { SharedRows } from "./shared-rows.ts";

const shared = new SharedRows(5);

it("tells the chance that two trees lean on the same row", () => {
  assert.equal(shared.of(Int32Array.of(3, 3, 3, 3), 0, 1, 4), 1);
  assert.equal(shared.of(Int32Array.of(0, 1, 2, 3), 0, 1, 4), 0);
  // 3 of 10 pairs are 1-1, one is 4-4.
  assert.equal(shared.of(Int32Array.of(1, 4, 1, 1, 4), 0, 1, 5), 0.4);
  assert.equal(shared.of(Int32Array.of(2), 0, 1, 1), 0);
});

it("finds the rows of one place among those of others", () => {
  const named = Int32Array.of(0, 1, 0, 2, 0, 3);
  assert.equal(shared.of(named, 0, 2, 3), 1);
  assert.equal(shared.of(named, 1, 2, 3), 0);
});

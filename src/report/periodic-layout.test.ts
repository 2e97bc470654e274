import assert from "node:assert/strict";
import { test } from "node:test";
import { periodicCell } from "./periodic-layout.ts";

test("well-known elements stand in their IUPAC period and group", () => {
  const places: [number, number, number][] = [
    [1, 1, 1],
    [2, 1, 18],
    [4, 2, 2],
    [5, 2, 13],
    [13, 3, 13],
    [21, 4, 3],
    [26, 4, 8],
    [41, 5, 5],
    [56, 6, 2],
    [72, 6, 4],
    [86, 6, 18],
    [104, 7, 4],
    [118, 7, 18],
    [57, 9, 3],
    [71, 9, 17],
    [92, 10, 6],
  ];
  for (const [z, row, column] of places) assert.deepEqual(periodicCell(z), { row, column }, `${z}`);
});

test("no two of the 118 elements share a cell", () => {
  const cells = Array.from({ length: 118 }, (_, i) => periodicCell(i + 1));
  assert.equal(new Set(cells.map(({ row, column }) => `${row}/${column}`)).size, 118);
});

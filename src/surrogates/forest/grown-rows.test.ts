import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { TreeGrower } from "./grow-tree.ts";
import { trainingSet } from "./training-set.ts";

const [rows, columns] = [2500, 5];

/** Numbers, few levels, a number again, and columns that are constant at last or from the start. */
function table() {
  const rng = createRng(5);
  const x = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    x.data.set([rng.normal(), rng.integer(40), rng.normal(), rng.integer(2), 1], i * columns);
  }
  return x;
}

describe("trees whose small nodes have rows of their own", () => {
  for (const [kind, outputs] of [
    ["numbers", 1],
    ["three classes", 3],
  ] as const) {
    it(`are those grown on all rows at once (${kind})`, () => {
      const rng = createRng(6);
      const x = table();
      const target = Float64Array.from({ length: rows }, (_, i) => {
        const [a, b] = x.data.subarray(columns * i, columns * i + 2);
        const value = Math.sin(2 * a) + b / 20 + 0.3 * rng.normal();
        return outputs === 1 ? value : value < 0.5 ? 0 : value < 1.5 ? 1 : 2;
      });
      const weight = Float64Array.from({ length: rows }, () => rng.integer(3));
      const settings = { maxFeatures: 2, minLeaf: 1, maxDepth: 30 };
      const grow = (room: number) =>
        new TreeGrower(trainingSet(x, target, outputs), settings, room).grow(weight, createRng(7));
      const tree = grow(0);
      assert.ok(tree.left.length > 500);
      for (const room of [1, 37, 1000]) assert.deepEqual(grow(room), tree);
    });
  }
});

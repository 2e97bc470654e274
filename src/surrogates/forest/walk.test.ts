import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { leafOf } from "./forest.ts";
import { LeafSums } from "./leaf-sums.ts";
import { fitRandomForest } from "./random-forest.ts";
import { walkOf } from "./walk.ts";

const inputs = 3;

/** Few levels, so that rows meet thresholds exactly. */
function rowsOf(count: number, seed: number) {
  const rng = createRng(seed);
  return matrix(
    count,
    inputs,
    Float64Array.from({ length: count * inputs }, () => rng.integer(9) / 2 - 2),
  );
}

async function forestOf(outputs: number, minLeaf: number) {
  const x = rowsOf(120, 1);
  const rng = createRng(2);
  const y = Float64Array.from({ length: 120 }, () =>
    outputs === 1 ? rng.normal() : rng.integer(outputs),
  );
  const classes = ["a", "b", "c"].slice(0, outputs);
  const task =
    outputs === 1
      ? ({ kind: "regression" } as const)
      : ({ kind: "classification", classes } as const);
  return (await fitRandomForest({ x, y, task, rng }, { trees: 20, minLeaf })).forest;
}

describe("rows that walk side by side", () => {
  for (const [outputs, minLeaf] of [
    [1, 1],
    [1, 4],
    [2, 1],
    [3, 2],
  ] as const) {
    it(`reach the leaves that each reaches alone (${outputs} outputs, leaves of ${minLeaf})`, async () => {
      const forest = await forestOf(outputs, minLeaf);
      const walk = walkOf(forest);
      for (const count of [0, 1, 7, 8, 9, 1023, 1024, 1025, 2051]) {
        const x = rowsOf(count, 3 + count);
        const alone = new LeafSums(count, outputs);
        for (let i = 0; i < count; i++) {
          for (let t = 0; t < forest.trees; t++) {
            alone.add(i, forest, leafOf(forest, t, x.data, i * inputs));
          }
        }
        assert.deepEqual(walk(x), alone);
      }
    });
  }

  it("take the largest and smallest numbers there are", async () => {
    const forest = await forestOf(1, 1);
    const x = matrix(2, inputs, new Float64Array(6).fill(Number.MAX_VALUE, 0, 3));
    x.data.fill(-Number.MAX_VALUE, 3);
    const { sum } = walkOf(forest)(x);
    for (const i of [0, 1]) {
      let expected = 0;
      for (let t = 0; t < forest.trees; t++) {
        expected += forest.leafMean[leafOf(forest, t, x.data, i * inputs)];
      }
      assert.equal(sum[i], expected);
    }
  });
});

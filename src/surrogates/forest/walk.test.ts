import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { joinTrees, leafOf, type Forest } from "./forest.ts";
import { LeafSums } from "./leaf-sums.ts";
import { fitRandomForest } from "./random-forest.ts";
import { rowsForSets, setRows } from "./row-sets.ts";
import type { Tree } from "./tree.ts";
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
  return (await fitRandomForest({ x, y, task, rng }, { trees: 40, minLeaf })).forest;
}

/** What the leaves say that each row reaches in each tree by itself. */
function aloneOf(forest: Forest, x: Matrix): LeafSums {
  const alone = new LeafSums(x.rows, forest.outputs);
  for (let i = 0; i < x.rows; i++) {
    for (let t = 0; t < forest.trees; t++) {
      alone.add(i, forest, leafOf(forest, t, x.data, i * forest.inputs));
    }
  }
  return alone;
}

describe("rows that go through the trees together", () => {
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
        assert.deepEqual(walk(x), aloneOf(forest, x));
      }
    });
  }

  it("reach the leaves of trees whose numbers take more than a byte", async () => {
    const rng = createRng(5);
    const numbers = (rows: number) =>
      matrix(
        rows,
        inputs,
        Float64Array.from({ length: rows * inputs }, () => rng.normal()),
      );
    const x = numbers(430);
    const y = Float64Array.from({ length: 430 }, () => rng.normal());
    const task = { kind: "regression" } as const;
    const { forest } = await fitRandomForest({ x, y, task, rng }, { trees: 40 });
    const enough = rowsForSets(forest);
    assert.ok(enough > 1.75 * 256 && enough < setRows);
    const unseen = numbers(2 * setRows + enough);
    assert.deepEqual(walkOf(forest)(unseen), aloneOf(forest, unseen));
  });

  it("reach the only leaf of a tree, and both of a single split", () => {
    const leaf = (value: number): Tree => ({
      feature: Int32Array.of(-1),
      threshold: Float64Array.of(0),
      left: Int32Array.of(0),
      leafMean: Float64Array.of(value),
      leafVariance: Float64Array.of(0),
      depth: 0,
    });
    const stump: Tree = {
      feature: Int32Array.of(1, -1, -1),
      threshold: Float64Array.of(-0.5, 0, 0),
      left: Int32Array.of(1, 0, 1),
      leafMean: Float64Array.of(2, 5),
      leafVariance: Float64Array.of(1, 3),
      depth: 1,
    };
    const few = Array.from({ length: 12 }, (_, k) => [leaf(k), stump, stump]).flat();
    const forest = joinTrees(few, inputs, 1);
    const x = rowsOf(100, 6);
    assert.ok(x.rows >= rowsForSets(forest));
    assert.deepEqual(walkOf(forest)(x), aloneOf(forest, x));
  });

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

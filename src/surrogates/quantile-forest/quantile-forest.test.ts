import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { fitExtraTrees } from "../extra-trees/extra-trees.ts";
import { leafMembers, neighbourWeights } from "./leaf-members.ts";
import { fitQuantileForest } from "./quantile-forest.ts";

const task = { kind: "regression" } as const;

/** One input; the property is exponential with mean 1 + 4 x, so its quantiles are known. */
function exponential(n: number, seed: number) {
  const rng = createRng(seed);
  const x = matrix(n, 1);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x.data[i] = rng.uniform();
    y[i] = -Math.log(1 - rng.uniform()) * (1 + 4 * x.data[i]);
  }
  return { x, y, task, rng: createRng(seed) };
}

describe("a quantile forest", () => {
  it("finds the quantiles of a skewed distribution, not its mean", async () => {
    const input = exponential(3000, 1);
    const rows = matrix(3, 1, Float64Array.of(0.25, 0.5, 0.75));
    for (const quantile of [0.25, 0.5, 0.8]) {
      const options = { trees: 60, minLeaf: 40, maxFeatures: "all", quantile } as const;
      const { mean } = (await fitQuantileForest(input, options)).predict(rows);
      rows.data.forEach((at, i) => {
        const expected = -Math.log(1 - quantile) * (1 + 4 * at);
        // Standard error of a quantile from about 80 neighbours: up to 22 % of a mean of 1 + 4 x at 0.8.
        assert.ok(Math.abs(mean.data[i] - expected) < 0.3 * (1 + 4 * at), `${quantile} at ${at}`);
      });
    }
  });

  it("weighs the training rows so that their mean is what the trees say", async () => {
    const input = exponential(200, 2);
    const trees = await fitExtraTrees(input, { trees: 30, minLeaf: 5 });
    const members = leafMembers(trees.forest, input.x);
    const weights = new Float64Array(200);
    const rows = exponential(20, 3).x;
    const { mean } = trees.predict(rows);
    for (let i = 0; i < 20; i++) {
      neighbourWeights(trees.forest, members, rows.data, i, weights);
      const [total, weighted] = [0, 1].map((power) =>
        weights.reduce((sum, w, k) => sum + (power === 0 ? w : w * input.y[k]), 0),
      );
      assert.ok(Math.abs(total - 1) < 1e-12);
      assert.ok(Math.abs(weighted - mean.data[i]) < 1e-9);
    }
  });

  it("predicts the common value where most rows share it", async () => {
    const { x, y, rng } = exponential(400, 4);
    const many = y.map((value, i) => (i % 5 < 3 ? 0 : value));
    const { mean } = (await fitQuantileForest({ x, y: many, task, rng }, { minLeaf: 60 })).predict(
      matrix(1, 1, Float64Array.of(0.5)),
    );
    assert.equal(mean.data[0], 0);
  });

  it("gives the lowest and the highest value at the ends", async () => {
    const input = exponential(50, 5);
    const options = { minLeaf: 50, trees: 2 };
    for (const [quantile, expected] of [
      [0, Math.min(...input.y)],
      [1, Math.max(...input.y)],
    ] as const) {
      const { mean } = (await fitQuantileForest(input, { ...options, quantile })).predict(input.x);
      assert.equal(mean.data[0], expected);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { familyValues } from "../../../test/reference/surrogate-families.ts";
import { columnsOf } from "../forest/training-set.ts";
import { joinTrees, leafOf } from "../forest/forest.ts";
import { fitExtraTrees } from "./extra-trees.ts";
import { RandomTreeGrower } from "./grow-random-tree.ts";

const expected = familyValues.extraTrees;
const x = matrix(80, 3, Float64Array.from(expected.x));
const rows = Float64Array.from(expected.rows);

describe("random trees", () => {
  for (const [name, maxFeatures, minLeaf] of [
    ["all", 3, 1],
    ["two", 2, 4],
  ] as const) {
    for (const [kind, outputs] of [
      ["numbers", 1],
      ["classes", 3],
    ] as const) {
      it(`answer on average as scikit-learn's do (${name} inputs tried, ${kind})`, () => {
        const trees = 4000;
        const target = Float64Array.from(outputs === 1 ? expected.y : expected.labels);
        const set = { rows: 80, features: 3, outputs, columns: columnsOf(x), target };
        const grower = new RandomTreeGrower(set, { maxFeatures, minLeaf, maxDepth: Infinity });
        const sum = new Float64Array(20 * outputs);
        const squares = new Float64Array(20 * outputs);
        for (let t = 0; t < trees; t++) {
          const tree = grower.grow(new Float64Array(80).fill(1), createRng(t));
          const forest = joinTrees([tree], 3, outputs);
          for (let k = 0; k < sum.length; k++) {
            const leaf = leafOf(forest, 0, rows, 3 * Math.floor(k / outputs));
            const value = forest.leafMean[leaf * outputs + (k % outputs)];
            sum[k] += value;
            squares[k] += value * value;
          }
        }
        // Standard errors of both means, scikit-learn's over 20,000 trees.
        let chi = 0;
        let counted = 0;
        for (let k = 0; k < sum.length; k++) {
          const mean = sum[k] / trees;
          const variance = squares[k] / trees - mean * mean;
          if (variance < 1e-3) continue;
          const difference = mean - expected[name][kind][k];
          chi += (difference * difference) / (variance * (1 / trees + 1 / 20000));
          counted++;
        }
        assert.ok(counted >= 15);
        assert.ok(
          chi / counted < 2,
          `mean squared difference in standard errors: ${chi / counted}`,
        );
      });
    }
  }
});

function wave(n: number, noise: number, seed: number) {
  const rng = createRng(seed);
  const inputs = matrix(n, 4);
  for (let k = 0; k < inputs.data.length; k++) inputs.data[k] = rng.uniform();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b] = inputs.data.subarray(4 * i, 4 * i + 2);
    return 100 * Math.sin(3 * a) + 50 * b + noise * rng.normal();
  });
  return { x: inputs, y, task: { kind: "regression" } as const, rng: createRng(seed) };
}

const meanSquare = (values: Float64Array) =>
  values.reduce((sum, v) => sum + v * v, 0) / values.length;

describe("extra trees", () => {
  for (const bootstrap of [false, true]) {
    it(`have intervals that new rows fall into as often as they should (bootstrap ${bootstrap})`, async () => {
      const surrogate = await fitExtraTrees(wave(400, 20, 1), { trees: 200, bootstrap });
      const fresh = wave(400, 20, 2);
      const { mean, epistemicStd, aleatoricStd } = surrogate.predict(fresh.x);
      const inside = fresh.y.filter((value, i) => {
        const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
        return Math.abs(value - mean.data[i]) < 1.645 * std;
      });
      assert.ok(Math.abs(inside.length / 400 - 0.9) < 0.05, `${inside.length / 400}`);
    });

    it(`have an epistemic std like the spread of forests of other data (bootstrap ${bootstrap})`, async () => {
      const probe = wave(60, 0, 99).x;
      const fits = await Promise.all(
        Array.from({ length: 16 }, (_, s) =>
          fitExtraTrees(wave(150, 20, s), { trees: 120, bootstrap }),
        ),
      );
      const predicted = fits.map((fit) => fit.predict(probe));
      let between = 0;
      for (let i = 0; i < 60; i++) {
        const values = Float64Array.from(predicted, ({ mean }) => mean.data[i]);
        const centre = values.reduce((sum, v) => sum + v, 0) / values.length;
        between += (meanSquare(values.map((v) => v - centre)) * (16 / 15)) / 60;
      }
      const claimed = predicted.reduce((sum, p) => sum + meanSquare(p.epistemicStd.data), 0) / 16;
      const ratio = Math.sqrt(claimed / between);
      assert.ok(ratio > 0.7 && ratio < 1.4, `claimed over true std: ${ratio}`);
    });
  }

  it("repeat their training rows without bootstrap", async () => {
    const input = wave(100, 20, 3);
    const { mean } = (await fitExtraTrees(input, { trees: 20 })).predict(input.x);
    mean.data.forEach((value, i) => assert.ok(Math.abs(value - input.y[i]) < 1e-9));
  });

  it("are not blind to the noise at inputs that they were grown on", async () => {
    const input = wave(300, 20, 4);
    const again = wave(300, 20, 5);
    // A second measurement of each training row: all trees agree on the first.
    const surrogate = await fitExtraTrees(input, { trees: 100 });
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(input.x);
    const repeated = input.y.map((_, i) => {
      const [a, b] = input.x.data.subarray(4 * i, 4 * i + 2);
      const [c, d] = again.x.data.subarray(4 * i, 4 * i + 2);
      const noise = again.y[i] - 100 * Math.sin(3 * c) - 50 * d;
      return 100 * Math.sin(3 * a) + 50 * b + noise;
    });
    const inside = repeated.filter((value, i) => {
      const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
      return Math.abs(value - mean.data[i]) < 1.645 * std;
    });
    assert.ok(inside.length / 300 >= 0.8, `${inside.length / 300}`);
  });

  it("name the family in what they refuse", () =>
    assert.rejects(fitExtraTrees(wave(20, 1, 1), { trees: 1 }), /extra-trees: expected trees/));
});

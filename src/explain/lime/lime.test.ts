import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { columnScaling } from "../../surrogates/standardise.ts";
import { explainInput, functionModel, normalRows } from "../fixtures/models.ts";
import { sampleBins, quartiles } from "./discretise.ts";
import { lime, limeModel } from "./lime.ts";
import { selectFeatures } from "./select-features.ts";
import { weightedRidge } from "./weighted-ridge.ts";

const background = normalRows(300, 4, "lime");
for (let i = 0; i < 300; i++) background.data[4 * i + 1] = 50 + 20 * background.data[4 * i + 1];
const beta = [2, 0.1, -3, 0];
const linear = functionModel(4, (row) => beta.reduce((sum, b, j) => sum + b * row[j], 5));
const x = matrixOf([
  [0.5, 61, -1, 0.2],
  [-1.2, 20, 0.3, 1.1],
]);

describe("LIME", () => {
  it("finds beta sigma, R^2 of 1 and the prediction for a linear model without discretising", () => {
    const { scale } = columnScaling(background);
    const truth = linear.predict(x);
    for (const i of [0, 1]) {
      const local = limeModel(explainInput(linear, x, background), i, { discretise: "none" });
      assert.deepEqual(local.features, [0, 1, 2, 3]);
      local.coefficients.forEach((c, j) => assert.ok(Math.abs(c - beta[j] * scale[j]) < 1e-2));
      assert.ok(Math.abs(local.r2 - 1) < 1e-2);
      assert.ok(Math.abs(local.localPrediction - truth[i]) < 1e-2);
    }
  });

  it("comes nearer the less the ridge counts against the weights", () => {
    const { scale } = columnScaling(background);
    const error = (penalty: number): number => {
      const options = { discretise: "none", penalty } as const;
      const { coefficients } = limeModel(explainInput(linear, x, background), 0, options);
      return Math.max(...coefficients.map((c, j) => Math.abs(c - beta[j] * scale[j])));
    };
    assert.ok(error(0) < 1e-9);
    assert.ok(error(0.1) < error(1) && error(1) < error(10));
  });

  it("gives the same for the same seed and something else for another", async () => {
    const of = (seed: number) =>
      lime.explain(explainInput(linear, x, background, { rng: createRng(seed) }));
    assert.deepEqual(await of(1), await of(1));
    assert.notDeepEqual((await of(1)).contributions, (await of(2)).contributions);
  });

  it("adds base and contributions up to what the local model says", async () => {
    for (const discretise of ["none", "quartiles"] as const) {
      const input = explainInput(linear, x, background);
      const { base, contributions, localFit } = await lime.explain(input, { discretise });
      for (const i of [0, 1]) {
        const local = limeModel(input, i, { discretise });
        const sum = rowOf(contributions, i).reduce((total, c) => total + c, base[i]);
        assert.ok(Math.abs(sum - local.localPrediction) < 1e-9);
        assert.equal(localFit![i], local.r2);
      }
    }
  });

  it("tells with quartiles what lying in its own quartile does", () => {
    // A step at the upper quartile of feature 0 and nothing else: in it means 8 more, elsewhere nothing.
    const edge = quartiles(background).edges[0][2];
    const step = functionModel(4, (row) => (row[0] > edge ? 8 : 0));
    const high = matrixOf([[edge + 0.5, 50, 0, 0]]);
    const local = limeModel(explainInput(step, high, background), 0);
    assert.ok(Math.abs(local.coefficients[0] - 8) < 0.1);
    for (const j of [1, 2, 3]) assert.ok(Math.abs(local.coefficients[j]) < 0.1);
  });

  it("uses no more features than asked for: the ones that matter", () => {
    const wide = normalRows(200, 12, "wide");
    const model = functionModel(12, (row) => 5 * row[3] - 4 * row[7] + 0.01 * row[9]);
    const row = matrixOf([Array.from({ length: 12 }, () => 1)]);
    for (const features of [2, 8]) {
      const options = { features, discretise: "none" } as const;
      const { features: used } = limeModel(explainInput(model, row, wide), 0, options);
      assert.equal(used.length, features);
      assert.ok(used.includes(3) && used.includes(7));
    }
  });

  it("draws rows inside the bins, whose shares they keep", () => {
    const cuts = quartiles(background);
    const { rows, same } = sampleBins(cuts, rowOf(x, 0), 4000, createRng(5));
    assert.deepEqual(rowOf(rows, 0), rowOf(x, 0));
    assert.deepEqual([...rowOf(same, 0)], [1, 1, 1, 1]);
    for (let j = 0; j < 4; j++) {
      let count = 0;
      for (let i = 1; i < 4000; i++) count += same.data[4 * i + j];
      assert.ok(Math.abs(count / 3999 - 0.25) < 0.03);
    }
  });

  it("describes a constant feature by itself", async () => {
    const flat = matrix(300, 4, background.data.slice());
    for (let i = 0; i < 300; i++) flat.data[4 * i + 2] = 7;
    for (const discretise of ["none", "quartiles"] as const) {
      const { contributions } = await lime.explain(explainInput(linear, x, flat), { discretise });
      assert.ok(contributions.data.every(Number.isFinite));
    }
  });

  it("refuses options out of range", async () => {
    const input = explainInput(linear, x, background);
    for (const options of [{ samples: 1 }, { features: 0 }, { width: -1 }, { penalty: -1 }]) {
      await assert.rejects(lime.explain(input, options), { name: "InputError" });
    }
    const wrong = { discretise: "deciles" } as unknown as { discretise: "none" };
    await assert.rejects(lime.explain(input, wrong), { name: "InputError" });
  });
});

describe("the local ridge regression", () => {
  it("gives the weighted least squares of scikit-learn's Ridge", () => {
    // sklearn.linear_model.Ridge(alpha=0.5).fit(X, y, sample_weight=w), see test/reference/explain.py.
    const data = matrixOf([
      [1, 2],
      [2, 1],
      [3, 5],
      [4, 3],
      [6, 7],
    ]);
    const weights = Float64Array.of(1, 2, 0.5, 1, 3);
    const fit = weightedRidge(data, Float64Array.of(1, 3, 2, 5, 8), weights, [0, 1], 0.5);
    assert.ok(Math.abs(fit.coefficients[0] - 1.5713415871727199) < 1e-12);
    assert.ok(Math.abs(fit.coefficients[1] - -0.20418104323117373) < 1e-12);
    assert.ok(Math.abs(fit.intercept - -0.2074284554495618) < 1e-12);
    assert.ok(Math.abs(fit.r2 - 0.9711998288547318) < 1e-12);
  });

  it("selects all features when as many are asked for", () => {
    const z = normalRows(20, 3, 1);
    const y = new Float64Array(20).fill(1);
    assert.deepEqual(selectFeatures(z, y, y, rowOf(z, 0), 3), [0, 1, 2]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, NumericalError } from "../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { fitLinear } from "../surrogates/linear/linear.ts";
import { exactShap } from "./exact-shap.ts";
import { explainedModel } from "./explained-model.ts";
import { explainInput, functionModel, normalRows, planeModel } from "./fixtures/models.ts";
import { automaticSamples, kernelWeight, sampleCoalitions } from "./kernel/coalitions.ts";
import { ConstrainedLeastSquares } from "./kernel/constrained-least-squares.ts";
import { kernelShap } from "./kernel/kernel-shap.ts";
import { linearShap, linearShapCorrelated } from "./linear-shap.ts";
import { permutationShap } from "./permutation-shap.ts";

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  assert.equal(actual.length, expected.length);
  for (let k = 0; k < actual.length; k++) {
    assert.ok(
      Math.abs(actual[k] - expected[k]) <= tolerance,
      `entry ${k}: expected ${expected[k]}, got ${actual[k]}`,
    );
  }
}

const ones = (rows: number, columns: number): Matrix =>
  matrix(rows, columns, new Float64Array(rows * columns).fill(1));

/** Contributions of (x - mean) * beta for every row. */
function linearTruth(x: Matrix, background: Matrix, beta: readonly number[]): Float64Array {
  const mean = beta.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < background.rows; i++) sum += rowOf(background, i)[j];
    return sum / background.rows;
  });
  return x.data.map((value, k) => (value - mean[k % x.columns]) * beta[k % x.columns]);
}

describe("kernel SHAP", () => {
  it("weighs coalitions of 4 players 0.25, 0.125, 0.25", () => {
    assert.deepEqual(
      [1, 2, 3].map((size) => kernelWeight(4, size)),
      [0.25, 0.125, 0.25],
    );
  });

  it("takes 2 M + 2048 coalitions, at most 2^M - 2", () => {
    assert.equal(automaticSamples(4), 14);
    assert.equal(automaticSamples(11), 2046);
    assert.equal(automaticSamples(12), 2072);
    assert.equal(automaticSamples(60), 2168);
  });

  it("explains a model that is always 0 by nothing", async () => {
    for (const d of [4, 10]) {
      const model = functionModel(d, () => 0);
      const found = await kernelShap.explain(explainInput(model, ones(1, d), ones(2, d)));
      assert.ok(found.contributions.data.reduce((sum, phi) => sum + Math.abs(phi), 0) < 1e-8);
      const other = await kernelShap.explain(explainInput(model, normalRows(1, d, 1), ones(2, d)));
      assert.ok(other.contributions.data.reduce((sum, phi) => sum + Math.abs(phi), 0) < 1e-8);
    }
  });

  it("gives (x - mean) beta for f = x0 + 2 x1 on 200 x 3", async () => {
    const x = normalRows(200, 3, "linear");
    const model = functionModel(3, (row) => row[0] + 2 * row[1]);
    const { contributions } = await kernelShap.explain(explainInput(model, x, x));
    assertClose(contributions.data, linearTruth(x, x, [1, 2, 0]), 1e-9);
    for (let i = 0; i < 200; i++) assert.equal(contributions.data[3 * i + 2], 0);
  });

  it("gives the same where coalitions are sampled, and forgets no small contribution", async () => {
    // More than 10 active features, where the reference implementation keeps 10 by default.
    const beta = Array.from({ length: 16 }, (_, j) => 10 / (1 + j * j));
    const x = normalRows(6, 16, "wide");
    const model = functionModel(16, (row) => beta.reduce((sum, b, j) => sum + b * row[j], 1));
    const { contributions } = await kernelShap.explain(explainInput(model, x, x));
    assertClose(contributions.data, linearTruth(x, x, beta), 1e-9);
  });

  it("equals exact Shapley values of a function with interactions of any order", async () => {
    const model = functionModel(
      7,
      (row) => Math.sin(row[0] * row[1]) + row[2] * row[3] * row[4] + Math.abs(row[5]),
    );
    const [x, background] = [normalRows(5, 7, 1), normalRows(9, 7, 2)];
    const input = explainInput(model, x, background);
    const [kernel, exact] = [await kernelShap.explain(input), await exactShap.explain(input)];
    assertClose(kernel.contributions.data, exact.contributions.data, 1e-10);
    assert.ok(kernel.contributions.data.every((phi, k) => k % 7 !== 6 || phi === 0));
  });

  it("comes near exact Shapley values with sampled coalitions, the nearer the more", async () => {
    const model = functionModel(13, (row) => row[0] * row[1] * row[2] + row[3] * row[4] + row[12]);
    const [x, background] = [normalRows(3, 13, 3), normalRows(5, 13, 4)];
    const input = explainInput(model, x, background);
    const exact = (await exactShap.explain(input)).contributions.data;
    const errors = [100, 4000].map(async (samples) => {
      const { contributions } = await kernelShap.explain(input, { samples });
      return contributions.data.reduce(
        (worst, phi, k) => Math.max(worst, Math.abs(phi - exact[k])),
        0,
      );
    });
    const [few, many] = await Promise.all(errors);
    assert.ok(many < 0.05 && many < few / 2, `${few} and ${many}`);
  });

  it("gives a feature in which the row does not differ from the background exactly 0", async () => {
    const background = normalRows(10, 4, 5);
    for (let i = 0; i < 10; i++) background.data[4 * i + 1] = 0.7;
    const x = matrixOf([[1, 0.7, -1, 2]]);
    const model = functionModel(4, (row) => row[0] * row[1] + Math.exp(row[1]) - row[2] * row[3]);
    for (const explainer of [kernelShap, exactShap, permutationShap]) {
      const { contributions, base, predictions } = await explainer.explain(
        explainInput(model, x, background),
      );
      assert.equal(contributions.data[1], 0);
      const sum = contributions.data.reduce((total, phi) => total + phi, base[0]);
      assert.ok(Math.abs(sum - predictions[0]) < 1e-9);
    }
  });

  it("explains words: a category is one feature, whether coded in one column or in one per word", async () => {
    const effect = [3, -1, 10];
    const rng = createRng("words");
    const codes = Array.from({ length: 30 }, () => rng.integer(3));
    const amounts = Array.from({ length: 30 }, () => rng.normal());
    const meanEffect = codes.reduce((sum, code) => sum + effect[code], 0) / 30;
    const meanAmount = amounts.reduce((sum, amount) => sum + amount, 0) / 30;

    const coded = matrixOf(codes.map((code, i) => [code, amounts[i]]));
    const byCode = functionModel(2, (row) => effect[row[0]] + 2 * row[1]);
    const one = await kernelShap.explain(explainInput(byCode, coded, coded));

    const split = matrixOf(
      codes.map((code, i) => [...[0, 1, 2].map((c) => Number(c === code)), amounts[i]]),
    );
    const byWord = functionModel(4, (row) => {
      // Only whole words may be asked about: exactly one of the columns is 1.
      assert.equal(row[0] + row[1] + row[2], 1);
      return effect[row.indexOf(1)] + 2 * row[3];
    });
    const groups = [[0, 1, 2], [3]];
    const two = await kernelShap.explain(explainInput(byWord, split, split, { groups }));
    codes.forEach((code, i) => {
      const truth = [effect[code] - meanEffect, 2 * (amounts[i] - meanAmount)];
      assertClose(rowOf(one.contributions, i), truth, 1e-9);
      assertClose(rowOf(two.contributions, i), truth, 1e-9);
    });
  });

  it("refuses fewer samples than tell the features apart", async () => {
    const rows = normalRows(3, 14, 6);
    const model = functionModel(14, (row) => row[0]);
    const input = explainInput(model, rows, rows);
    await assert.rejects(kernelShap.explain(input, { samples: 20 }), InputError);
    assert.throws(
      () =>
        new ConstrainedLeastSquares(
          { members: Uint8Array.of(1, 1, 0), weights: Float64Array.of(1), isComplete: false },
          3,
        ),
      NumericalError,
    );
  });

  it("samples coalitions with weights that sum to one, complements in pairs, none twice", () => {
    for (const [players, budget] of [
      [4, 14],
      [9, 100],
      [12, 2072],
      [30, 2108],
    ]) {
      const { members, weights } = sampleCoalitions(players, budget, createRng(2));
      assert.ok(weights.length <= budget);
      assert.ok(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1) < 1e-12);
      const keys = Array.from(weights, (_, c) =>
        members.subarray(c * players, (c + 1) * players).join(""),
      );
      assert.equal(new Set(keys).size, keys.length);
      for (const key of keys) {
        const other = Array.from(key, (bit) => bit)
          .map((bit) => (bit === "1" ? "0" : "1"))
          .join("");
        assert.ok(keys.includes(other));
      }
    }
  });
});

describe("permutation SHAP", () => {
  it("is exact for functions of pairs: f = x0 x2 + x1 + x2 + x2 x3 against zeros", async () => {
    const model = functionModel(5, (row) => row[0] * row[2] + row[1] + row[2] + row[2] * row[3]);
    const x = normalRows(4, 5, "pairs");
    const found = await permutationShap.explain(explainInput(model, x, matrix(1, 5)), {
      orders: 1,
    });
    for (let i = 0; i < 4; i++) {
      const [a, b, c, d] = rowOf(x, i);
      const truth = [(a * c) / 2, b, c + (a * c) / 2 + (c * d) / 2, (c * d) / 2, 0];
      assertClose(rowOf(found.contributions, i), truth, 1e-12);
    }
  });

  it("adds up exactly where it is not exact, and comes nearer with more orders", async () => {
    const model = functionModel(6, (row) => row[0] * row[1] * row[2] * row[3] + row[4]);
    const [x, background] = [normalRows(3, 6, 1), normalRows(4, 6, 2)];
    const input = explainInput(model, x, background);
    const exact = (await exactShap.explain(input)).contributions.data;
    const errorOf = async (orders: number): Promise<number> => {
      const { contributions, base, predictions } = await permutationShap.explain(input, { orders });
      predictions.forEach((prediction, i) => {
        const sum = rowOf(contributions, i).reduce((total, phi) => total + phi, base[i]);
        assert.ok(Math.abs(sum - prediction) < 1e-12);
      });
      return Math.max(...contributions.data.map((phi, k) => Math.abs(phi - exact[k])));
    };
    assert.ok((await errorOf(400)) < 0.3 * (await errorOf(1)));
  });
});

describe("exact SHAP", () => {
  it("adds up to 1e-6 and gives features that do not vary 0", async () => {
    const model = functionModel(15, (row) => Math.tanh(row[0] * row[7] + row[14]) + row[3]);
    const x = normalRows(1, 15, 9);
    const background = normalRows(3, 15, 10);
    for (const j of [2, 3, 9]) for (let i = 0; i < 3; i++) background.data[15 * i + j] = x.data[j];
    const { contributions, base, predictions } = await exactShap.explain(
      explainInput(model, x, background),
    );
    const sum = contributions.data.reduce((total, phi) => total + phi, base[0]);
    assert.ok(Math.abs(sum - predictions[0]) < 1e-6);
    for (const j of [2, 3, 9]) assert.ok(Math.abs(contributions.data[j]) < 1e-10);
  });

  it("counts only features that vary towards its limit", async () => {
    const x = ones(1, 40);
    const background = ones(2, 40);
    background.data[0] = 0;
    const model = functionModel(40, (row) => 4 * row[0]);
    const { contributions } = await exactShap.explain(explainInput(model, x, background));
    assert.equal(contributions.data[0], 2);
  });
});

describe("linear SHAP", () => {
  /** Two features that are nearly equal and one by itself; means 0, variances 1 up to sampling. */
  function tied(): Matrix {
    const base = normalRows(2000, 3, "tied");
    const rest = Math.sqrt(1 - 0.999999 ** 2);
    for (let i = 0; i < base.rows; i++) {
      base.data[3 * i + 1] = 0.999999 * base.data[3 * i] + rest * base.data[3 * i + 1];
    }
    // Centred, so that x = 1 lies 1 from the mean.
    for (let j = 0; j < 3; j++) {
      let mean = 0;
      for (let i = 0; i < base.rows; i++) mean += base.data[3 * i + j] / base.rows;
      for (let i = 0; i < base.rows; i++) base.data[3 * i + j] -= mean;
    }
    return base;
  }

  it("shares the credit of a tied pair when correlations count, and does not when they do not", async () => {
    const input = explainInput(planeModel([1, 0, 0]), ones(1, 3), tied());
    const correlated = await linearShapCorrelated.explain(input);
    assertClose(correlated.contributions.data, [0.5, 0.5, 0], 0.05);
    const independent = await linearShap.explain(input);
    assertClose(independent.contributions.data, [1, 0, 0], 1e-12);
  });

  it("shares the credit of larger tied groups equally, listed or sampled", async () => {
    for (const d of [5, 14]) {
      const source = normalRows(500, d, "groups");
      for (let i = 0; i < 500; i++) {
        for (const j of [1, 2, 3]) source.data[d * i + j] = source.data[d * i];
      }
      const beta = Array.from({ length: d }, (_, j) => (j === 2 ? 4 : j === 4 ? 1 : 0));
      const x = matrix(1, d, new Float64Array(d).fill(1));
      const { contributions, base, predictions } = await linearShapCorrelated.explain(
        explainInput(planeModel(beta), x, source),
      );
      const [first] = contributions.data;
      assertClose(
        contributions.data.subarray(0, 4),
        Array.from({ length: 4 }, () => first),
        d === 5 ? 1e-9 : 0.15,
      );
      assert.ok(Math.abs(first - 1) < 0.15, `${first}`);
      const sum = contributions.data.reduce((total, phi) => total + phi, base[0]);
      assert.ok(Math.abs(sum - predictions[0]) < 1e-6);
    }
  });

  it("equals the Shapley values of conditional normal means, worked out for two features", async () => {
    // v(1) = (b1 + b2 r s2/s1) d1, v(2) = (b2 + b1 r s1/s2) d2, v(12) = b1 d1 + b2 d2.
    const source = normalRows(400, 2, "two");
    for (let i = 0; i < 400; i++)
      source.data[2 * i + 1] = 3 * (0.6 * source.data[2 * i] + source.data[2 * i + 1]);
    let [m1, m2, s11, s12, s22] = [0, 0, 0, 0, 0];
    for (let i = 0; i < 400; i++) {
      m1 += source.data[2 * i] / 400;
      m2 += source.data[2 * i + 1] / 400;
    }
    for (let i = 0; i < 400; i++) {
      const [a, b] = [source.data[2 * i] - m1, source.data[2 * i + 1] - m2];
      [s11, s12, s22] = [s11 + a * a, s12 + a * b, s22 + b * b];
    }
    const [d1, d2, b1, b2] = [1.5 - m1, -2 - m2, 2, -1];
    const v1 = (b1 + (b2 * s12) / s11) * d1;
    const v2 = (b2 + (b1 * s12) / s22) * d2;
    const all = b1 * d1 + b2 * d2;
    const { contributions } = await linearShapCorrelated.explain(
      explainInput(planeModel([2, -1], 7), matrixOf([[1.5, -2]]), source),
    );
    assertClose(contributions.data, [(v1 + all - v2) / 2, (v2 + all - v1) / 2], 1e-10);
  });

  it("explains the linear surrogate in the caller's units", async () => {
    const x = normalRows(60, 3, "fit");
    const y = Float64Array.from(
      { length: 60 },
      (_, i) => 200 + 30 * x.data[3 * i] - 5 * x.data[3 * i + 1],
    );
    const surrogate = await fitLinear({ x, y, task: { kind: "regression" }, rng: createRng(1) });
    const input = explainInput(explainedModel(surrogate), x, x);
    const { contributions, base, predictions } = await linearShap.explain(input);
    const kernel = await kernelShap.explain(input);
    assertClose(contributions.data, kernel.contributions.data, 1e-8);
    predictions.forEach((prediction, i) => {
      const sum = rowOf(contributions, i).reduce((total, phi) => total + phi, base[i]);
      assert.ok(Math.abs(sum - prediction) < 1e-9);
    });
  });
});

describe("explainedModel", () => {
  it("refuses an output that the surrogate has not", async () => {
    const x = normalRows(10, 2, 1);
    const surrogate = await fitLinear({
      x,
      y: new Float64Array(10).fill(1),
      task: { kind: "regression" },
      rng: createRng(1),
    });
    for (const output of [1, -1, 0.5]) {
      assert.throws(() => explainedModel(surrogate, output), InputError);
    }
  });
});

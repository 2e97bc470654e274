import assert from "node:assert/strict";
import { describe, it } from "node:test";
import expected from "../../../test/reference/beliefs.json" with { type: "json" };
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Column } from "../../space/contract.ts";
import { freeSpace, unitBox } from "../fixtures/spaces.ts";
import type { Belief } from "./contract.ts";
import { embeddingOf, placeRows } from "./embedding.ts";
import { fitBelief } from "./fit-belief.ts";
import { gaussianBelief } from "./gaussian-belief.ts";

const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, relative: number): void => {
  const size = Math.max(...Array.from(wanted, Math.abs));
  assert.equal(found.length, wanted.length);
  for (let k = 0; k < found.length; k++) {
    assert.ok(Math.abs(found[k] - wanted[k]) <= relative * size, `${found[k]} is not ${wanted[k]}`);
  }
};
const rowsOf = (values: readonly number[], columns = 3): Matrix =>
  matrix(values.length / columns, columns, Float64Array.from(values));
const box = await unitBox(3);
const x = rowsOf(expected.x);
const embedding = embeddingOf(box.columns, x);
const rows = rowsOf(expected.rows);

for (const correlation of ["matern-5/2", "rbf"] as const) {
  const given = gaussianBelief({
    embedding,
    correlation,
    lengthScales: Float64Array.from(expected.scales),
    variance: expected.variance,
    noise: expected.noise,
    points: placeRows(embedding, x),
    targets: Float64Array.from(expected.y, (y) => (y - expected.offset) / expected.unit),
    noises: new Float64Array(expected.y.length).fill(expected.noise),
    unit: { offset: expected.offset, scale: expected.unit },
  });
  const wanted = expected[correlation];

  describe(`a Gaussian belief at given hyper-parameters, ${correlation}`, () => {
    it("has scikit-learn's mean, std and covariance", () => {
      const { mean, std } = given.marginal(rows);
      const variances = wanted.covariance.filter((_, k) => k % 6 === 0);
      near(mean, wanted.mean, 1e-10);
      near(std, variances.map(Math.sqrt), 1e-8);
      const joint = given.joint(rows);
      near(joint.mean, wanted.mean, 1e-10);
      near(joint.covariance.data, wanted.covariance, 1e-9);
    });

    it("has after further values what scikit-learn has after a refit", () => {
      const extra = rowsOf(expected.extra);
      const after = given.condition(extra, Float64Array.from(expected.extraValues));
      const joint = after.joint(rows);
      near(joint.mean, wanted.meanAfter, 1e-10);
      near(joint.covariance.data, wanted.covarianceAfter, 1e-9);
      // One by one is the same as all at once.
      let steps: Belief = given;
      expected.extraValues.forEach((value, k) => {
        steps = steps.condition(takeRows(extra, [k]), Float64Array.of(value));
      });
      near(steps.marginal(rows).std, after.marginal(rows).std, 1e-9);
    });

    it("knows a row that it is told of without noise", () => {
      const told = given.condition(takeRows(rows, [0, 0]), Float64Array.of(30, 30), 0);
      const { mean, std } = told.marginal(takeRows(rows, [0]));
      assert.ok(Math.abs(mean[0] - 30) < 1e-4);
      assert.ok(std[0] < 1e-3 * given.marginal(rows).std[0]);
    });

    it("has scikit-learn's covariances with fixed rows", () => {
      const cross = given.against(takeRows(rows, [0, 1]));
      for (let i = 0; i < 5; i++) {
        const covariances = wanted.covariance.slice(5 * i, 5 * i + 2);
        near(cross.at(rowOf(rows, i)), covariances, 1e-6);
      }
    });
  });
}

/** Central differences of a function of one row. */
function differences(row: Float64Array, f: (row: Float64Array) => number, h = 1e-5): number[] {
  return Array.from(row, (_, k) => {
    const moved = (by: number): number => f(row.map((v, j) => (j === k ? v + by : v)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

const columns: readonly Column[] = (
  await freeSpace([
    { kind: "continuous", name: "t", unit: "K", min: 300, max: 900 },
    { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
    { kind: "continuous", name: "p", unit: "Pa", min: -1, max: 1 },
    { kind: "discrete", name: "fixed", unit: "1", values: [4] },
  ])
).columns;
const mixed = (n: number, seed: number): Matrix => {
  const rng = createRng(seed);
  const made = matrix(n, 4);
  for (let i = 0; i < n; i++) {
    made.data.set([300 + 600 * rng.uniform(), rng.integer(3), 2 * rng.uniform() - 1, 4], 4 * i);
  }
  return made;
};
const values = (of: Matrix): Float64Array =>
  Float64Array.from({ length: of.rows }, (_, i) => {
    const [t, route, p] = rowOf(of, i);
    return 100 * Math.sin(t / 120) + 30 * route * p;
  });
const measured = mixed(25, 1);
for (const correlation of ["matern-5/2", "rbf"] as const) {
  const { belief: fitted } = await fitBelief(columns, measured, values(measured), {
    rng: createRng(2),
    correlation,
  });

  describe(`a fitted belief over numbers and categories, ${correlation}`, () => {
    const fresh = mixed(40, 3);

    it("predicts unseen designs, and is as far off as it says", () => {
      const { mean, std } = fitted.marginal(fresh);
      const truth = values(fresh);
      const z = mean.map((m, i) => (m - truth[i]) / std[i]);
      const error = Math.sqrt(
        mean.reduce((sum, m, i) => sum + (m - truth[i]) * (m - truth[i]), 0) / 40,
      );
      assert.ok(error < 0.25 * 70, `error ${error}`);
      assert.ok(z.filter((value) => Math.abs(value) < 2).length >= 34);
    });

    it("has gradients that central differences confirm", () => {
      for (let i = 0; i < 5; i++) {
        const row = rowOf(fresh, i);
        const at = (k: "mean" | "std") => (moved: Float64Array) =>
          fitted.marginal(matrix(1, 4, moved))[k][0];
        const { mean, std, meanGradient, stdGradient } = fitted.slope(row);
        near([mean, std], [at("mean")(row), at("std")(row)], 1e-9);
        // The category's column has no derivative, the others do.
        for (const [found, f] of [
          [meanGradient, at("mean")],
          [stdGradient, at("std")],
        ] as const) {
          const wanted = differences(row, f);
          for (const k of [0, 2, 3]) {
            assert.ok(Math.abs(found[k] - wanted[k]) <= 1e-5 * Math.max(1, Math.abs(wanted[k])));
          }
          assert.equal(found[1], 0);
        }
      }
    });

    it("pulls derivatives of the joint belief back to its rows", () => {
      const three = takeRows(fresh, [0, 1, 2]);
      const rng = createRng(4);
      const byMean = Float64Array.from({ length: 3 }, () => rng.normal());
      const byCovariance = matrix(3, 3);
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b <= a; b++) {
          const weight = rng.normal() / 50;
          byCovariance.data[3 * a + b] = weight;
          byCovariance.data[3 * b + a] = weight;
        }
      }
      const f = (data: Float64Array): number => {
        const { mean, covariance } = fitted.joint(matrix(3, 4, data));
        return (
          mean.reduce((sum, m, k) => sum + m * byMean[k], 0) +
          covariance.data.reduce((sum, c, k) => sum + c * byCovariance.data[k], 0)
        );
      };
      const found = fitted.joint(three).pullback(byMean, byCovariance).data;
      const wanted = differences(three.data, f);
      for (let k = 0; k < 12; k++) {
        if (k % 4 === 1) assert.equal(found[k], 0);
        else assert.ok(Math.abs(found[k] - wanted[k]) < 1e-4 * Math.max(1, Math.abs(wanted[k])));
      }
    });

    it("draws functions that have its mean and std, and gradients of their own", () => {
      const paths = fitted.paths(400, createRng(5));
      const few = takeRows(fresh, [0, 1, 2, 3]);
      const { mean, std } = fitted.marginal(few);
      const drawn = paths.map((path) => path.at(few));
      for (let i = 0; i < 4; i++) {
        const average = drawn.reduce((sum, at) => sum + at[i], 0) / 400;
        const spread = Math.sqrt(drawn.reduce((sum, at) => sum + (at[i] - average) ** 2, 0) / 399);
        // Four standard errors of 400 draws.
        assert.ok(Math.abs(average - mean[i]) < (4 * std[i]) / 20, `mean ${average}, ${mean[i]}`);
        assert.ok(
          Math.abs(spread / std[i] - 1) < 4 / Math.sqrt(800) + 0.05,
          `${spread}, ${std[i]}`,
        );
      }
      const gradient = new Float64Array(4);
      const row = rowOf(few, 0);
      const value = paths[0].slope(row, gradient);
      assert.equal(value, drawn[0][0]);
      const wanted = differences(row, (moved) => paths[0].slope(moved));
      for (const k of [0, 2]) {
        assert.ok(Math.abs(gradient[k] - wanted[k]) < 1e-4 * Math.max(1, Math.abs(wanted[k])));
      }
    });

    it("follows from data and seed alone", async () => {
      const { belief: again } = await fitBelief(columns, measured, values(measured), {
        rng: createRng(2),
        correlation,
      });
      assert.deepEqual(again.marginal(fresh), fitted.marginal(fresh));
      assert.deepEqual(again.summary, fitted.summary);
    });
  });
}

describe("a belief from little", () => {
  it("has a spread of its own from one value, and from equal values", async () => {
    for (const n of [1, 4]) {
      const some = takeRows(
        measured,
        Array.from({ length: n }, (_, i) => i),
      );
      const { belief } = await fitBelief(columns, some, new Float64Array(n).fill(5), {
        rng: createRng(1),
        scale: 3,
      });
      const { mean, std } = belief.marginal(mixed(10, 9));
      mean.forEach((value) => assert.ok(Math.abs(value - 5) < 1e-6));
      std.forEach((value) => assert.ok(value > 0 && value < 30, `std ${value}`));
    }
  });

  it("takes a known noise of zero at its word", async () => {
    const line = matrix(
      12,
      1,
      Float64Array.from({ length: 12 }, (_, i) => i / 11),
    );
    const rng = createRng(9);
    const rough = line.data.map(() => rng.normal());
    const one = (await unitBox(1)).columns;
    const options = { rng: createRng(1), noiseStd: new Float64Array(12) };
    const { mean, std } = (await fitBelief(one, line, rough, options)).belief.marginal(line);
    rough.forEach((value, i) => {
      assert.ok(Math.abs(mean[i] - value) < 0.05);
      assert.ok(std[i] < 0.1);
    });
    const negative = { rng, noiseStd: new Float64Array(12).fill(-1) };
    await assert.rejects(fitBelief(one, line, rough, negative), InputError);
  });

  it("believes known noise rather than the scatter of neighbours", async () => {
    const line = matrix(
      30,
      1,
      Float64Array.from({ length: 30 }, (_, i) => i / 29),
    );
    const rng = createRng(8);
    const noisy = line.data.map((t) => t + 0.3 * rng.normal());
    const one = (await unitBox(1)).columns;
    const noiseStd = new Float64Array(30).fill(0.3);
    const { belief: told } = await fitBelief(one, line, noisy, { rng, noiseStd });
    const wrong = told.marginal(line).mean.filter((m, i) => Math.abs(m - line.data[i]) > 0.3);
    assert.equal(wrong.length, 0);
    assert.ok(told.marginal(line).std[15] < 0.2);
  });
});

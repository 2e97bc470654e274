import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kernelMethodValues } from "../../../test/reference/kernel-methods.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { parameterCount, type CovarianceModel } from "./covariance-model.ts";
import { fitGaussianProcess } from "./gaussian-process.ts";
import { conditionLaplace, laplaceMode } from "./laplace.ts";
import { averageSigmoid } from "./logistic-normal.ts";

const expected = kernelMethodValues.classification;
const places = { points: matrix(40, 2, Float64Array.from(expected.x)) };
const labels = Float64Array.from(expected.y, (label) => 2 * label - 1);
const model: CovarianceModel = {
  kernel: "matern-5/2",
  scaleOf: Int32Array.of(0, 1),
  scales: 2,
  sources: 1,
  rank: 1,
};
const point = Float64Array.from([...expected.scales, expected.signal], Math.log);

describe("Laplace approximation with given hyper-parameters", () => {
  const mode = laplaceMode(model, { places, labels }, point);

  it("has scikit-learn's log marginal likelihood", () =>
    assert.ok(Math.abs(mode.value - expected.likelihood) < 1e-6));

  it("has the latent mean and std of plain linear algebra, and its average probabilities", () => {
    const { mean, variance } = conditionLaplace({
      model,
      parameters: point.slice(0, 2),
      variance: expected.signal,
      places,
      weights: mode.weights,
      rootCurvature: mode.rootCurvature,
    }).at({ points: matrix(9, 2, Float64Array.from(expected.rows)) });
    assert.ok(relativeDifference(mean, expected.mean) < 1e-6);
    assert.ok(relativeDifference(variance.map(Math.sqrt), expected.std) < 1e-6);
    const p = mean.map((m, i) => averageSigmoid(m, Math.sqrt(variance[i])).p);
    assert.ok(relativeDifference(p, expected.probabilities) < 1e-6);
    // scikit-learn approximates the average by five error functions.
    assert.ok(relativeDifference(p, expected.theirs) < 1e-3);
  });

  it("has a gradient that central differences confirm, also with sources and started elsewhere", () => {
    const several = { ...model, sources: 2 };
    const source = labels.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const rng = createRng(6);
    const draw = Float64Array.from({ length: parameterCount(several) + 1 }, () => rng.normal());
    for (const [m, at, rows] of [
      [model, point, { places, labels }],
      [several, draw, { places: { ...places, source: Int32Array.from(source) }, labels }],
    ] as const) {
      const found = laplaceMode(m, rows, at);
      for (let k = 0; k < at.length; k++) {
        const moved = (h: number): number =>
          laplaceMode(
            m,
            rows,
            at.map((v, j) => (j === k ? v + h : v)),
            found.weights,
          ).value;
        const difference = (moved(1e-4) - moved(-1e-4)) / 2e-4;
        assert.ok(
          Math.abs(found.gradient[k] - difference) < 1e-5 * Math.max(1, Math.abs(difference)),
          `parameter ${k}: ${found.gradient[k]} is not ${difference}`,
        );
      }
    }
  });
});

it("averages of the sigmoid equal adaptive quadrature", () => {
  for (const [mean, std, p, within] of expected.averages) {
    const found = averageSigmoid(mean, std);
    assert.ok(Math.abs(found.p - p) < 1e-10, `p of ${mean}, ${std}`);
    assert.ok(Math.abs(found.within - within) < 1e-10, `within of ${mean}, ${std}`);
  }
});

/** Rings of three classes with a share of wrong labels. */
function rings(n: number, seed: number) {
  const rng = createRng(seed);
  const x = matrix(n, 2);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [rng.normal(), rng.normal()];
    x.data.set([a, b], 2 * i);
    const radius = Math.hypot(a, b);
    y[i] = radius < 0.8 ? 0 : radius < 1.5 ? 1 : 2;
  }
  const task = { kind: "classification", classes: ["inner", "middle", "outer"] } as const;
  return { x, y, task, rng: createRng(1) };
}

it("learns three rings, also from more rows than the starts are tried on", async () => {
  const surrogate = await fitGaussianProcess(rings(300, 1), { ard: false });
  const fresh = rings(400, 2);
  const { mean } = surrogate.predict(fresh.x);
  let right = 0;
  for (let i = 0; i < 400; i++) {
    const row = mean.data.subarray(3 * i, 3 * i + 3);
    if (row.indexOf(Math.max(...row)) === fresh.y[i]) right++;
  }
  assert.ok(right / 400 > 0.92, `accuracy ${right / 400}`);
});

it("knows less of classes far from the rows", async () => {
  const surrogate = await fitGaussianProcess(rings(100, 3));
  const { epistemicStd, aleatoricStd, mean } = surrogate.predict(
    matrix(2, 2, Float64Array.of(0, 0, 40, 40)),
  );
  assert.ok(epistemicStd.data[3] > 2 * epistemicStd.data[0]);
  for (let k = 0; k < 6; k++) {
    const p = mean.data[k];
    const total = epistemicStd.data[k] ** 2 + aleatoricStd.data[k] ** 2;
    assert.ok(Math.abs(total - p * (1 - p)) < 1e-9);
  }
});

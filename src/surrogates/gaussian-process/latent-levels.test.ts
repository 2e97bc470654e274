import assert from "node:assert/strict";
import { describe, it } from "node:test";
import expected from "../../../test/reference/latent-levels.json" with { type: "json" };
import { matrix } from "../../core/matrix.ts";
import { parameterCount, type CovarianceModel } from "./covariance-model.ts";
import { laplaceMode } from "./laplace.ts";
import { latentPlaces } from "./latent-levels.ts";
import { marginalLikelihood } from "./marginal-likelihood.ts";
import { findPlaces } from "./merge-rows.ts";

const n = expected.y.length;
const points = matrix(n, 8, Float64Array.from(expected.points));
const model: CovarianceModel = {
  kernel: "matern-5/2",
  scaleOf: Int32Array.of(0, 1, 1, 1, 2, 2, 2, 2),
  scales: 3,
  sources: 1,
  rank: 1,
  latent: [
    { first: 1, levels: 3 },
    { first: 4, levels: 4 },
  ],
};
const covariance = [...expected.scales.map(Math.log), ...expected.places];
const point = Float64Array.of(...covariance, Math.log(expected.noise), Math.log(expected.variance));
const sample = {
  ...findPlaces(points),
  y: Float64Array.from(expected.y),
  knownVariance: new Float64Array(n),
};

/** Largest difference of a gradient from central differences. */
function worst(
  at: Float64Array,
  f: (at: Float64Array) => { value: number; gradient: Float64Array },
) {
  const h = 1e-5;
  const moved = (k: number, by: number): number =>
    f(at.map((v, j) => (j === k ? v + by : v))).value;
  return Math.max(
    ...f(at).gradient.map((slope, k) => Math.abs(slope - (moved(k, h) - moved(k, -h)) / (2 * h))),
  );
}

describe("levels at places in planes", () => {
  it("count two parameters each, after those of the covariance", () => {
    assert.equal(parameterCount(model), 3 + 2 * 7);
  });

  it("have the likelihood that scikit-learn's correlations give", () => {
    const { value } = marginalLikelihood(model, sample, point);
    assert.ok(Math.abs(value - expected.logLikelihood) < 1e-10 * Math.abs(expected.logLikelihood));
  });

  it("have gradients of the likelihood that central differences confirm", () => {
    assert.ok(worst(point, (at) => marginalLikelihood(model, sample, at)) < 1e-7);
    const labels = sample.y.map((value) => (value > 0 ? 1 : -1));
    const classes = point.slice(0, -1);
    assert.ok(
      worst(classes, (at) => laplaceMode(model, { places: { points }, labels }, at)) < 1e-5,
    );
  });

  it("change nothing when all move or turn together", () => {
    const { value } = marginalLikelihood(model, sample, point);
    const [c, s] = [Math.cos(1), Math.sin(1)];
    const turned = point.slice();
    for (let at = 3; at < 3 + 6; at += 2) {
      turned[at] = c * point[at] - s * point[at + 1] + 5;
      turned[at + 1] = s * point[at] + c * point[at + 1] - 2;
    }
    const again = marginalLikelihood(model, sample, turned);
    assert.ok(Math.abs(again.value - value) < 1e-10 * Math.abs(value));
  });

  it("leave points without a level at the origin", () => {
    const none = matrix(1, 8);
    assert.deepEqual([...latentPlaces(model.latent, point.subarray(3), none).data], [0, 0, 0, 0]);
  });
});

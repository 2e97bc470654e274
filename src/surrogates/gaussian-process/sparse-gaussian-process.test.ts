import assert from "node:assert/strict";
import { it } from "node:test";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { chooseInducing } from "./choose-inducing.ts";
import type { CovarianceModel } from "./covariance-model.ts";
import { fitGaussianProcess } from "./gaussian-process.ts";
import { marginalLikelihood } from "./marginal-likelihood.ts";
import type { Sample } from "./merge-rows.ts";
import { condition } from "./posterior.ts";
import { sparseBound, sparseSums } from "./sparse-bound.ts";
import { fitSparseGaussianProcess } from "./sparse-gaussian-process.ts";
import { stateAt } from "./state-at.ts";

const regression = { kind: "regression" } as const;

function wave(n: number, noise: number, seed = 3) {
  const rng = createRng(seed);
  const x = matrix(n, 2);
  for (let k = 0; k < x.data.length; k++) x.data[k] = 4 * rng.uniform() - 2;
  const y = Float64Array.from({ length: n }, (_, i) => {
    return 20 * Math.sin(2 * x.data[2 * i]) + 5 * x.data[2 * i + 1] + noise * rng.normal();
  });
  return { x, y, task: regression, rng: createRng(1) };
}

function sampleOf(n: number): Sample {
  const { x, y } = wave(n, 1);
  return { places: { points: x }, placeOf: Int32Array.from(y.keys()), y: y.map((v) => v / 15) };
}

const modelOf = (kernel: CovarianceModel["kernel"]): CovarianceModel => ({
  kernel,
  scaleOf: Int32Array.of(0, 1),
  scales: 2,
  sources: 1,
  rank: 1,
});

it("equals the exact process when every row is an inducing point", () => {
  const model = modelOf("matern-5/2");
  const sample = sampleOf(60);
  const point = Float64Array.of(Math.log(0.8), Math.log(2), Math.log(0.02));
  const exact = marginalLikelihood(model, sample, point);
  const inducing = sample.places.points;
  const sparse = sparseBound(model, sample, inducing, point);
  // The jitter of 1e-8 on the inducing points costs 60 * 1e-8 / 0.02 / 2 nats.
  assert.ok(Math.abs(sparse.value - exact.value) < 1e-4);
  assert.ok(relativeDifference(sparse.gradient, exact.gradient) < 1e-4);
  const sums = sparseSums(model, sample, inducing, point);
  const posterior = condition(stateAt(model, sample, point).state);
  assert.ok(Math.abs(sums.mean - posterior.means[0]) < 1e-5);
  assert.ok(Math.abs(sums.variance / exact.variance - 1) < 1e-5);
});

it("bounds the exact likelihood from below, the closer the more inducing points there are", () => {
  const model = modelOf("rbf");
  const sample = sampleOf(120);
  const point = Float64Array.of(Math.log(0.8), Math.log(2), Math.log(0.02));
  const exact = marginalLikelihood(model, sample, point).value;
  let last = Number.NEGATIVE_INFINITY;
  for (const count of [5, 10, 20, 40]) {
    const parameters = point.slice(0, 2);
    const inducing = chooseInducing(model, parameters, sample.places.points, count);
    const { bound } = sparseSums(model, sample, inducing, point);
    assert.ok(bound < exact + 1e-4 && bound > last, `${count}: ${bound} of ${exact}`);
    last = bound;
  }
  assert.ok(exact - last < 0.5);
});

it("has a gradient that central differences confirm, with known noise too", () => {
  for (const kernel of ["matern-3/2", "rational-quadratic"] as const) {
    const model = modelOf(kernel);
    const plain = sampleOf(70);
    const shape = kernel === "rational-quadratic" ? [0.3] : [];
    const known = plain.y.map((_, i) => 0.001 * (1 + (i % 5)));
    for (const [sample, point] of [
      [plain, Float64Array.of(-0.2, 0.6, ...shape, -3)],
      [{ ...plain, knownVariance: known }, Float64Array.of(-0.2, 0.6, ...shape, -3, 0.4)],
    ] as const) {
      const { points } = sample.places;
      const inducing = matrix(20, 2, points.data.slice(0, 40));
      const { gradient } = sparseBound(model, sample, inducing, point);
      for (let k = 0; k < point.length; k++) {
        const moved = (h: number): number =>
          sparseBound(
            model,
            sample,
            inducing,
            point.map((v, j) => (j === k ? v + h : v)),
          ).value;
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert.ok(
          Math.abs(gradient[k] - difference) < 1e-5 * Math.max(1, Math.abs(difference)),
          `${kernel} ${k}: ${gradient[k]} is not ${difference}`,
        );
      }
    }
  }
});

it("predicts like the exact process from fewer points", async () => {
  const input = wave(300, 1);
  const exact = await fitGaussianProcess(input);
  const sparse = await fitSparseGaussianProcess(input, { inducing: 60 });
  const fresh = wave(200, 0, 8);
  const [one, other] = [exact.predict(fresh.x), sparse.predict(fresh.x)];
  // Both are within a small part of the noise of 1.
  const far = one.mean.data.map((m, i) => Math.abs(m - other.mean.data[i]));
  assert.ok(Math.max(...far) < 0.3, `${Math.max(...far)}`);
  assert.ok(relativeDifference(other.epistemicStd.data, one.epistemicStd.data) < 0.25);
  const noise = sparse.summary["noiseStd"] as number;
  assert.ok(noise > 0.85 && noise < 1.15, `noise ${noise}`);
});

it("takes more rows than the exact process does", async () => {
  const input = wave(6000, 1);
  const options = { inducing: 40, searchRows: 1000, starts: 1 };
  const surrogate = await fitSparseGaussianProcess(input, options);
  const fresh = wave(500, 0, 9);
  const { mean } = surrogate.predict(fresh.x);
  const squares = mean.data.reduce((sum, m, i) => sum + (m - fresh.y[i]) ** 2 / 500, 0);
  assert.ok(Math.sqrt(squares) < 0.25, `error ${Math.sqrt(squares)}`);
});

it("knows nothing far away", async () => {
  const surrogate = await fitSparseGaussianProcess(wave(200, 1), { starts: 1, inducing: 50 });
  const { epistemicStd } = surrogate.predict(matrix(2, 2, Float64Array.of(0, 0, 300, 300)));
  assert.ok(epistemicStd.data[1] > 20 * epistemicStd.data[0]);
});

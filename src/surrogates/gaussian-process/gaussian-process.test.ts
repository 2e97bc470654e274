import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { relativeDifference, surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { fitGaussianProcess } from "./gaussian-process.ts";
import { profiledLikelihood } from "./marginal-likelihood.ts";
import { condition } from "./posterior.ts";

const expected = surrogateValues.gaussianProcess;
const x = matrix(30, 3, Float64Array.from(expected.x));
const y = Float64Array.from(expected.y);
const lengthScales = Float64Array.from(expected.lengthScales);
const noiseRatio = expected.noiseVariance / expected.signalVariance;

function toy(n: number, noise: number) {
  const rng = createRng(4);
  const points = matrix(n, 2);
  for (let k = 0; k < points.data.length; k++) points.data[k] = 10 * rng.uniform();
  const values = Float64Array.from({ length: n }, (_, i) => {
    return 300 + 40 * Math.sin(points.data[2 * i]) + noise * rng.normal();
  });
  return { x: points, y: values, task: { kind: "regression" } as const, rng: createRng(1) };
}

describe("Gaussian process with given hyper-parameters", () => {
  const posterior = condition(x, y, { lengthScales, noiseRatio }, expected.signalVariance);

  it("has scikit-learn's mean and std at new rows", () => {
    const { mean, variance } = posterior.at(matrix(12, 3, Float64Array.from(expected.rows)));
    assert.ok(relativeDifference(mean, expected.mean) < 1e-10);
    assert.ok(relativeDifference(variance.map(Math.sqrt), expected.std) < 1e-10);
    assert.ok(Math.abs(posterior.mean - expected.constant) < 1e-12);
    assert.equal(posterior.jitter, 0);
  });

  it("has scikit-learn's log marginal likelihood at the best signal variance", () => {
    const found = profiledLikelihood(x, y, lengthScales, noiseRatio);
    assert.ok(Math.abs(found.value - expected.profiledLikelihood) < 1e-9);
    assert.ok(Math.abs(found.variance / expected.profiledVariance - 1) < 1e-10);
  });

  it("has a likelihood gradient that central differences confirm", () => {
    const at = (logs: Float64Array) =>
      profiledLikelihood(x, y, logs.subarray(0, 3).map(Math.exp), Math.exp(logs[3]));
    const logs = Float64Array.from([...expected.lengthScales, noiseRatio], Math.log);
    const { gradient } = at(logs);
    for (let k = 0; k < 4; k++) {
      const moved = (h: number) => at(logs.map((v, j) => (j === k ? v + h : v))).value;
      const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      assert.ok(Math.abs(gradient[k] - difference) < 1e-6 * Math.max(1, Math.abs(difference)));
    }
  });

  it("reports the jitter that rows repeated without noise need", () => {
    const twice = matrix(4, 1, Float64Array.of(0, 0, 1, 1));
    const repeated = condition(
      twice,
      Float64Array.of(-1, -1, 1, 1),
      { lengthScales: Float64Array.of(1), noiseRatio: 0 },
      1,
    );
    assert.ok(repeated.jitter > 0 && repeated.jitter < 1e-6);
  });
});

describe("Gaussian process with fitted hyper-parameters", () => {
  it("finds the noise, and the input that does not matter", async () => {
    const surrogate = await fitGaussianProcess(toy(150, 5));
    const noise = surrogate.summary["noiseStd"] as number;
    assert.ok(noise > 4 && noise < 6, `noise ${noise}`);
    const [first, second] = String(surrogate.summary["lengthScales"]).split(" ").map(Number);
    assert.ok(second > 20 * first);
  });

  it("goes through noise-free data and knows nothing far away", async () => {
    const input = toy(80, 0);
    const surrogate = await fitGaussianProcess(input);
    const near = surrogate.predict(input.x);
    assert.ok(relativeDifference(near.mean.data, input.y) < 1e-4);
    const far = surrogate.predict(matrix(1, 2, Float64Array.of(1e4, 0)));
    assert.ok(far.epistemicStd.data[0] > 100 * Math.max(...near.epistemicStd.data));
  });

  it("has no smaller likelihood with more starts", async () => {
    const one = await fitGaussianProcess(toy(60, 5), { starts: 1 });
    const five = await fitGaussianProcess(toy(60, 5), { starts: 5 });
    const likelihood = (s: typeof one) => s.summary["logMarginalLikelihood"] as number;
    assert.ok(likelihood(five) >= likelihood(one) - 1e-6);
  });

  it("improves on the start found on part of the rows", async () => {
    const surrogate = await fitGaussianProcess(toy(300, 5));
    assert.equal(surrogate.summary["converged"], "yes");
    const noise = surrogate.summary["noiseStd"] as number;
    assert.ok(noise > 4.3 && noise < 5.7, `noise ${noise}`);
  });
});

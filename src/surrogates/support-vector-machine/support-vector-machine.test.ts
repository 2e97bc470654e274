import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kernelMethodValues } from "../../../test/reference/kernel-methods.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { columnScaling, scaleColumns, standardise } from "../standardise.ts";
import { workspaceFor } from "./kernel-rows.ts";
import { decide, trainClassification, trainRegression } from "./machine.ts";
import { couplePairs, fitSigmoid } from "./platt.ts";
import { fitSupportVectorMachine } from "./support-vector-machine.ts";

const expected = kernelMethodValues.machines;
const x = matrix(120, 4, Float64Array.from(expected.x));
const scaling = columnScaling(x);
const scaled = scaleColumns(x, scaling);
const rows = scaleColumns(matrix(15, 4, Float64Array.from(expected.rows)), scaling);
const exact = { tolerance: 1e-7, maxIterations: 1_000_000, epsilon: 0.1 };

function assertClose(actual: Float64Array, wanted: ArrayLike<number>, most: number): void {
  assert.equal(actual.length, wanted.length);
  actual.forEach((v, i) => assert.ok(Math.abs(v - wanted[i]) <= most, `${v} is not ${wanted[i]}`));
}

describe("support vector machine", () => {
  const two = Float64Array.from(expected.two, (label) => 2 * label - 1);
  const classify = (cost: number, gamma: number, tolerance: number) =>
    trainClassification(workspaceFor(120, 4), scaled, two, { ...exact, cost, gamma, tolerance });

  it("has scikit-learn's decisions and support vectors for two classes", async () => {
    const { machine, converged } = await classify(2, 0.3, 1e-7);
    assert.ok(converged);
    assertClose(decide(machine, 0.3, rows), expected.svc, 1e-5);
    assert.equal(machine.support.rows, expected.svcSupport);
    assertClose(decide((await classify(50, 0.1, 1e-7)).machine, 0.1, rows), expected.hard, 1e-4);
  });

  it("has scikit-learn's decisions to 1e-3 at a tolerance of 1e-3", async () =>
    assertClose(decide((await classify(2, 0.3, 1e-3)).machine, 0.3, rows), expected.svc, 1e-3));

  it("has scikit-learn's answers and support vectors for numbers", async () => {
    const { values } = standardise(Float64Array.from(expected.value));
    const options = { ...exact, cost: 3, gamma: 0.2 };
    const { machine } = await trainRegression(workspaceFor(120, 4), scaled, values, options);
    assertClose(decide(machine, 0.2, rows), expected.svr, 1e-5);
    assert.equal(machine.support.rows, expected.svrSupport);
  });

  it("has scikit-learn's decisions for each pair of three classes", async () => {
    const labels = expected.labels;
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    for (const [p, [a, b]] of pairs.entries()) {
      const chosen = labels.flatMap((label, i) => (label === a || label === b ? [i] : []));
      const points = matrix(
        chosen.length,
        4,
        Float64Array.from(chosen.flatMap((i) => [...scaled.data.subarray(4 * i, 4 * i + 4)])),
      );
      const sides = Float64Array.from(chosen, (i) => (labels[i] === a ? 1 : -1));
      const options = { ...exact, cost: 2, gamma: 0.3 };
      const { machine } = await trainClassification(workspaceFor(120, 4), points, sides, options);
      const wanted = Array.from({ length: 15 }, (_, i) => expected.pairs[3 * i + p]);
      assertClose(decide(machine, 0.3, rows), wanted, 1e-5);
    }
  });

  it("keeps the sum of coefficients at zero and every one within its bounds", async () => {
    const { machine } = await classify(2, 0.3, 1e-7);
    const sum = machine.coefficients.reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum) < 1e-9);
    assert.ok(machine.coefficients.every((value) => Math.abs(value) <= 2));
  });
});

it("fits the sigmoid of largest likelihood", () => {
  const labels = Float64Array.from(expected.two, (label) => 2 * label - 1);
  const { a, b } = fitSigmoid(Float64Array.from(expected.decision), labels);
  assert.ok(relativeDifference([a, b], expected.platt) < 1e-6);
});

it("couples pairs that agree to the probabilities behind them", () => {
  const p = [0.5, 0.3, 0.15, 0.05];
  const r = Float64Array.from({ length: 16 }, (_, k) => {
    const [i, j] = [Math.floor(k / 4), k % 4];
    return i === j ? 0 : p[i] / (p[i] + p[j]);
  });
  assertClose(couplePairs(r, 4), p, 1e-9);
});

/** Labels drawn with a known probability. */
function noisy(n: number, seed: number) {
  const rng = createRng(seed);
  const points = matrix(n, 3);
  for (let k = 0; k < points.data.length; k++) points.data[k] = rng.normal();
  const p = Float64Array.from({ length: n }, (_, i) => {
    return 1 / (1 + Math.exp(-2 * points.data[3 * i] - points.data[3 * i + 1]));
  });
  const y = p.map((value) => (rng.uniform() < value ? 1 : 0));
  const task = { kind: "classification", classes: ["no", "yes"] } as const;
  return { x: points, y, p, task, rng: createRng(1) };
}

it("gives probabilities near the true ones", async () => {
  const surrogate = await fitSupportVectorMachine(noisy(600, 1));
  const fresh = noisy(1000, 2);
  const { mean } = surrogate.predict(fresh.x);
  let error = 0;
  for (let i = 0; i < 1000; i++) error += Math.abs(mean.data[2 * i + 1] - fresh.p[i]) / 1000;
  assert.ok(error < 0.1, `mean error ${error}`);
});

it("tells the noise of numbers from rows that it was not trained on", async () => {
  const rng = createRng(5);
  const n = 300;
  const points = matrix(n, 2);
  for (let k = 0; k < points.data.length; k++) points.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) => {
    return 100 + 20 * Math.sin(points.data[2 * i]) + 3 * rng.normal();
  });
  const input = { x: points, y, task: { kind: "regression" }, rng } as const;
  const noise = (await fitSupportVectorMachine(input)).summary["noiseStd"] as number;
  assert.ok(noise > 2.7 && noise < 4, `noise ${noise}`);
});

it("refuses options out of range", async () => {
  for (const options of [{ cost: 0 }, { gamma: -1 }, { epsilon: -1 }, { folds: 1 }]) {
    await assert.rejects(fitSupportVectorMachine(noisy(30, 3), options), InputError);
  }
});

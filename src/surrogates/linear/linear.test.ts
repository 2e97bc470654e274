import assert from "node:assert/strict";
import { it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { relativeDifference, surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { kernelMethodValues } from "../../../test/reference/kernel-methods.ts";
import { fitLinear } from "./linear.ts";
import { fitLogisticRegression } from "./logistic-regression.ts";
import { fitRidgeRegression } from "./ridge-regression.ts";
import { ridge, ridgeVariance } from "./ridge.ts";

const expected = surrogateValues.linear;
const x = matrix(40, 4, Float64Array.from(expected.x));
const rows = matrix(6, 4, Float64Array.from(expected.rows));
const { penalty } = expected;
const rng = createRng(1);

it("predicts numbers as scikit-learn's ridge regression does", async () => {
  const y = Float64Array.from(expected.y);
  const surrogate = await fitLinear({ x, y, task: { kind: "regression" }, rng }, { penalty });
  assert.ok(relativeDifference(surrogate.predict(rows).mean.data, expected.ridge) < 1e-10);
});

it("predicts three classes as scikit-learn's logistic regression does", async () => {
  const task = { kind: "classification", classes: ["a", "b", "c"] } as const;
  const y = Float64Array.from(expected.labels);
  const surrogate = await fitLinear({ x, y, task, rng }, { penalty });
  assert.ok(relativeDifference(surrogate.predict(rows).mean.data, expected.softmax) < 1e-5);
});

it("predicts two classes as scikit-learn's logistic regression does", async () => {
  const task = { kind: "classification", classes: ["a", "b"] } as const;
  const y = Float64Array.from(expected.labels, (label) => (label > 0 ? 1 : 0));
  const surrogate = await fitLinear({ x, y, task, rng }, { penalty });
  assert.ok(relativeDifference(surrogate.predict(rows).mean.data, expected.two) < 1e-5);
});

it("finds the noise of a straight line, and a plane that is surest in the middle", async () => {
  const draw = createRng(8);
  const line = matrix(400, 1);
  for (let i = 0; i < 400; i++) line.data[i] = draw.normal();
  const y = line.data.map((v) => 5 + 2 * v + 0.5 * draw.normal());
  const surrogate = await fitLinear({ x: line, y, task: { kind: "regression" }, rng });
  const { epistemicStd, aleatoricStd } = surrogate.predict(matrix(2, 1, Float64Array.of(0, 5)));
  assert.ok(Math.abs(aleatoricStd.data[0] - 0.5) < 0.06);
  // Standard error of the mean of 400 rows with noise 0.5.
  assert.ok(Math.abs(epistemicStd.data[0] - 0.025) < 0.005);
  assert.ok(epistemicStd.data[1] > 4 * epistemicStd.data[0]);
});

const nets = kernelMethodValues.nets;
const netInputs = matrix(60, 6, Float64Array.from(nets.x));
const netRows = matrix(8, 6, Float64Array.from(nets.rows));

it("predicts classes as scikit-learn's lasso and elastic-net logistic regression do", async () => {
  const task = { kind: "classification", classes: ["a", "b", "c"] } as const;
  const y = Float64Array.from(nets.labels);
  const input = { x: netInputs, y, task, rng };
  for (const [mix, wanted] of [
    [1, nets.lasso],
    [0.4, nets.net],
  ] as const) {
    const surrogate = await fitLogisticRegression(input, { penalty: nets.penalty, mix });
    assert.equal(surrogate.summary["converged"], "yes");
    assert.ok(relativeDifference(surrogate.predict(netRows).mean.data, wanted) < 1e-4);
  }
  const two = { ...input, task: { ...task, classes: ["a", "b"] }, y: Float64Array.from(nets.two) };
  const surrogate = await fitLogisticRegression(two, { penalty: nets.penalty, mix: 1 });
  assert.ok(relativeDifference(surrogate.predict(netRows).mean.data, nets.lassoTwo) < 1e-4);
  assert.ok((surrogate.summary["usedInputs"] as number) < 6);
});

it("solves through the rows when there are fewer of them than inputs, and says so", async () => {
  const wide = matrix(20, 50, Float64Array.from(nets.wide));
  const input = { x: wide, y: Float64Array.from(nets.wideTarget), rng };
  const surrogate = await fitLinear(
    { ...input, task: { kind: "regression" } },
    { penalty: nets.penalty },
  );
  assert.equal(surrogate.summary["solvedThrough"], "rows");
  assert.ok(relativeDifference(surrogate.plane!.coefficients, nets.wideCoefficients) < 1e-9);
});

it("has the same plane and variance through rows as through inputs", () => {
  const draw = createRng(3);
  const n = 12;
  // One more input than rows goes through the rows; a further row of zeros, through the inputs.
  const wide = matrix(n, n + 1);
  for (let k = 0; k < wide.data.length; k++) wide.data[k] = draw.normal();
  const y = Float64Array.from({ length: n }, () => draw.normal());
  const padded = matrix(n + 1, n + 1);
  padded.data.set(wide.data);
  const weight = 0.3;
  const one = ridge(wide, y, weight / n).state;
  const other = ridge(padded, Float64Array.of(...y, 0), weight / (n + 1)).state;
  assert.equal(one.solved, "rows");
  assert.equal(other.solved, "inputs");
  assert.ok(relativeDifference(one.coefficients, other.coefficients) < 1e-10);
  const form = (state: typeof one) =>
    ridgeVariance(state)(wide).map((v) => v / state.noiseVariance - 1 / state.rows);
  assert.ok(relativeDifference(form(one), form(other)) < 1e-10);
});

it("tells the leave-one-out error that leaving out one row at a time gives", () => {
  const draw = createRng(6);
  const n = 15;
  const points = matrix(n, 2);
  for (let k = 0; k < points.data.length; k++) points.data[k] = draw.normal();
  const y = Float64Array.from({ length: n }, (_, i) => points.data[2 * i] + draw.normal());
  // Without the intercept, whose share of 1 / n the error assumes: centre both.
  const centre = (values: Float64Array, stride: number) =>
    values.map((v, k) => {
      let mean = 0;
      for (let i = k % stride; i < values.length; i += stride) mean += values[i] / n;
      return v - mean;
    });
  const x0 = matrix(n, 2, centre(points.data, 2));
  const y0 = centre(y, 1);
  const { leaveOneOut } = ridge(x0, y0, 0);
  let expectedError = 0;
  for (let left = 0; left < n; left++) {
    const keep = Array.from({ length: n }, (_, i) => i).filter((i) => i !== left);
    const inside = matrix(
      n - 1,
      2,
      Float64Array.from(keep.flatMap((i) => [x0.data[2 * i], x0.data[2 * i + 1]])),
    );
    const means = [0, 1].map((j) => keep.reduce((sum, i) => sum + x0.data[2 * i + j], 0) / (n - 1));
    const meanY = keep.reduce((sum, i) => sum + y0[i], 0) / (n - 1);
    const xc = matrix(
      n - 1,
      2,
      inside.data.map((v, k) => v - means[k % 2]),
    );
    const { coefficients } = ridge(
      xc,
      Float64Array.from(keep, (i) => y0[i] - meanY),
      0,
    ).state;
    const fitted =
      meanY +
      coefficients[0] * (x0.data[2 * left] - means[0]) +
      coefficients[1] * (x0.data[2 * left + 1] - means[1]);
    expectedError += (y0[left] - fitted) ** 2 / n;
  }
  assert.ok(Math.abs(leaveOneOut / expectedError - 1) < 1e-9);
});

it("chooses a large penalty where inputs say nothing, and a small one where they say all", async () => {
  const draw = createRng(9);
  const points = matrix(60, 10);
  for (let k = 0; k < points.data.length; k++) points.data[k] = draw.normal();
  const task = { kind: "regression" } as const;
  const noise = Float64Array.from({ length: 60 }, () => draw.normal());
  const penaltyFor = async (y: Float64Array) =>
    (await fitRidgeRegression({ x: points, y, task, rng })).summary["penalty"] as number;
  assert.ok((await penaltyFor(noise)) > 0.1);
  assert.ok((await penaltyFor(noise.map((v, i) => 1e-3 * v + points.data[10 * i]))) < 1e-4);
});

it("has the plane that its predictions lie on", async () => {
  const y = Float64Array.from(expected.y);
  const surrogate = await fitRidgeRegression({ x, y, task: { kind: "regression" }, rng });
  const { intercept, coefficients } = surrogate.plane!;
  const answers = Array.from({ length: 6 }, (_, i) =>
    coefficients.reduce((sum, value, j) => sum + value * rows.data[4 * i + j], intercept),
  );
  assert.ok(relativeDifference(surrogate.predict(rows).mean.data, answers) < 1e-12);
});

it("refuses no penalty for more inputs than rows", async () => {
  const wide = matrix(20, 50, Float64Array.from(nets.wide));
  const input = { x: wide, y: Float64Array.from(nets.wideTarget), rng };
  await assert.rejects(
    fitRidgeRegression({ ...input, task: { kind: "regression" } }, { penalty: 0 }),
    { name: "InputError", message: /50 inputs and 20 rows/ },
  );
});

it("foretells its errors where there are three times more inputs than rows", async () => {
  const draw = createRng(11);
  const [n, tests, d, draws] = [40, 100, 120, 10];
  let inside = 0;
  for (let repeat = 0; repeat < draws; repeat++) {
    const all = matrix(n + tests, d);
    const targets = new Float64Array(n + tests);
    const slopes = Float64Array.from({ length: 4 * d }, () => draw.normal());
    for (let i = 0; i < n + tests; i++) {
      // Features of four fractions: related, and no plane of them is quite the target.
      const made = Float64Array.from({ length: 4 }, () => draw.uniform());
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let k = 0; k < 4; k++) sum += slopes[4 * j + k] * made[k];
        all.data[i * d + j] = Math.abs(sum - slopes[j]);
      }
      targets[i] = made[0] - 2 * made[1] + made[2] * made[3];
    }
    const x = matrix(n, d, all.data.slice(0, n * d));
    const y = targets.slice(0, n);
    const surrogate = await fitRidgeRegression({ x, y, task: { kind: "regression" }, rng });
    const unseen = matrix(tests, d, all.data.slice(n * d));
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(unseen);
    for (let i = 0; i < tests; i++) {
      const half = 1.6449 * Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
      if (Math.abs(targets[n + i] - mean.data[i]) <= half) inside++;
    }
  }
  const share = inside / (draws * tests);
  // 90 %, less what the choice of the penalty on so few rows flatters.
  assert.ok(share > 0.8 && share < 0.99, `${share} inside`);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { relativeDifference, surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { fitLinear } from "./linear.ts";

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

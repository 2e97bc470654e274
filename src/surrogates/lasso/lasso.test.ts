import assert from "node:assert/strict";
import { it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { familyValues } from "../../../test/reference/surrogate-families.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { columnScaling, scaleColumns, standardise } from "../standardise.ts";
import { elasticNet, largestPenalty, momentsOf, penaltyPath } from "./elastic-net.ts";
import { crossValidate, fitLasso } from "./lasso.ts";

const expected = familyValues.lasso;
const x = matrix(60, 8, Float64Array.from(expected.x));
const y = Float64Array.from(expected.y);
const scaled = scaleColumns(x, columnScaling(x));
const target = standardise(y).values;
const moments = momentsOf(scaled, target);

it("has the coefficients that scikit-learn finds for the lasso and the elastic net", () => {
  const at = (penalty: number, mix: number) =>
    elasticNet(moments, Float64Array.of(penalty), mix).coefficients.data;
  assert.ok(relativeDifference(at(0.1, 1), expected.lasso) < 1e-6);
  assert.ok(relativeDifference(at(0.2, 0.4), expected.net) < 1e-6);
});

it("follows scikit-learn's path of penalties to the same cross-validated choice", async () => {
  const penalties = penaltyPath(largestPenalty(moments, 1), 50, 1e-3 ** (1 / 49));
  assert.ok(relativeDifference(penalties, expected.penalties) < 1e-12);
  const fold = Int32Array.from(expected.fold);
  const { squaredErrors } = await crossValidate(scaled, target, fold, penalties, 1, {});
  assert.ok(relativeDifference(squaredErrors, expected.squaredErrors) < 1e-6);
  const best = squaredErrors.indexOf(Math.min(...squaredErrors));
  assert.ok(Math.abs(penalties[best] / expected.penalty - 1) < 1e-12);
  const path = elasticNet(moments, penalties.subarray(0, best + 1), 1);
  assert.ok(relativeDifference(path.coefficients.data.slice(-8), expected.chosen) < 1e-6);
});

it("leaves every coefficient at zero at the largest penalty, and none below it", () => {
  const largest = largestPenalty(moments, 0.7);
  const { data } = elasticNet(moments, Float64Array.of(largest, 0.99 * largest), 0.7).coefficients;
  assert.ok(data.subarray(0, 8).every((b) => b === 0));
  assert.ok(data.subarray(8).some((b) => b !== 0));
});

/** A plane in 2 of d inputs with noise 0.5. */
function plane(n: number, d: number, seed: number) {
  const rng = createRng(seed);
  const inputs = matrix(n, d);
  for (let k = 0; k < inputs.data.length; k++) inputs.data[k] = rng.normal();
  const values = Float64Array.from(
    { length: n },
    (_, i) => 3 + 2 * inputs.data[i * d] - inputs.data[i * d + 1] + 0.5 * rng.normal(),
  );
  return { x: inputs, y: values, task: { kind: "regression" } as const, rng: createRng(seed) };
}

it("finds the few inputs that matter among more inputs than rows, and the noise", async () => {
  const surrogate = await fitLasso(plane(60, 200, 1));
  assert.ok((surrogate.summary["usedInputs"] as number) < 40);
  const fresh = plane(300, 200, 2);
  const { mean, aleatoricStd } = surrogate.predict(fresh.x);
  const squares = mean.data.reduce((sum, m, i) => sum + (m - fresh.y[i]) ** 2, 0);
  assert.ok(Math.sqrt(squares / 300) < 0.75);
  assert.ok(aleatoricStd.data[0] > 0.35 && aleatoricStd.data[0] < 0.75);
});

it("has an epistemic std like the spread of models of other data", async () => {
  const probe = plane(80, 5, 99).x;
  const fits = await Promise.all(Array.from({ length: 30 }, (_, s) => fitLasso(plane(60, 5, s))));
  const predicted = fits.map((fit) => fit.predict(probe));
  let between = 0;
  let claimed = 0;
  for (let i = 0; i < 80; i++) {
    const centre = predicted.reduce((sum, p) => sum + p.mean.data[i] / 30, 0);
    for (const { mean, epistemicStd } of predicted) {
      between += (mean.data[i] - centre) ** 2 / 29;
      claimed += epistemicStd.data[i] ** 2 / 30;
    }
  }
  const ratio = Math.sqrt(claimed / between);
  assert.ok(ratio > 0.7 && ratio < 1.4, `claimed over true std: ${ratio}`);
});

it("keeps a penalty that is given, and refuses options out of range", async () => {
  const { summary } = await fitLasso(plane(40, 3, 3), { penalty: 0.25, mix: 0.5 });
  assert.equal(summary["penalty"], 0.25);
  for (const options of [{ mix: 0 }, { mix: 2 }, { penalty: -1 }, { penalties: 1 }, { folds: 1 }]) {
    await assert.rejects(fitLasso(plane(40, 3, 3), options), InputError);
  }
});

it("has the plane that its predictions lie on", async () => {
  const input = plane(40, 3, 3);
  const surrogate = await fitLasso(input);
  const { intercept, coefficients } = surrogate.plane!;
  const answers = Array.from({ length: 40 }, (_, i) =>
    coefficients.reduce((sum, value, j) => sum + value * input.x.data[3 * i + j], intercept),
  );
  assert.ok(relativeDifference(surrogate.predict(input.x).mean.data, answers) < 1e-12);
});

it("has the same path through few rows as through sums over them", () => {
  const { x: wide, y: values } = plane(12, 13, 8);
  // Each row twice says the same with more rows than inputs.
  const twice = matrix(24, 13, Float64Array.of(...wide.data, ...wide.data));
  const [few, many] = [
    momentsOf(wide, values),
    momentsOf(twice, Float64Array.of(...values, ...values)),
  ];
  assert.equal(few.covariance, undefined);
  assert.equal(many.rows, undefined);
  const penalties = penaltyPath(largestPenalty(many, 1), 20, 0.8);
  const [one, other] = [few, many].map((m) => elasticNet(m, penalties, 1).coefficients.data);
  assert.ok(relativeDifference(one, other) < 1e-5);
});

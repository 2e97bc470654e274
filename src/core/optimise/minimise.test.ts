import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, NumericalError, ShapeError } from "../errors.ts";
import { minimise, type ObjectiveWithGradient } from "./minimise.ts";

/** Source: H. H. Rosenbrock, Comput. J. 3, 175 (1960): minimum 0 at (1, ..., 1). */
const rosenbrock: ObjectiveWithGradient = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1] - x[i] * x[i];
    const b = 1 - x[i];
    value += 100 * a * a + b * b;
    gradient[i] += -400 * a * x[i] - 2 * b;
    gradient[i + 1] += 200 * a;
  }
  return value;
};

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("finds the minimum of Rosenbrock's valley in 2 and 20 dimensions", () => {
  for (const d of [2, 20]) {
    const start = Float64Array.from({ length: d }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const result = minimise(rosenbrock, start, { tolerance: 1e-9, maxIterations: 500 });
    assert.ok(result.converged, result.reason);
    for (const x of result.x) near(x, 1, 1e-6);
    assert.ok(result.evaluations < 60 * d, `${result.evaluations} evaluations`);
  }
});

test("stops on the bound where the free minimum lies outside the box", () => {
  // With x0 <= 0.5 the minimum of Rosenbrock's function is at (0.5, 0.25).
  const result = minimise(rosenbrock, [-1.2, 1], { lower: [-2, -2], upper: [0.5, 2] });
  near(result.x[0], 0.5, 0);
  near(result.x[1], 0.25, 1e-5);
  assert.ok(result.converged, result.reason);
});

test("never leaves the box and solves a bounded quadratic exactly", () => {
  // min sum (x_i - c_i)^2 over the unit box is c clipped to the box.
  const centre = [-3, 0.25, 0.5, 7, 1];
  const result = minimise(
    (x, gradient) => {
      let value = 0;
      x.forEach((v, i) => {
        assert.ok(v >= 0 && v <= 1);
        value += (v - centre[i]) ** 2;
        gradient[i] = 2 * (v - centre[i]);
      });
      return value;
    },
    [0.9, 0.9, 0.9, 0.1, 0.1],
    { lower: [0, 0, 0, 0, 0], upper: [1, 1, 1, 1, 1], tolerance: 1e-10 },
  );
  [0, 0.25, 0.5, 1, 1].forEach((expected, i) => near(result.x[i], expected, 1e-9));
});

test("shortens steps into a region where the objective is undefined", () => {
  // x - log x has its minimum 1 at x = 1 and is undefined for x <= 0.
  const result = minimise(
    (x, gradient) => {
      gradient[0] = 1 - 1 / x[0];
      return x[0] > 0 ? x[0] - Math.log(x[0]) : Number.NaN;
    },
    [30],
    { tolerance: 1e-10 },
  );
  near(result.x[0], 1, 1e-8);
});

test("does not search on where rounding of the objective is all that is left to gain", () => {
  // The likelihood of a thousand rows is known to some 1e-7; a start whose value is too low by that has no lower one.
  let calls = 0;
  const rough: ObjectiveWithGradient = (x, gradient) => {
    gradient[0] = x[0];
    return 80 + (x[0] * x[0]) / 2 - (calls++ === 0 ? 3e-7 : 0);
  };
  const found = minimise(rough, [1e-4], { functionTolerance: 1e-7, tolerance: 1e-12 });
  assert.ok(found.evaluations <= 4, `${found.evaluations} evaluations`);
  near(found.x[0], 0, 1e-4);
});

test("says that it did not converge when the iterations run out", () => {
  const result = minimise(rosenbrock, [-1.2, 1], { maxIterations: 3 });
  assert.equal(result.converged, false);
  assert.equal(result.reason, "iterations");
  assert.equal(result.iterations, 3);
});

test("refuses bounds that do not fit and a start without a value", () => {
  assert.throws(() => minimise(rosenbrock, [0, 0], { lower: [0] }), ShapeError);
  assert.throws(() => minimise(rosenbrock, [0, 0], { lower: [1, 1], upper: [0, 2] }), InputError);
  assert.throws(() => minimise(() => Number.NaN, [0]), NumericalError);
});

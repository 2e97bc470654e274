import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { scoresOf } from "../validate/scores.ts";
import { expectedCalibrationError, intervalCalibration, reliability } from "./calibration.ts";
import { prAuc, rocAuc } from "./ranking.ts";
import { coverage, crps, meanLogLikelihood, r2 } from "./regression.ts";

const reference = surrogateValues.scores;

function assertScores(actual: Record<string, number>, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs(actual[name] - value) < 1e-12, `${name}: ${actual[name]}, not ${value}`);
  }
}

describe("metrics", () => {
  it("of two classes agree with scikit-learn, with many tied scores", () => {
    const p = Float64Array.from(reference.p.flatMap((value) => [1 - value, value]));
    const mean = matrix(reference.p.length, 2, p);
    const judged = { measured: Float64Array.from(reference.labels), mean, std: mean };
    assertScores(
      scoresOf(judged, { kind: "classification", classes: ["no", "yes"] }),
      reference.binary,
    );
  });

  it("of three classes agree with scikit-learn", () => {
    const mean = matrix(reference.labels3.length, 3, Float64Array.from(reference.p3));
    const judged = { measured: Float64Array.from(reference.labels3), mean, std: mean };
    const classes = ["a", "b", "c"];
    assertScores(scoresOf(judged, { kind: "classification", classes }), reference.multi);
  });

  it("of numbers agree with scikit-learn", () => {
    const mean = matrix(reference.predicted.length, 1, Float64Array.from(reference.predicted));
    const judged = { measured: Float64Array.from(reference.measured), mean, std: mean };
    assertScores(scoresOf(judged, { kind: "regression" }), reference.regression);
  });

  it("rank perfect scores 1, reversed ones 0 and equal ones one half", () => {
    assert.equal(rocAuc([0, 0, 1, 1], [1, 2, 3, 4]), 1);
    assert.equal(rocAuc([1, 1, 0, 0], [1, 2, 3, 4]), 0);
    assert.equal(rocAuc([1, 0, 0, 1], [5, 5, 5, 5]), 0.5);
    assert.equal(prAuc([0, 0, 1, 1], [1, 2, 3, 4]), 1);
    assert.equal(prAuc([1, 0, 0, 1], [5, 5, 5, 5]), 0.5);
  });

  it("refuse what is not defined", () => {
    assert.throws(() => rocAuc([1, 1], [1, 2]), InputError);
    assert.throws(() => rocAuc([1, 0, 1], [1, 2]), ShapeError);
    assert.throws(() => r2([3, 3], [1, 2]), InputError);
    assert.throws(() => meanLogLikelihood([1], [1], [0]), InputError);
  });

  it("of normal intervals see calibration and its absence", () => {
    const rng = createRng(3);
    const measured = Float64Array.from({ length: 4000 }, () => rng.normal());
    const zeros = new Float64Array(4000);
    const ones = new Float64Array(4000).fill(1);
    for (const { nominal, observed, count } of intervalCalibration(measured, zeros, ones)) {
      assert.equal(count, 4000);
      assert.ok(Math.abs(nominal - observed) < 0.03);
    }
    assert.ok(
      coverage(
        measured,
        zeros,
        ones.map(() => 0.5),
        0.9,
      ) < 0.7,
    );
    // The expected score of a standard normal forecast of standard normal numbers is 1 / sqrt(pi).
    assert.ok(Math.abs(crps(measured, zeros, ones) - 1 / Math.sqrt(Math.PI)) < 0.02);
    // The mean log density of a standard normal is minus its entropy, (1 + log 2 pi) / 2.
    assert.ok(
      Math.abs(meanLogLikelihood(measured, zeros, ones) + (1 + Math.log(2 * Math.PI)) / 2) < 0.03,
    );
  });

  it("score a sure forecast by its absolute error", () => {
    assert.equal(crps([3], [1], [0]), 2);
  });

  it("bin probabilities and weigh their distance from the diagonal", () => {
    const p = matrix(4, 2, Float64Array.of(0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0, 1));
    const points = reliability([0, 1, 1, 1], p);
    assert.deepEqual(points, [
      { nominal: 0.1, observed: 0.5, count: 2 },
      { nominal: 0.95, observed: 1, count: 2 },
    ]);
    assert.ok(Math.abs(expectedCalibrationError(points) - (0.4 + 0.05) / 2) < 1e-12);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../test/reference/posterior.json" with { type: "json" };
import { NumericalError, UnsupportedError } from "../../core/errors.ts";
import type { GoalPrediction, TargetGoal } from "../objectives.ts";
import {
  likelihoodDefaults,
  logLikelihoodOf,
  logNormalInterval,
  requireInvertible,
} from "./likelihood.ts";

const goal = (one: Partial<TargetGoal>): TargetGoal => ({
  label: "strength",
  kind: "match",
  low: 2,
  high: 2,
  scale: 10,
  ...one,
});

const predicted = (mean: number, epistemic: number, aleatoric: number): GoalPrediction => ({
  mean: Float64Array.of(mean),
  epistemicStd: Float64Array.of(epistemic),
  aleatoricStd: Float64Array.of(aleatoric),
});

const settings = { tolerance: 0.2, sharpness: 0.05 };
const close = (value: number, expected: number, digits = 1e-9): void =>
  assert.ok(
    Math.abs(value - expected) <= digits * Math.max(1, Math.abs(expected)),
    `${value} is not ${expected}`,
  );

describe("likelihood of what is asked for", () => {
  it("has the logarithm of a normal probability exact in both tails and for narrow intervals", () => {
    for (const { a, b, log } of reference.intervals) {
      close(logNormalInterval(a, b), log);
      close(logNormalInterval(-b, -a), log);
    }
    assert.equal(logNormalInterval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), 0);
  });

  it("is for a value the normal density with ignorance, noise and tolerance joined", () => {
    // Standard deviation sqrt(2^2 + 1^2 + (0.2 * 10)^2) = 3, density per scale of 10.
    const value = logLikelihoodOf([goal({})], [predicted(5, 2, 1)], settings)[0];
    close(value, -0.5 - Math.log((3 / 10) * Math.sqrt(2 * Math.PI)));
  });

  it("is for a range its probability, softened where a computed property has no spread", () => {
    const range = goal({ kind: "range", low: 1, high: 3 });
    close(
      logLikelihoodOf([range], [predicted(2, 0.6, 0.8)], settings)[0],
      reference.intervals[0].log,
    );
    // The least standard deviation is 0.05 * 10 = 0.5.
    const open = goal({ kind: "range", low: 1, high: null });
    close(logLikelihoodOf([open], [predicted(1, 0, 0)], settings)[0], Math.log(0.5));
  });

  it("is for a class its probability, and of not being it where only a largest one is given", () => {
    const wanted = goal({ kind: "class", low: 0.6, high: null });
    const unwanted = goal({ kind: "class", low: null, high: 0.1 });
    close(logLikelihoodOf([wanted], [predicted(0.8, 0.1, 0)], settings)[0], Math.log(0.8), 1e-8);
    close(logLikelihoodOf([unwanted], [predicted(0.8, 0.1, 0)], settings)[0], Math.log(0.2), 1e-8);
    assert.ok(Number.isFinite(logLikelihoodOf([wanted], [predicted(0, 0, 0)], settings)[0]));
  });

  it("multiplies over the goals", () => {
    const goals = [goal({}), goal({ kind: "range", low: 1, high: 3 })];
    const predictions = [predicted(5, 2, 1), predicted(2, 0.6, 0.8)];
    const both = logLikelihoodOf(goals, predictions, settings)[0];
    const each = goals.map((one, g) => logLikelihoodOf([one], [predictions[g]], settings)[0]);
    close(both, each[0] + each[1]);
  });

  it("refuses a goal without a value, and predictions that are no numbers", () => {
    assert.throws(
      () =>
        requireInvertible([goal({ kind: "maximise", low: null, high: null })], likelihoodDefaults),
      (error) => error instanceof UnsupportedError && /strength/.test(error.message),
    );
    assert.throws(
      () => requireInvertible([goal({})], { tolerance: 0, sharpness: 0.01 }),
      /tolerance above 0/,
    );
    assert.throws(
      () => logLikelihoodOf([goal({})], [predicted(Number.NaN, 0, 0)], settings),
      NumericalError,
    );
  });
});

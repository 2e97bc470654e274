import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../core/matrix.ts";
import {
  buildObjectives,
  haveGradient,
  jointProbability,
  objectiveGradients,
  objectivesOf,
  violationOf,
} from "./objectives.ts";
import type { GoalPrediction, TargetGoal } from "./objectives.ts";

const goal = (parts: Partial<TargetGoal>): TargetGoal => ({
  label: "strength",
  kind: "range",
  low: null,
  high: null,
  scale: 1,
  ...parts,
});

const predicted = (mean: number[], epistemic = 0, aleatoric = 0): GoalPrediction => ({
  mean: Float64Array.from(mean),
  epistemicStd: new Float64Array(mean.length).fill(epistemic),
  aleatoricStd: new Float64Array(mean.length).fill(aleatoric),
});

describe("buildObjectives", () => {
  it("turns the sign of what is maximised and measures a match by its distance", () => {
    const goals = [
      goal({ kind: "minimise", label: "density" }),
      goal({ kind: "maximise" }),
      goal({ kind: "match", low: 5, high: 5, label: "modulus" }),
    ];
    const { objectives, violation } = buildObjectives(goals, [
      predicted([7, 8]),
      predicted([100, 200]),
      predicted([3, 6]),
    ]);
    assert.deepEqual([...objectives.data], [7, -100, 2, 8, -200, 1]);
    assert.deepEqual([...violation], [0, 0]);
    assert.deepEqual(
      objectivesOf(goals).map(({ label }) => label),
      ["density", "strength", "modulus"],
    );
  });

  it("adds violations in units of each property's scale", () => {
    const goals = [
      goal({ kind: "minimise" }),
      goal({ low: 10, high: 20, scale: 5 }),
      goal({ kind: "class", low: 0.9, scale: 0.5 }),
    ];
    const { violation } = buildObjectives(goals, [
      predicted([1, 1, 1]),
      predicted([15, 5, 30]),
      predicted([0.95, 0.4, 0.9]),
    ]);
    assert.deepEqual([...violation], [0, 2, 2]);
  });

  it("takes a limit on a minimised property as a requirement too", () => {
    const { objectives, violation } = buildObjectives(
      [goal({ kind: "minimise", high: 8, scale: 2 })],
      [predicted([7, 9])],
    );
    assert.deepEqual([...objectives.data], [7, 9]);
    assert.deepEqual([...violation], [0, 0.5]);
  });

  it("shifts objectives by what the model does not know and requirements by the total", () => {
    const cautious = predicted([100], 3, 4);
    const asked = goal({ kind: "maximise", low: 95, confidence: 2 });
    const { objectives, violation } = buildObjectives([asked], [cautious]);
    assert.equal(objectives.data[0], -(100 - 2 * 3));
    assert.equal(violation[0], 95 - (100 - 2 * 5));
    assert.equal(
      violationOf(
        goal({ kind: "class", low: 0.8, confidence: 1 }),
        predicted([0.85], 0.1, 0.5),
      )[0].toFixed(12),
      "0.050000000000",
    );
  });

  it("makes the chance to miss a requirement the objective when there is no other", () => {
    const goals = [goal({ low: 0 }), goal({ kind: "class", low: 0.5 })];
    const { objectives } = buildObjectives(goals, [predicted([1], 0.6, 0.8), predicted([0.9])]);
    // Standard normal table: P(Z <= 1) = 0.8413447460685429.
    assert.ok(Math.abs(objectives.data[0] - (1 - 0.8413447460685429 * 0.9)) < 1e-14);
    assert.equal(objectivesOf(goals).length, 1);
  });

  it("refuses what cannot be meant", () => {
    const fails = (parts: Partial<TargetGoal>): void =>
      assert.throws(() => objectivesOf([goal(parts)]), { code: "input" });
    fails({ low: 2, high: 1 });
    fails({});
    fails({ kind: "match", low: 1 });
    fails({ kind: "minimise", scale: 0 });
    fails({ low: Number.NaN });
    assert.throws(() => buildObjectives([goal({ low: 0 })], []), { code: "shape" });
    assert.throws(
      () =>
        buildObjectives([goal({ low: 0 }), goal({ low: 0 })], [predicted([1]), predicted([1, 2])]),
      { code: "shape" },
    );
  });
});

describe("objectiveGradients", () => {
  it("is what differences of objectives and violations by the means give", () => {
    const goals = [
      goal({ kind: "minimise", high: 6, scale: 2 }),
      goal({ kind: "maximise", low: 150 }),
      goal({ kind: "match", low: 5, high: 5 }),
      goal({ kind: "range", low: 1, high: 2, scale: 4 }),
    ];
    assert.ok(haveGradient(goals));
    const means = [
      [7, 5],
      [100, 200],
      [3, 6],
      [0.5, 3],
    ];
    // Each mean moves along a column of its own, so that its derivative is known.
    const gradients = goals.map((_, g) => {
      const own = matrix(2, 4);
      for (let i = 0; i < 2; i++) rowOf(own, i)[g] = 1;
      return own;
    });
    const found = objectiveGradients(
      goals,
      means.map((values) => Float64Array.from(values)),
      gradients,
    );
    const step = 1e-6;
    for (let g = 0; g < 4; g++) {
      const at = (by: number) =>
        buildObjectives(
          goals,
          means.map((values, k) => predicted(values.map((v) => (k === g ? v + by : v)))),
        );
      const [up, down] = [at(step), at(-step)];
      up.objectives.data.forEach((value, k) => {
        const slope = (value - down.objectives.data[k]) / (2 * step);
        assert.ok(Math.abs(found.objectives.data[k * 4 + g] - slope) < 1e-6);
      });
      up.violation.forEach((value, i) => {
        const slope = (value - down.violation[i]) / (2 * step);
        assert.ok(Math.abs(rowOf(found.violation, i)[g] - slope) < 1e-6);
      });
    }
  });

  it("is not offered where standard deviations count, or requirements alone", () => {
    assert.ok(!haveGradient([goal({ kind: "minimise", confidence: 1 })]));
    assert.ok(!haveGradient([goal({ kind: "range", low: 1 })]));
  });
});

describe("jointProbability", () => {
  it("is 0 or 1 without uncertainty and keeps its digits far in a tail", () => {
    const [inside, outside] = jointProbability([goal({ low: 1, high: 2 })], [predicted([1.5, 3])]);
    assert.deepEqual([inside, outside], [1, 0]);
    // P(Z > 10) = 7.61985302416053e-24 (tables of the normal tail).
    const [tail] = jointProbability([goal({ low: 10 })], [predicted([0], 0, 1)]);
    assert.ok(Math.abs(tail / 7.61985302416053e-24 - 1) < 1e-11, `${tail}`);
    const [central] = jointProbability([goal({ low: -1.96, high: 1.96 })], [predicted([0], 1)]);
    assert.ok(Math.abs(central - 0.9500042097035593) < 1e-14);
  });

  it("takes an upper limit on a class alone as a wish for its absence", () => {
    const [chance] = jointProbability([goal({ kind: "class", high: 0.1 })], [predicted([0.05])]);
    assert.equal(chance, 0.95);
  });
});

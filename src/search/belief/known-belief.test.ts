import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { bayesian } from "../planning/bayesian/bayesian.ts";
import type { ExperimentProblem } from "../planning/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import { knownBelief } from "./known-belief.ts";

const box = await unitBox(2);
const each = (rows: { rows: number }, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: rows.rows }, (_, i) => of(i));
const sum = (rows: ReturnType<typeof matrix>): Float64Array =>
  each(rows, (i) => rows.data[2 * i] + 3 * rows.data[2 * i + 1]);

describe("a known outcome", () => {
  const belief = knownBelief(box, sum, 2);
  const rows = matrixOf([Float64Array.of(0.2, 0.4), Float64Array.of(0.9, 0.1)]);

  it("is the rule itself, without noise and all but without spread, whatever is measured", () => {
    const { mean, std } = belief.marginal(rows);
    assert.deepEqual(Array.from(mean), [0.2 + 3 * 0.4, 0.9 + 3 * 0.1]);
    for (const value of std) assert.ok(value > 0 && value <= 1e-5);
    assert.equal(belief.noiseStd, 0);
    const told = belief.condition(rows, Float64Array.of(7, 7));
    assert.deepEqual(told.marginal(rows).mean, mean);
    const [path] = belief.paths(1, createRng(1));
    assert.deepEqual(path.at(rows), mean);
  });

  it("has the slopes of the rule, in its joint distribution too", () => {
    const { meanGradient } = belief.slope(rowOf(rows, 0));
    for (const [k, slope] of [1, 3].entries()) {
      assert.ok(Math.abs(meanGradient[k] - slope) < 1e-6);
    }
    const back = belief.joint(rows).pullback(Float64Array.of(2, 0), matrix(2, 2));
    assert.ok(Math.abs(back.data[1] - 6) < 1e-5);
    assert.equal(back.data[2], 0);
  });

  const goal = (more: Partial<TargetGoal>): TargetGoal => ({
    label: "y",
    kind: "maximise",
    low: null,
    high: null,
    scale: 1,
    ...more,
  });

  it("as a requirement is kept by every design of a batch, where a learned one is only guessed", async () => {
    // A narrow ring that few measurements could teach.
    const ring = (row: ArrayLike<number>): number => Math.hypot(row[0] - 0.5, row[1] - 0.5);
    const known = (at: ReturnType<typeof matrix>): Float64Array =>
      each(at, (i) => ring(rowOf(at, i)));
    const problem: ExperimentProblem = {
      space: box,
      goals: [goal({}), goal({ label: "ring", kind: "range", low: 0.39, high: 0.41 })],
      known: [undefined, known],
    };
    const measured = box.sample(8, createRng("ring"));
    const outcomes = matrixOf(
      Array.from({ length: 8 }, (_, i) => [rowOf(measured, i)[0], ring(rowOf(measured, i))]),
    );
    const plan = await bayesian.plan(
      problem,
      { rows: measured, outcomes },
      { batchSize: 3, rng: createRng(4) },
    );
    for (const { row, meets, std } of plan.proposals) {
      assert.ok(ring(row) >= 0.39 - 1e-9 && ring(row) <= 0.41 + 1e-9, `${ring(row)}`);
      assert.ok(meets > 0.4);
      assert.ok(std[1] < 1e-5);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { median } from "../../../core/statistics.ts";
import { unitBox } from "../../fixtures/spaces.ts";
import type { TargetGoal } from "../../objectives.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import type { ExperimentProblem, Observations } from "../contract.ts";
import { bayesian } from "./bayesian.ts";

const space = await unitBox(2);
const goal = (label: string, given: Partial<TargetGoal> = {}): TargetGoal => ({
  label,
  kind: "minimise",
  low: null,
  high: null,
  scale: 0.3,
  ...given,
});
/** Distances from two corners: every design of the diagonal between them is on the front. */
const distances = (row: Float64Array): number[] =>
  [0.2, 0.8].map((at) => (row[0] - at) * (row[0] - at) + (row[1] - at) * (row[1] - at));

function observe(rows: Matrix): Observations {
  const outcomes = matrix(rows.rows, 2);
  for (let i = 0; i < rows.rows; i++) outcomes.data.set(distances(rowOf(rows, i)), 2 * i);
  return { rows, outcomes };
}

const measured = space.sample(16, createRng("measured"));
const problem: ExperimentProblem = { space, goals: [goal("a"), goal("b")] };

describe("Bayesian optimisation of several objectives", () => {
  it("proposes designs between two optima, away from each other, with what they gain", async () => {
    for (const acquisition of [null, "noisy-ehvi", "ehvi"]) {
      const options = { batchSize: 4, rng: createRng(2) };
      const plan = await bayesian.plan(problem, observe(measured), options, { acquisition });
      assert.equal(plan.proposals.length, 4);
      for (const [i, { row, expectedGain, exploit }] of plan.proposals.entries()) {
        assert.ok(Math.abs(row[0] - row[1]) < 0.15, `${acquisition}: ${row.join()}`);
        assert.ok(row[0] > 0.1 && row[0] < 0.9);
        assert.ok(expectedGain !== null && exploit !== null);
        assert.ok(exploit >= 0 && exploit <= expectedGain);
        for (const other of plan.proposals.slice(0, i)) {
          assert.ok(Math.hypot(row[0] - other.row[0], row[1] - other.row[1]) > 0.03);
        }
      }
    }
  });

  it("adds more volume in a batch than random designs do mostly", async () => {
    const reference = [0.8, 0.8];
    const volume = (rows: Matrix): number => hypervolume(observe(rows).outcomes, reference);
    const grown = (more: Matrix): Matrix =>
      matrix(20, 2, Float64Array.of(...measured.data, ...more.data));
    for (const acquisition of ["noisy-ehvi", "ehvi", "parego"]) {
      const options = { batchSize: 4, rng: createRng(4) };
      const { proposals } = await bayesian.plan(problem, observe(measured), options, {
        acquisition,
      });
      const chosen = matrix(4, 2, Float64Array.from(proposals.flatMap(({ row }) => [...row])));
      const random = Array.from({ length: 20 }, (_, s) =>
        volume(grown(space.sample(4, createRng(`random ${s}`)))),
      );
      assert.ok(volume(grown(chosen)) > median(random), acquisition);
    }
  });

  it("keeps away from pending designs, and to a requirement", async () => {
    const pending = matrix(1, 2, Float64Array.of(0.5, 0.5));
    const options = { batchSize: 2, rng: createRng(3), pending };
    const plan = await bayesian.plan(problem, observe(measured), options);
    for (const { row } of plan.proposals) assert.ok(Math.hypot(row[0] - 0.5, row[1] - 0.5) > 0.05);

    const limited = { space, goals: [...problem.goals, goal("c", { kind: "range", high: 0.4 })] };
    const { rows, outcomes } = observe(space.sample(14, createRng("limited")));
    const all = matrix(14, 3);
    for (let i = 0; i < 14; i++) all.data.set([...rowOf(outcomes, i), rowOf(rows, i)[0]], 3 * i);
    const kept = await bayesian.plan(
      limited,
      { rows, outcomes: all },
      { batchSize: 3, rng: createRng(1) },
    );
    for (const { row, meets } of kept.proposals) {
      assert.ok(row[0] < 0.45);
      assert.ok(meets > 0.3);
    }
  });
});

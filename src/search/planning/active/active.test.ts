import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sin } from "../../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { aim, waves } from "../../fixtures/acquisition-context.ts";
import { unitBox } from "../../fixtures/spaces.ts";
import type { TargetGoal } from "../../objectives.ts";
import { unwarped } from "../../belief/warp.ts";
import type { PlannerSpec } from "../contract.ts";
import { boundaryLearning } from "./boundary-learning.ts";
import { expectedErrorReduction } from "./expected-error-reduction.ts";
import { expectedModelChange } from "./expected-model-change.ts";
import { lookAhead } from "./look-ahead.ts";
import { noveltySearch } from "./novelty-search.ts";
import { queryByCommittee } from "./query-by-committee.ts";
import { uncertaintySampling } from "./uncertainty-sampling.ts";

const column = (values: readonly number[]): Matrix =>
  matrix(values.length, 1, Float64Array.from(values));
const line = await unitBox(1);
const minimise = aim("minimise");

/** The designs that a planner chooses after measurements of a function of one number. */
async function chosen(
  planner: PlannerSpec,
  measured: readonly number[],
  f: (x: number) => number,
  given: { goal?: TargetGoal; batchSize?: number; pool?: Matrix; settings?: object } = {},
): Promise<number[]> {
  const { goal = minimise, batchSize = 1, pool, settings = {} } = given;
  const plan = await planner.plan(
    { space: line, goals: [goal] },
    { rows: column(measured), outcomes: column(measured.map(f)) },
    { batchSize, rng: createRng(3), ...(pool === undefined ? {} : { pool }) },
    settings,
  );
  return plan.proposals.map(({ row }) => row[0]);
}

const wave = (x: number): number => sin(6 * x);
/** Dense to the left, nothing between 0.4 and 1. */
const lopsided = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 1];

describe("planners that learn", () => {
  it("measure in the only gap", async () => {
    for (const planner of [
      uncertaintySampling,
      expectedModelChange,
      expectedErrorReduction,
      queryByCommittee,
    ] as readonly PlannerSpec[]) {
      const [x] = await chosen(planner, lopsided, wave);
      assert.ok(x > 0.45 && x < 0.98, `${planner.name}: ${x}`);
    }
    const settings = { of: "designs", neighbours: 1 };
    const [far] = await chosen(noveltySearch, lopsided, wave, { settings });
    assert.ok(far > 0.45 && far < 0.98);
  });

  it("spread a batch over two gaps of the same size, however it is put together", async () => {
    const measured = [0, 0.02, 0.48, 0.5, 0.52, 0.98, 1];
    for (const batch of ["one-by-one", "dpp", "core-set", "k-means"]) {
      const both = await chosen(uncertaintySampling, measured, wave, {
        batchSize: 2,
        settings: { batch },
      });
      // Draws of the k-means follow chance, but never fall onto what is chosen already.
      if (batch === "k-means") assert.notEqual(both[0], both[1]);
      else
        assert.ok(Math.min(...both) < 0.48 && Math.max(...both) > 0.52, `${batch}: ${both.join()}`);
    }
  });

  it("measure near the limit, to either side of it", async () => {
    const measured = [0, 0.2, 0.4, 0.6, 0.8, 1];
    const rising = (x: number): number => x;
    const goal = aim("range", 0.3, null);
    const pool = column([0.05, 0.1, 0.31, 0.5, 0.7, 0.9]);
    assert.deepEqual(await chosen(boundaryLearning, measured, rising, { goal, pool }), [0.31]);
    const label = (x: number): number => (x > 0.5 ? 1 : 0);
    const [x] = await chosen(boundaryLearning, measured, label, { goal: aim("class", 0.5) });
    assert.ok(x > 0.4 && x < 0.6);
    await assert.rejects(chosen(boundaryLearning, measured, rising), { code: "unsupported" });
  });

  it("find outcomes that were not seen before", async () => {
    // The function is flat but for its right end, where a pool design is expected to give more.
    const measured = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    const bend = (x: number): number => Math.max(0, x - 0.5) * 4;
    const pool = column([0.05, 0.33, 0.55, 0.88]);
    assert.deepEqual(await chosen(noveltySearch, measured, bend, { pool }), [0.88]);
  });

  it("refuse settings that they cannot use", async () => {
    const cases: readonly (readonly [PlannerSpec, object])[] = [
      [uncertaintySampling, { batch: "nonsense" }],
      [queryByCommittee, { batch: "one-by-one" }],
      [queryByCommittee, { families: ["nonsense"] }],
      [queryByCommittee, { families: ["ridge"], resamples: 0 }],
      [noveltySearch, { of: "nonsense" }],
      [uncertaintySampling, { candidates: 0 }],
    ] as readonly (readonly [PlannerSpec, object])[];
    for (const [planner, settings] of cases) {
      await assert.rejects(chosen(planner, lopsided, wave, { settings }), { code: "input" });
    }
  });

  it("ask committees of other families too", async () => {
    const settings = { families: ["gaussian-process", "ridge", "k-nearest"], resamples: 0 };
    const [x] = await chosen(queryByCommittee, lopsided, wave, { settings });
    assert.ok(x > 0.4 && x < 1);
  });
});

describe("lookAhead", () => {
  it("foresees what the belief is after the measurement", () => {
    const { beliefs, goals, rows } = waves([aim("minimise")], { noiseStd: 0.3, measured: 8 });
    const candidates = matrix(2, 2, Float64Array.of(0.3, 0.6, 0.9, 0.1));
    const reference = matrix(4, 2, Float64Array.of(0.2, 0.2, 0.8, 0.3, 0.4, 0.9, 0.6, 0.6));
    const outcomes = { beliefs, goals, warps: [unwarped], feasibility: undefined, summaries: [] };
    assert.equal(rows.rows, 8);
    const seen: Float64Array[] = [];
    lookAhead({ outcomes, candidates, reference }, (moves) => {
      seen.push(moves);
      return 0;
    });
    for (let i = 0; i < 2; i++) {
      const one = matrix(1, 2, rowOf(candidates, i).slice());
      const [belief] = beliefs;
      const { mean, std } = belief.marginal(one);
      const spread = Math.hypot(std[0], belief.noiseStd);
      const before = belief.marginal(reference);
      const after = belief.condition(one, Float64Array.of(mean[0] + spread)).marginal(reference);
      for (let r = 0; r < 4; r++) {
        const removed = before.std[r] ** 2 - after.std[r] ** 2;
        assert.ok(Math.abs(seen[i][r] - (after.mean[r] - before.mean[r])) < 1e-9);
        assert.ok(Math.abs(seen[i][r] ** 2 - removed) < 1e-9);
      }
    }
  });
});

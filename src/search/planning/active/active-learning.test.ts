import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { matrix, matrixOf, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { Acquisition, AcquisitionContext } from "../../acquisition/contract.ts";
import { fitBelief } from "../../belief/fit-belief.ts";
import { unitBox } from "../../fixtures/spaces.ts";
import type { TargetGoal } from "../../objectives.ts";
import type { Observations, Plan, PlanOptions } from "../contract.ts";
import { planners } from "../registry.ts";
import { activeLearning, type ActiveLearningSettings } from "./active-learning.ts";
import { disagreement, learningCriteria } from "./criteria.ts";
import { diversities } from "./diverse-batch.ts";

const space = await unitBox(2);
const wave = ([a, b]: ArrayLike<number> & Iterable<number>): number =>
  Math.sin(5 * a) + 2 * (b - 0.5) * (b - 0.5) + 0.5 * a * b;
const observe = (n: number, seed: string): Observations => {
  const rows = space.sample(n, createRng(seed));
  const outcomes = matrix(
    n,
    1,
    Float64Array.from({ length: n }, (_, i) => wave(rowOf(rows, i))),
  );
  return { rows, outcomes };
};
const goal: TargetGoal = { label: "y", kind: "range", low: null, high: 0.4, scale: 1 };
const planFor = (
  observations: Observations,
  settings: Partial<ActiveLearningSettings>,
  options: Partial<PlanOptions> = {},
): Promise<Plan> =>
  activeLearning.plan(
    { space, goals: [goal] },
    observations,
    { batchSize: 1, rng: createRng(2), ...options },
    settings,
  );

describe("criteria of active learning", async () => {
  const { rows, outcomes } = observe(12, "criteria");
  const fit = (from: number) =>
    fitBelief(
      space.columns,
      takeRows(rows, [...Array(12 - from).keys()]),
      outcomes.data.slice(0, 12 - from),
      {
        rng: createRng(1),
      },
    );
  const members = await Promise.all([0, 1, 2, 3].map(fit));
  const context: AcquisitionContext = {
    beliefs: [members[0].belief],
    goals: [goal],
    rows,
    points: 1,
    exploration: 0.5,
    measured: 12,
    rng: createRng(1),
    reference: space.sample(20, createRng("reference")),
  };
  const all: Record<string, Acquisition> = {
    ...Object.fromEntries(
      Object.entries(learningCriteria).map(([name, make]) => [name, make(context)]),
    ),
    committee: disagreement(context, [members.map(({ belief }) => belief)]),
  };
  for (const [name, acquisition] of Object.entries(all)) {
    it(`${name}: has the gradient that central differences give`, () => {
      const points = space.sample(5, createRng("points"));
      const values = acquisition.values(points);
      for (let i = 0; i < 5; i++) {
        const row = rowOf(points, i);
        const gradient = new Float64Array(2);
        const value = acquisition.slope(row, gradient);
        assert.ok(Math.abs(value - values[i]) < 1e-7 * Math.max(1, Math.abs(value)));
        for (let k = 0; k < 2; k++) {
          const at = (by: number): number =>
            acquisition.slope(
              row.map((v, j) => (j === k ? v + by : v)),
              new Float64Array(2),
            );
          const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
          assert.ok(Math.abs(gradient[k] - difference) < 1e-4 * Math.max(1, Math.abs(difference)));
        }
      }
    });
  }

  it("the variance that a measurement removes is what remains less after conditioning", () => {
    const [belief] = context.beliefs;
    const row = space.sample(1, createRng("one"));
    const total = (of: typeof belief): number =>
      of.marginal(context.reference).std.reduce((sum, std) => sum + std * std, 0);
    const removed = total(belief) - total(belief.condition(row, Float64Array.of(0)));
    const [value] = all["error-reduction"].values(row);
    assert.ok(Math.abs(Math.exp(value) / removed - 1) < 1e-6);
  });
});

describe("active learning", () => {
  it("learns a function better than uniform draws of the same number", async () => {
    const fresh = space.sample(300, createRng("fresh"));
    const truth = Float64Array.from({ length: 300 }, (_, i) => wave(rowOf(fresh, i)));
    const errorOf = async (rows: Matrix): Promise<number> => {
      const values = Float64Array.from({ length: rows.rows }, (_, i) => wave(rowOf(rows, i)));
      const { belief } = await fitBelief(space.columns, rows, values, { rng: createRng(1) });
      const { mean } = belief.marginal(fresh);
      return Math.sqrt(mean.reduce((sum, m, i) => sum + (m - truth[i]) * (m - truth[i]), 0) / 300);
    };
    const learned = async (planner: "active-learning" | "random"): Promise<number> => {
      let { rows, outcomes } = observe(5, "start");
      for (let round = 0; round < 12; round++) {
        const plan = await planners[planner].plan(
          { space, goals: [goal] },
          { rows, outcomes },
          { batchSize: 1, rng: createRng(round) },
        );
        const { row } = plan.proposals[0];
        rows = matrixOf([...Array.from({ length: rows.rows }, (_, i) => rowOf(rows, i)), row]);
        outcomes = matrix(rows.rows, 1, Float64Array.of(...outcomes.data, wave(row)));
      }
      return errorOf(rows);
    };
    assert.ok((await learned("active-learning")) < 0.7 * (await learned("random")));
  });

  it("measures at the level where that is to be found", async () => {
    const plan = await planFor(observe(25, "level"), { criterion: "level-set" }, { batchSize: 3 });
    for (const { row } of plan.proposals) {
      assert.ok(Math.abs(wave(row) - 0.4) < 0.25, `${wave(row)}`);
    }
    const free = { space, goals: [{ ...goal, kind: "minimise" as const, high: null }] };
    await assert.rejects(
      activeLearning.plan(
        free,
        observe(9, "level"),
        { batchSize: 1, rng: createRng(1) },
        { criterion: "level-set" },
      ),
      InputError,
    );
  });

  for (const criterion of [...Object.keys(learningCriteria), "committee"] as const) {
    for (const batch of ["fantasies", ...Object.keys(diversities)] as const) {
      it(`${criterion}, ${batch}: proposes different designs`, async () => {
        const settings = { criterion, batch } as ActiveLearningSettings;
        const plan = await planFor(
          observe(10, "batch"),
          { ...settings, raw: 64 },
          { batchSize: 3 },
        );
        assert.equal(plan.proposals.length, 3);
        const rows = plan.proposals.map(({ row }) => row);
        rows.forEach((a, i) =>
          rows.slice(0, i).forEach((b) => {
            assert.ok(Math.max(...a.map((v, k) => Math.abs(v - b[k]))) > 1e-3);
          }),
        );
      });
    }
  }

  it("refuses settings that it does not know", async () => {
    for (const settings of [{ criterion: "luck" }, { batch: "heap" }, { members: 1 }]) {
      const given = settings as unknown as Partial<ActiveLearningSettings>;
      await assert.rejects(planFor(observe(9, "rows"), given), InputError);
    }
  });
});

describe("diverse batches", async () => {
  // Three clusters on a line.
  const rows = matrixOf([0, 0.01, 0.02, 0.5, 0.51, 0.98, 0.99, 1].map((x) => [x, 0.5]));
  const { belief } = await fitBelief(
    space.columns,
    matrixOf([
      [0.3, 0.1],
      [0.7, 0.9],
      [0.2, 0.8],
    ]),
    Float64Array.of(1, 2, 0),
    { rng: createRng(1) },
  );
  for (const [name, choose] of Object.entries(diversities)) {
    it(`${name}: takes one of every cluster`, () => {
      const chosen = choose({
        rows,
        values: new Float64Array(8),
        known: matrix(0, 2),
        beliefs: [belief],
        columns: space.columns,
        count: 3,
        rng: createRng(4),
      });
      const clusters = chosen.map((i) => Math.round(2 * rows.data[2 * i]));
      assert.deepEqual(
        clusters.toSorted((a, b) => a - b),
        [0, 1, 2],
      );
    });
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { matrix, matrixOf, rowOf } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import { freeSpace, levels, unitBox } from "../../fixtures/spaces.ts";
import type { TargetGoal } from "../../objectives.ts";
import type { ExperimentProblem, Observations, Plan, PlanOptions } from "../contract.ts";
import { bayesian, type BayesianSettings } from "./bayesian.ts";

const goalOf = (more: Partial<TargetGoal> = {}): TargetGoal => ({
  label: "y",
  kind: "minimise",
  low: null,
  high: null,
  scale: 1,
  ...more,
});
type Outcome = (row: Float64Array) => readonly number[];

function observe(space: SearchSpace, n: number, outcome: Outcome, seed = "rows"): Observations {
  const rows = space.sample(n, createRng(seed));
  return {
    rows,
    outcomes: matrixOf(Array.from({ length: n }, (_, i) => outcome(rowOf(rows, i)))),
  };
}

const planFor = (
  problem: ExperimentProblem,
  observations: Observations,
  options: Partial<PlanOptions> = {},
  settings: Partial<BayesianSettings> = {},
): Promise<Plan> =>
  bayesian.plan(problem, observations, { batchSize: 1, rng: createRng(5), ...options }, settings);

const box = await unitBox(3);
const bowl: Outcome = ([a, b, c]) => [
  50 + 8 * ((a - 0.3) * (a - 0.3) + (b - 0.6) * (b - 0.6) + (c - 0.5) * (c - 0.5)),
];

describe("Bayesian optimisation", () => {
  it("comes within a thousandth of a smooth minimum in a dozen designs", async () => {
    let { rows, outcomes } = observe(box, 6, bowl);
    for (let round = 0; round < 12; round++) {
      const plan = await planFor(
        { space: box, goals: [goalOf()] },
        { rows, outcomes },
        {
          rng: createRng(round),
        },
      );
      const { row } = plan.proposals[0];
      rows = matrix(rows.rows + 1, 3, Float64Array.of(...rows.data, ...row));
      outcomes = matrix(rows.rows, 1, Float64Array.of(...outcomes.data, ...bowl(row)));
    }
    assert.ok(Math.min(...outcomes.data) < 50 + 8e-3);
  });

  it("maximises as it minimises the negative", async () => {
    const observations = observe(box, 15, bowl);
    const turned = {
      ...observations,
      outcomes: matrix(
        15,
        1,
        observations.outcomes.data.map((y) => -y),
      ),
    };
    const one = await planFor({ space: box, goals: [goalOf()] }, observations);
    const other = await planFor({ space: box, goals: [goalOf({ kind: "maximise" })] }, turned);
    one.proposals[0].row.forEach((value, k) =>
      assert.ok(Math.abs(value - other.proposals[0].row[k]) < 0.02),
    );
  });

  it("comes near a value to match", async () => {
    const observations = observe(box, 25, bowl);
    const goals = [goalOf({ kind: "match", low: 52, high: 52 })];
    const { row, mean } = (await planFor({ space: box, goals }, observations)).proposals[0];
    assert.ok(Math.abs(bowl(row)[0] - 52) < 0.3, `${bowl(row)[0]}`);
    assert.ok(Math.abs(mean[0] - 52) < 0.3);
  });

  it("says what it expects: gains that add up, chances and shares between 0 and 1", async () => {
    const plan = await planFor(
      { space: box, goals: [goalOf(), goalOf({ label: "z", kind: "range", low: 0.2 })] },
      observe(box, 20, (row) => [...bowl(row), row[0] + 0.1 * row[1]]),
      { batchSize: 4 },
    );
    for (const proposal of plan.proposals) {
      const { expectedGain, exploit, teaches, meets, feasibility, mean, std } = proposal;
      assert.ok(expectedGain !== null && exploit !== null && teaches !== null);
      assert.ok(exploit >= 0 && expectedGain >= exploit);
      for (const share of [teaches, meets, feasibility]) assert.ok(share >= 0 && share <= 1);
      assert.deepEqual([mean.length, std.length], [2, 2]);
    }
    assert.equal(plan.models.length, 2);
    assert.equal(typeof plan.models[0]["noiseStd"], "number");
  });

  it("keeps to requirements: the best of those that meet them is what is to be beaten", async () => {
    // Small y where z is too large.
    const outcome: Outcome = (row) => [10 * row[0], 1 - row[0]];
    const goals = [goalOf(), goalOf({ label: "z", kind: "range", high: 0.5 })];
    const plan = await planFor({ space: box, goals }, observe(box, 20, outcome), { batchSize: 3 });
    for (const { row, meets } of plan.proposals) {
      assert.ok(row[0] > 0.4, `${row[0]}`);
      assert.ok(meets > 0.2);
    }
  });

  it("stays in the class that is wanted", async () => {
    // 1 where the class is right; the smallest y lies outside of it, where the class is improbable.
    const outcome: Outcome = (row) => [
      (row[0] - 0.3) * (row[0] - 0.3) + (row[1] - 0.5) * (row[1] - 0.5),
      Number(row[0] > 0.5),
    ];
    const goals = [goalOf(), goalOf({ label: "phase", kind: "class", low: 0.5 })];
    const plan = await planFor({ space: box, goals }, observe(box, 30, outcome), { batchSize: 2 });
    for (const { row, meets } of plan.proposals) {
      assert.ok(row[0] > 0.4, `${row[0]}`);
      assert.ok(meets > 0.3);
    }
  });

  it("looks for a design that meets the requirements as long as there is none", async () => {
    const outcome: Outcome = (row) => [row[1], row[0]];
    const goals = [goalOf(), goalOf({ label: "z", kind: "range", low: 0.9 })];
    const few = observe(box, 60, outcome);
    const kept = Array.from({ length: 60 }, (_, i) => i).filter((i) => few.rows.data[3 * i] < 0.7);
    const plan = await planFor(
      { space: box, goals },
      {
        rows: matrixOf(kept.map((i) => rowOf(few.rows, i))),
        outcomes: matrixOf(kept.map((i) => rowOf(few.outcomes, i))),
      },
    );
    assert.ok(plan.proposals[0].row[0] > 0.85);
    assert.equal(plan.proposals[0].expectedGain, null);
  });

  it("stays where designs can be made", async () => {
    // The outcome does not depend on the column that decides.
    const all = observe(box, 60, (row) => [(row[1] - 0.2) * (row[1] - 0.2)]);
    const isPossible = (i: number): boolean => all.rows.data[3 * i] > 0.4;
    const order = Array.from({ length: 60 }, (_, i) => i);
    const rowsWhere = (of: (i: number) => boolean, from: typeof all.rows) =>
      matrixOf(order.filter(of).map((i) => rowOf(from, i)));
    const observations = {
      rows: rowsWhere(isPossible, all.rows),
      outcomes: rowsWhere(isPossible, all.outcomes),
      infeasible: rowsWhere((i) => !isPossible(i), all.rows),
    };
    const problem = { space: box, goals: [goalOf()] };
    const { proposals } = await planFor(problem, observations, { batchSize: 3 });
    for (const { row, feasibility } of proposals) {
      assert.ok(row[0] > 0.4, `${row[0]}`);
      assert.ok(feasibility > 0.7);
    }
  });

  it("prefers the cheaper of two designs that promise the same", async () => {
    const problem: ExperimentProblem = {
      space: box,
      goals: [goalOf()],
      cost: ({ data, rows }) =>
        Float64Array.from({ length: rows }, (_, i) => (data[3 * i + 2] < 0.5 ? 1 : 20)),
    };
    // The third column makes no difference, and either side of its middle was measured at the same places.
    const { rows: half } = observe(box, 6, () => [0]);
    const rows = matrix(12, 3);
    for (let i = 0; i < 6; i++) {
      const [a, b, c] = rowOf(half, i);
      rows.data.set([a, b, c, a, b, 1 - c], 6 * i);
    }
    const outcomes = matrix(12, 1);
    for (let i = 0; i < 12; i++) {
      const [a, b] = rowOf(rows, i);
      outcomes.data[i] = (a - 0.5) * (a - 0.5) + (b - 0.5) * (b - 0.5);
    }
    const observations = { rows, outcomes };
    const plan = await planFor(problem, observations, { batchSize: 3 });
    for (const { row } of plan.proposals) assert.ok(row[2] < 0.5);
  });

  it("measures at a cheap fidelity what that tells, and at the target when all cost the same", async () => {
    const space = await freeSpace([
      { kind: "continuous", name: "x", unit: "1", min: 0, max: 1 },
      { kind: "discrete", name: "grid", unit: "1", values: [0.25, 0.5, 1] },
    ]);
    // Rougher grids are a little off, everywhere alike.
    const outcome: Outcome = ([x, grid]) => [(x - 0.6) * (x - 0.6) + 0.1 * (1 - grid) * (1 + x)];
    const observations = observe(space, 12, outcome);
    const problem = { space, goals: [goalOf()], fidelity: { parameter: "grid", target: 1 } };
    const cost: ExperimentProblem["cost"] = ({ data, rows }) =>
      Float64Array.from({ length: rows }, (_, i) => data[2 * i + 1] ** 4);
    const plain = await planFor(problem, observations);
    const cheap = await planFor({ ...problem, cost }, observations);
    assert.equal(plain.proposals[0].row[1], 1);
    assert.ok(cheap.proposals[0].row[1] < 1);
    for (const { row } of [...plain.proposals, ...cheap.proposals]) {
      assert.ok(Math.abs(row[0] - 0.6) < 0.15, `${row[0]}`);
    }
    const unknown = { ...problem, fidelity: { parameter: "gird", target: 1 } };
    await assert.rejects(planFor(unknown, observations), InputError);
  });

  it("finds the best category and level of a space that it cannot list", async () => {
    const space = await freeSpace([
      ...Array.from({ length: 12 }, (_, k) => levels(`x${k}`, 10)),
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
    ]);
    const outcome: Outcome = (row) => [
      row.subarray(0, 12).reduce((sum, v) => sum + (v - 4) * (v - 4), 0) +
        30 * Number(row[12] !== 1),
    ];
    const observations = observe(space, 60, outcome);
    const { row } = (await planFor({ space, goals: [goalOf()] }, observations)).proposals[0];
    assert.equal(row[12], 1);
    assert.ok(outcome(row)[0] < 0.5 * Math.min(...observations.outcomes.data));
  });

  for (const batch of ["fantasies", "local-penalisation", "joint"] as const) {
    it(`${batch}: proposes different designs together, around what is pending`, async () => {
      const observations = observe(box, 15, bowl);
      const problem = { space: box, goals: [goalOf()] };
      const first = await planFor(problem, observations, {}, { batch });
      const pending = matrixOf([first.proposals[0].row]);
      const plan = await planFor(problem, observations, { batchSize: 3, pending }, { batch });
      const rows = [pending.data, ...plan.proposals.map(({ row }) => row)];
      assert.equal(rows.length, 4);
      rows.forEach((a, i) =>
        rows.slice(0, i).forEach((b) => {
          assert.ok(Math.max(...a.map((v, k) => Math.abs(v - b[k]))) > 1e-3);
        }),
      );
    });
  }

  it("keeps every limit of a mixture in every design", async () => {
    const symbols = ["A", "B", "C", "D", "E", "F"];
    for (const step of [undefined, 0.05]) {
      const space = await createSpace({
        parameters: [
          {
            kind: "composition",
            name: "mixture",
            elements: symbols.map((symbol) => ({ symbol, min: 0.05, max: 0.7 })),
            count: { min: 2, max: 4 },
            ...(step === undefined ? {} : { step }),
          },
          { kind: "continuous", name: "t", unit: "K", min: 300, max: 900 },
        ],
        constraints: [
          {
            kind: "linear",
            text: "A + B <= 0.5",
            coefficients: { A: 1, B: 1 },
            relation: "<=",
            bound: 0.5,
          },
          {
            kind: "linear",
            text: "C >= D",
            coefficients: { C: 1, D: -1 },
            relation: ">=",
            bound: 0,
          },
        ],
        quantities: [],
      });
      for (let seed = 0; seed < 2; seed++) {
        const outcome: Outcome = (row) => [row[0] * row[2] - row[4] * row[6] * 0.001 + row[1]];
        const observations = observe(space, 12, outcome, `mixture ${seed}`);
        const plan = await planFor({ space, goals: [goalOf()] }, observations, { batchSize: 4 });
        for (const { row } of plan.proposals) {
          assert.ok(space.isFeasible(row));
          assert.ok(Math.abs(row.subarray(0, 6).reduce((sum, v) => sum + v, 0) - 1) < 1e-9);
        }
      }
    }
  });

  it("hands options to the acquisition function: a beta of 0 takes the best mean", async () => {
    const observations = observe(box, 15, bowl);
    const meanAt = async (beta: number): Promise<number> => {
      const settings = { acquisition: "ucb", acquisitionOptions: { beta } };
      const plan = await planFor({ space: box, goals: [goalOf()] }, observations, {}, settings);
      return plan.proposals[0].mean[0];
    };
    assert.ok((await meanAt(0)) < (await meanAt(50)));
  });

  it("says so where the designs of a batch cannot be chosen together", async () => {
    const observations = observe(box, 15, bowl);
    const pool = box.sample(20, createRng("pool"));
    const problem = { space: box, goals: [goalOf()] };
    const { warnings } = await planFor(
      problem,
      observations,
      { batchSize: 2, pool },
      { batch: "joint" },
    );
    assert.match(warnings.join(" "), /one by one/);
  });

  it("refuses settings that it does not know", async () => {
    const observations = observe(box, 8, bowl);
    const problem = { space: box, goals: [goalOf()] };
    for (const settings of [
      { acquisition: "nonsense" },
      { acquisition: "log-ei", batch: "joint" as const },
      { batch: "nonsense" as "joint" },
      { initial: 0 },
      { raw: 1.5 },
      { acquisition: "ucb", acquisitionOptions: { alpha: 1 } },
      { acquisition: "ucb", acquisitionOptions: { beta: -1 } },
    ]) {
      await assert.rejects(planFor(problem, observations, {}, settings), InputError);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sin } from "../../../core/elementary.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { aim } from "../../fixtures/acquisition-context.ts";
import { freeSpace, levels, unitBox } from "../../fixtures/spaces.ts";
import type { ExperimentProblem, Observations, PlannerSpec, Proposal } from "../contract.ts";
import { planners } from "../registry.ts";

const learners: readonly PlannerSpec[] = [
  planners["uncertainty-sampling"],
  planners["query-by-committee"],
  planners["expected-model-change"],
  planners["expected-error-reduction"],
  planners["boundary-learning"],
  planners.novelty,
];
const goals = [aim("minimise", null, 0.3)];
const plane = await unitBox(2);
const wave = ([x, y]: ArrayLike<number> & Iterable<number>): number => sin(6 * x) + y * y;

function measured(
  rows: Matrix,
  f: (row: Float64Array) => number,
): Observations & { readonly rows: Matrix } {
  const outcomes = Float64Array.from({ length: rows.rows }, (_, i) => f(rowOf(rows, i)));
  return { rows, outcomes: matrix(rows.rows, 1, outcomes) };
}

async function proposed(
  planner: PlannerSpec,
  problem: ExperimentProblem,
  observations: Observations,
  given: { batchSize?: number; pool?: Matrix; settings?: object } = {},
): Promise<readonly Proposal[]> {
  const { batchSize = 1, pool, settings = {} } = given;
  const options = { batchSize, rng: createRng(3), ...(pool === undefined ? {} : { pool }) };
  return (await planner.plan(problem, observations, options, settings)).proposals;
}

describe("one value for a whole batch", () => {
  it("is kept however the batch is put together, in designs that differ otherwise", async () => {
    const space = await freeSpace([
      { kind: "continuous", name: "x", unit: "1", min: 0, max: 1 },
      { kind: "continuous", name: "furnace", unit: "K", min: 300, max: 900 },
      levels("passes", 4),
    ]);
    const f = (row: Float64Array): number => sin(5 * row[0]) + row[1] / 600 - 0.2 * row[2];
    const observations = measured(space.sample(10, createRng("shared")), f);
    const problem = { space, goals, perBatch: ["furnace"] };
    for (const planner of learners) {
      for (const batch of ["one-by-one", "dpp", "core-set", "k-means"]) {
        if (planner.name === "query-by-committee" && batch === "one-by-one") continue;
        const rows = await proposed(planner, problem, observations, {
          batchSize: 4,
          settings: { batch },
        });
        assert.equal(rows.length, 4);
        assert.equal(new Set(rows.map(({ row }) => row[1])).size, 1, `${planner.name}, ${batch}`);
        assert.equal(new Set(rows.map(({ row }) => `${row[0]} ${row[2]}`)).size, 4);
      }
    }
  });
});

describe("costs", () => {
  const observations = measured(plane.sample(10, createRng("costs")), wave);
  /** Both near the limit. */
  const pool = matrix(2, 2, Float64Array.of(0.5, 0.4, 0.05, 0.15));
  const isFirst = (row: ArrayLike<number>): boolean => row[0] === pool.data[0];

  it("divide what a design teaches: the other is chosen where it teaches more for its cost", async () => {
    for (const planner of learners) {
      /** The design that is chosen when the first one costs this much, the other 1. */
      const at = async (first: number): Promise<Proposal> => {
        const cost: ExperimentProblem["cost"] = (rows) =>
          Float64Array.from({ length: rows.rows }, (_, i) => (isFirst(rowOf(rows, i)) ? first : 1));
        const [one] = await proposed(planner, { space: plane, goals, cost }, observations, {
          pool,
        });
        return one;
      };
      const [cheap, dear] = [await at(1e-9), await at(1e9)];
      assert.ok(isFirst(cheap.row) && !isFirst(dear.row), planner.name);
      // At this cost both teach the same for it.
      const even = (1e-9 * cheap.value) / dear.value;
      assert.ok(isFirst((await at(even * (1 - 1e-6))).row), planner.name);
      assert.ok(!isFirst((await at(even * (1 + 1e-6))).row), planner.name);
    }
  });

  it("change nothing where all are the same, and are refused where they are none", async () => {
    for (const planner of learners) {
      const rowsAt = async (value?: number): Promise<number[][]> => {
        const cost = ({ rows }: Matrix): Float64Array => new Float64Array(rows).fill(value!);
        const problem = { space: plane, goals, ...(value === undefined ? {} : { cost }) };
        const chosen = await proposed(planner, problem, observations, { batchSize: 2 });
        return chosen.map(({ row }) => [...row]);
      };
      assert.deepEqual(await rowsAt(4), await rowsAt(), planner.name);
      await assert.rejects(rowsAt(0), { code: "input" });
    }
  });
});

/** A design and how finely it is measured. */
const fine = await freeSpace([
  { kind: "continuous", name: "x", unit: "1", min: 0, max: 1 },
  { kind: "discrete", name: "grid", unit: "1", values: [0.5, 1] },
]);

describe("fidelities", () => {
  /** What is rough is off by a little, or another function. */
  const like = ([x, grid]: Float64Array): number => sin(6 * x) + 0.05 * (1 - grid) * (1 + x);
  const unlike = ([x, grid]: Float64Array): number => (grid < 1 ? sin(29 * x + 2) : sin(6 * x));
  const rows = matrixOf(
    [0.02, 0.1, 0.2, 0.3, 0.4, 0.95].flatMap((x) => [
      [x, 0.5],
      [x, 1],
    ]),
  );
  const fidelity = { parameter: "grid", target: 1 };
  const pool = matrixOf([
    [0.7, 0.5],
    [0.7, 1],
  ]);
  const gridOf = async (
    planner: PlannerSpec,
    f: (row: Float64Array) => number,
    cheap: number,
  ): Promise<number> => {
    const cost: ExperimentProblem["cost"] = (all) =>
      Float64Array.from({ length: all.rows }, (_, i) => (rowOf(all, i)[1] < 1 ? cheap : 1));
    const problem = { space: fine, goals, fidelity, cost };
    const [{ row }] = await proposed(planner, problem, measured(rows, f), { pool });
    return row[1];
  };

  it("are rough where that tells nearly as much for a tenth of the cost", async () => {
    for (const planner of learners)
      assert.equal(await gridOf(planner, like, 0.1), 0.5, planner.name);
  });

  it("are those that count where all cost the same", async () => {
    for (const planner of learners) assert.equal(await gridOf(planner, like, 1), 1, planner.name);
  });

  it("are those that count where the rough one tells of something else", async () => {
    for (const planner of learners) {
      assert.equal(await gridOf(planner, unlike, 0.7), 1, planner.name);
    }
  });

  it("must be numbers of the space", async () => {
    for (const planner of learners) {
      const problem = { space: fine, goals, fidelity: { parameter: "gird", target: 1 } };
      await assert.rejects(proposed(planner, problem, measured(rows, like)), { code: "input" });
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InfeasibleError, InputError, ShapeError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import { freeSpace, levels, unitBox } from "../fixtures/spaces.ts";
import type { TargetGoal } from "../objectives.ts";
import type {
  ExperimentProblem,
  Observations,
  Plan,
  PlannerSpec,
  PlanOptions,
} from "./contract.ts";
import { planners } from "./registry.ts";

const elements = ["Al", "Ti", "V", "Cr", "Nb"].map((symbol) => ({ symbol, min: 0.05, max: 0.5 }));

const makers: Record<string, () => Promise<SearchSpace>> = {
  box: () => unitBox(3),
  lattice: () => freeSpace(["a", "b"].map((name) => levels(name, 6))),
  mixed: () =>
    freeSpace([
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
      levels("passes", 5),
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
    ]),
  alloy: () =>
    createSpace({
      parameters: [
        {
          kind: "composition",
          name: "composition",
          elements,
          step: 0.05,
          count: { min: 2, max: 4 },
        },
        { kind: "categorical", name: "route", values: ["cast", "wrought"] },
      ],
      constraints: [],
      quantities: [],
    }),
  conditional: () =>
    freeSpace([
      { kind: "categorical", name: "route", values: ["cast", "wrought"] },
      {
        kind: "continuous",
        name: "rolling",
        unit: "1",
        min: 0.2,
        max: 0.9,
        when: {
          text: "route is wrought",
          alternatives: [[{ kind: "is", parameter: "route", values: ["wrought"] }]],
        },
      },
      { kind: "continuous", name: "dopant", unit: "1", min: 0.1, max: 1, zeroOr: true },
    ]),
  blend: () =>
    freeSpace([
      { kind: "composition", name: "composition", elements, count: { min: 2, max: 3 } },
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
    ]),
};

const plain: TargetGoal = { label: "y", kind: "minimise", low: null, high: null, scale: 1 };

/** Measurements of a smooth function at random designs. */
function observed(space: SearchSpace, n: number, goals = 1): Observations {
  const rows = space.sample(n, createRng("observed"));
  const outcomes = matrix(n, goals);
  for (let i = 0; i < n; i++) {
    const row = rowOf(rows, i);
    for (let g = 0; g < goals; g++) {
      space.columns.forEach(({ min, max }, k) => {
        const place = max > min ? (row[k] - min) / (max - min) : 0;
        outcomes.data[i * goals + g] += (place - 0.3 - 0.4 * g) * (place - 0.3 - 0.4 * g);
      });
    }
  }
  return { rows, outcomes };
}

const options = (given: Partial<PlanOptions> = {}): PlanOptions => ({
  batchSize: 3,
  rng: createRng(7),
  ...given,
});

const rowsOf = (plan: Plan): string[] => plan.proposals.map(({ row }) => row.join(" "));

for (const spec of Object.values<PlannerSpec>(planners)) {
  const goal: TargetGoal = spec.supports.needsLimit === true ? { ...plain, high: 0.5 } : plain;
  describe(`planner ${spec.name}`, () => {
    for (const [kind, make] of Object.entries(makers)) {
      it(`proposes feasible, new and different designs of a ${kind} space`, async () => {
        const space = await make();
        const problem = { space, goals: [goal] };
        const observations = observed(space, 8);
        const plan = await spec.plan(problem, observations, options());
        assert.equal(plan.proposals.length, 3);
        for (const { row } of plan.proposals) assert.ok(space.isFeasible(row));
        const known = new Set(
          Array.from({ length: 8 }, (_, i) => rowOf(observations.rows, i).join(" ")),
        );
        const own = new Set(rowsOf(plan));
        assert.equal(own.size, 3);
        for (const row of own) assert.ok(!known.has(row));
      });
    }

    it("gives the same plan for the same seed, and leaves its input alone", async () => {
      const space = await makers.mixed();
      const observations = observed(space, 8);
      const before = observations.rows.data.slice();
      const [one, two] = [
        await spec.plan({ space, goals: [goal] }, observations, options()),
        await spec.plan({ space, goals: [goal] }, observations, options()),
      ];
      assert.deepEqual(one, two);
      assert.deepEqual(observations.rows.data, before);
    });

    it("hands out what is left of a small space, says so, and refuses when nothing is", async () => {
      const space = await freeSpace([levels("a", 6)]);
      const problem: ExperimentProblem = { space, goals: [goal] };
      const all = [...space.enumerate()];
      const rowsFrom = (some: readonly Float64Array[]): Matrix =>
        matrix(some.length, 1, Float64Array.from(some.flatMap((row) => [...row])));
      const few: Observations = {
        rows: rowsFrom(all.slice(0, 4)),
        outcomes: matrix(4, 1, Float64Array.of(3, 2, 1, 2)),
      };
      const plan = await spec.plan(problem, few, options());
      assert.deepEqual([...rowsOf(plan)].sort(), ["4", "5"]);
      assert.match(plan.warnings.join("\n"), /only 2 are left/);
      await assert.rejects(
        spec.plan(problem, few, options({ exclude: rowsFrom(all.slice(4)) })),
        InfeasibleError,
      );
    });

    it("proposes neither pending nor excluded designs, and stays inside a pool", async () => {
      const space = await freeSpace([levels("a", 20)]);
      const observations = observed(space, 4);
      const column = (values: readonly number[]): Matrix =>
        matrix(values.length, 1, Float64Array.from(values));
      const pool = column([1, 3, 5, 7, 9, 11, 13]);
      const plan = await spec.plan(
        { space, goals: [goal] },
        observations,
        options({ batchSize: 7, pool, pending: column([3]), exclude: column([9]) }),
      );
      const measured = new Set(observations.rows.data);
      for (const { row } of plan.proposals) {
        assert.ok([1, 5, 7, 11, 13].includes(row[0]));
        assert.ok(!measured.has(row[0]));
      }
    });

    it("plans with one measurement, a constant target, missing outcomes, and failures only", async () => {
      const space = await makers.mixed();
      const some = observed(space, 6);
      const constant = matrix(6, 1, new Float64Array(6).fill(5));
      const partial = matrix(6, 1, Float64Array.of(Number.NaN, 1, 2, Number.NaN, 3, 4));
      const none = { rows: matrix(0, space.dimension), outcomes: matrix(0, 1) };
      const cases: Observations[] = [
        observed(space, 1),
        { rows: some.rows, outcomes: constant },
        { rows: some.rows, outcomes: partial },
        ...(spec.supports.least > 0 ? [] : [{ ...none, infeasible: some.rows }]),
      ].filter((one) => one.rows.rows >= spec.supports.least || spec.supports.least === 0);
      for (const observations of cases) {
        const plan = await spec.plan({ space, goals: [goal] }, observations, options());
        assert.equal(plan.proposals.length, 3);
      }
    });

    if (spec.supports.perBatch) {
      it("keeps one value for a whole batch where that is asked for", async () => {
        const space = await makers.mixed();
        for (const n of [1, 9]) {
          for (const shared of ["temperature", "route"]) {
            const problem = { space, goals: [goal], perBatch: [shared] };
            const plan = await spec.plan(problem, observed(space, n), options({ batchSize: 4 }));
            const column = space.columns.findIndex(({ label }) => label === shared);
            assert.equal(plan.proposals.length, 4);
            assert.equal(new Set(plan.proposals.map(({ row }) => row[column])).size, 1);
            assert.equal(new Set(rowsOf(plan)).size, 4);
            for (const { row } of plan.proposals) assert.ok(space.isFeasible(row));
          }
        }
        const unknown = { space, goals: [goal], perBatch: ["oven"] };
        await assert.rejects(spec.plan(unknown, observed(space, 9), options()), InputError);
      });
    }

    it("refuses unusable observations and options", async () => {
      const space = await makers.box();
      const problem = { space, goals: [goal] };
      const good = observed(space, 5);
      const attempt = (
        observations: Observations,
        given: Partial<PlanOptions> = {},
      ): Promise<Plan> => spec.plan(problem, observations, options(given));
      const infinite = matrix(5, 1, Float64Array.of(1, 2, Number.POSITIVE_INFINITY, 3, 4));
      await assert.rejects(attempt({ ...good, outcomes: infinite }), InputError);
      await assert.rejects(attempt({ ...good, outcomes: matrix(4, 1) }), ShapeError);
      await assert.rejects(attempt({ ...good, rows: matrix(5, 2) }), ShapeError);
      await assert.rejects(attempt(good, { batchSize: 0 }), InputError);
      await assert.rejects(attempt(good, { exploration: 2 }), InputError);
      await assert.rejects(spec.plan(problem, good, options(), { nonsense: 1 }), InputError);
    });
  });
}

describe("a pool", () => {
  it("is gone through without its copies, whatever lies between them, in its order", async () => {
    const space = await unitBox(3);
    const rng = createRng("copies");
    const rows: Float64Array[] = [];
    for (let i = 0; i < 300; i++) {
      const row = Float64Array.from({ length: 3 }, () => rng.integer(5) / 4);
      rows.push(rng.uniform() < 0.5 ? row : row.map((x) => Math.max(0, x - 1e-7)));
    }
    const distinct = new Set(rows.map((row) => row.map((x) => Math.round(4 * x)).join(" ")));
    const pool = matrix(300, 3, Float64Array.from(rows.flatMap((row) => [...row])));
    const problem = { space, goals: [plain] };
    const none = { rows: matrix(0, 3), outcomes: matrix(0, 1) };
    const plan = await planners.random.plan(problem, none, options({ batchSize: 300, pool }));
    assert.equal(plan.proposals.length, distinct.size);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { Progress } from "../core/work.ts";
import type { SearchSpace } from "../space/contract.ts";
import { createSpace } from "../space/create-space.ts";
import type { SearchOptions, SearchProblem, SearchResult, StrategySpec } from "./contract.ts";
import { freeSpace, levels, scoreRows, unitBox } from "./fixtures/spaces.ts";
import { dominates } from "./pareto/dominance.ts";
import { strategies } from "./registry.ts";

const elements = ["Al", "Ti", "V", "Cr", "Nb"].map((symbol) => ({ symbol, min: 0.05, max: 0.5 }));

/** Spaces of every kind; each strategy is tested on those that it supports. */
const makers: Record<string, () => Promise<SearchSpace>> = {
  box: () => unitBox(4),
  lattice: () => freeSpace(["a", "b", "c"].map((name) => levels(name, 30))),
  mixed: () =>
    freeSpace([
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
      levels("passes", 5),
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
      { kind: "continuous", name: "fixed", unit: "1", min: 2, max: 2 },
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
      constraints: [
        {
          kind: "linear",
          text: "Al + Cr <= 0.4",
          coefficients: { Al: 1, Cr: 1 },
          relation: "<=",
          bound: 0.4,
        },
      ],
      quantities: [],
    }),
  blend: () =>
    freeSpace([
      { kind: "composition", name: "composition", elements, count: { min: 2, max: 4 } },
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
    ]),
};

const box = await makers.box();
const lattice = await makers.lattice();

/**
 * Two objectives that conflict in the first column, or their greater one alone; designs with more than 3
 * in the second miss a requirement.
 */
function conflict(
  space: SearchSpace,
  objectives = 2,
  onRows: (n: number) => void = () => {},
): SearchProblem {
  const first = space.columns[0];
  const scale = (x: number): number => (x - first.min) / (first.max - first.min || 1);
  const labels = ["near the low end", "near the high end"];
  return {
    space,
    objectives: labels.slice(-objectives).map((label) => ({ label })),
    evaluate(rows) {
      onRows(rows.rows);
      const violation = new Float64Array(rows.rows);
      const values = scoreRows(rows, objectives, (row, out) => {
        let rest = 0;
        for (let k = 1; k < row.length; k++) rest += row[k] * row[k];
        const pair = [scale(row[0]) + rest, 1 - scale(row[0]) + rest];
        out.set(objectives === 1 ? [Math.max(...pair)] : pair);
      });
      for (let i = 0; i < rows.rows; i++) violation[i] = Math.max(0, (rowOf(rows, i)[1] ?? 0) - 3);
      return { objectives: values, violation };
    },
  };
}

const options = (parts: Partial<SearchOptions> = {}): SearchOptions => ({
  batchSize: 10,
  budget: 600,
  rng: createRng(7),
  ...parts,
});

function isOutside({ supports }: StrategySpec, space: SearchSpace): boolean {
  return space.count() === "uncountable" ? !supports.continuous : !supports.discrete;
}

/** The least budget with which a strategy accepts the space. */
function budgetFor(spec: StrategySpec, space: SearchSpace): number {
  const count = space.count();
  return spec.supports.continuous || count === "uncountable" ? 600 : Number(count);
}

const rowsOf = (m: Matrix): string[] =>
  Array.from({ length: m.rows }, (_, i) => rowOf(m, i).join(" "));

function requireSound(space: SearchSpace, result: SearchResult, problem: SearchProblem): void {
  const { rows, evaluation, rank } = result;
  assert.equal(rank.length, rows.rows);
  assert.equal(new Set(rowsOf(rows)).size, rows.rows, "rows are different");
  for (let i = 0; i < rows.rows; i++) assert.ok(space.isFeasible(rowOf(rows, i)));
  assert.deepEqual(evaluation, problem.evaluate(rows), "scores are those of the rows");
  for (let i = 1; i < rows.rows; i++) {
    assert.ok(rank[i - 1] <= rank[i]);
    assert.ok(!(evaluation.violation[i - 1] > 0 && evaluation.violation[i] === 0));
  }
  for (let i = 0; i < rows.rows; i++) {
    for (let j = 0; j < rows.rows; j++) {
      if (rank[i] !== rank[j] || evaluation.violation[i] > 0) continue;
      assert.ok(
        !dominates(evaluation.objectives.data, problem.objectives.length, i, j),
        "a rank does not dominate itself",
      );
    }
  }
}

for (const spec of Object.values(strategies) as StrategySpec[]) {
  const { min, max } = spec.supports.objectives;
  const objectives = Math.min(2, max);
  const conflicting = (space: SearchSpace, onRows?: (n: number) => void): SearchProblem =>
    conflict(space, objectives, onRows);
  describe(`strategy ${spec.name}`, async () => {
    for (const [kind, make] of Object.entries(makers)) {
      const space = await make();
      if (isOutside(spec, space)) {
        it(`refuses a ${kind} space`, async () => {
          await assert.rejects(spec.search(conflicting(space), options()), { code: "unsupported" });
        });
        continue;
      }
      const budget = budgetFor(spec, space);

      it(`returns the batch from a ${kind} space: feasible, different, best first, in the budget`, async () => {
        let scored = 0;
        const problem = conflicting(space, (n) => (scored += n));
        const result = await spec.search(problem, options({ budget }));
        assert.equal(result.evaluated, scored);
        assert.ok(scored <= budget);
        assert.equal(result.rows.rows, 10);
        requireSound(space, result, problem);
        assert.equal(result.evaluation.violation[0], 0);
      });

      it(`gives the same for the same seed and input on a ${kind} space, and leaves inputs alone`, async () => {
        const start = space.sample(3, createRng(1));
        const given = { start, exclude: space.sample(2, createRng(2)), budget };
        const copy = start.data.slice();
        // Side by side, each on a space of its own.
        const [one, two] = await Promise.all([
          spec.search(conflicting(await make()), options(given)),
          spec.search(conflicting(await make()), options({ ...given, rng: createRng(7) })),
        ]);
        assert.deepEqual(one, two);
        assert.deepEqual(start.data, copy);
      });

      it(`hands back no excluded design of a ${kind} space`, async () => {
        const first = await spec.search(conflicting(space), options({ budget, batchSize: 1 }));
        const next = await spec.search(
          conflicting(space),
          options({ budget, exclude: first.rows }),
        );
        assert.ok(!rowsOf(next.rows).includes(rowsOf(first.rows)[0]));
        assert.equal(next.rows.rows, 10);
      });
    }

    const wide = budgetFor(spec, lattice);

    it("reports progress that only grows and ends complete, and a history up to the last design", async () => {
      const seen: Progress[] = [];
      const result = await spec.search(
        conflicting(lattice),
        options({ budget: wide, work: { report: (progress) => seen.push(progress) } }),
      );
      assert.ok(seen.length > 0);
      for (let i = 1; i < seen.length; i++) assert.ok(seen[i].done >= seen[i - 1].done);
      assert.equal(seen.at(-1)!.done, seen.at(-1)!.total);
      assert.equal(result.history.at(-1)!.evaluated, result.evaluated);
      for (let i = 1; i < result.history.length; i++) {
        const [before, after] = [result.history[i - 1], result.history[i]];
        assert.ok(after.evaluated > before.evaluated && after.feasible >= before.feasible);
        after.best.forEach((value, k) => assert.ok(value! <= (before.best[k] ?? Infinity)));
      }
    });

    it("stops with the signal's reason", async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      let chunks = 0;
      const problem = conflicting(lattice, () => {
        if (++chunks === 2) stop.abort(reason);
      });
      const work = { signal: stop.signal };
      const settings = "chunkSize" in spec.defaults ? { chunkSize: 100 } : {};
      const cancelled = spec.search(problem, options({ budget: wide, work }), settings);
      await assert.rejects(cancelled, (error) => error === reason);
      assert.equal(chunks, 2);
    });

    it("returns every design of a space smaller than the batch", async () => {
      const small = await freeSpace([levels("a", 3), levels("b", 2)]);
      const result = await spec.search(conflicting(small), options({ batchSize: 50 }));
      assert.equal(result.rows.rows, 6);
      requireSound(small, result, conflicting(small));
    });

    it("returns the only design of a space of one", async () => {
      const point = await freeSpace([levels("a", 1)]);
      const result = await spec.search(conflicting(point), options({ batchSize: 5 }));
      assert.deepEqual(rowsOf(result.rows), ["0"]);
    });

    it("finds the best of one objective", { skip: min > 1 }, async () => {
      const problem: SearchProblem = {
        space: lattice,
        objectives: [{ label: "distance" }],
        evaluate: (rows) => ({
          objectives: scoreRows(rows, 1, (row, out) => {
            out[0] = row.reduce((sum, x) => sum + (x - 17) * (x - 17), 0);
          }),
          violation: new Float64Array(rows.rows),
        }),
      };
      const result = await spec.search(problem, options({ budget: Math.max(wide, 5000) }));
      // Blind draws of 5,000 in 27,000 come near; the others hit it.
      assert.ok(
        result.evaluation.objectives.data[0] <= 12,
        `${result.evaluation.objectives.data[0]}`,
      );
    });

    it("refuses what it cannot use", async () => {
      const fails = async (
        code: string,
        parts: Partial<SearchOptions>,
        problem = conflicting(lattice),
      ) => assert.rejects(spec.search(problem, options({ budget: wide, ...parts })), { code });
      await fails("input", { batchSize: 0 });
      await fails("input", { batchSize: 1.5 });
      await fails("input", { budget: 5 });
      await fails("input", { budget: Number.NaN });
      await fails("input", { tolerance: -1 });
      await fails("shape", { start: matrix(1, 9) });
      await fails("shape", { exclude: matrix(1, 9) });
      const crowd = Array.from({ length: max + 1 }, () => ({
        label: "f",
      }));
      await fails("unsupported", {}, { ...conflicting(lattice), objectives: crowd });
      await fails("unsupported", {}, { ...conflicting(lattice), objectives: [] });
      await assert.rejects(
        spec.search(conflicting(lattice), options({ budget: wide }), { colour: "red" }),
        { code: "input" },
      );
    });

    it("says which score is not a number", async () => {
      const broken: SearchProblem = {
        ...conflicting(lattice),
        evaluate: (rows) => ({
          objectives: scoreRows(rows, objectives, (_, out) =>
            out.fill(1).set([Number.NaN], objectives - 1),
          ),
          violation: new Float64Array(rows.rows),
        }),
      };
      await assert.rejects(spec.search(broken, options({ budget: wide })), {
        code: "numerical",
        message: /near the high end/,
      });
    });

    it("takes scores that come later", async () => {
      const now = conflicting(lattice);
      const later: SearchProblem = { ...now, evaluate: async (rows) => now.evaluate(rows) };
      assert.deepEqual(
        await spec.search(later, options({ budget: wide })),
        await spec.search(now, options({ budget: wide })),
      );
    });
  });
}

describe("strategies", () => {
  it("are listed under their own names with plain settings", () => {
    for (const [name, spec] of Object.entries(strategies)) {
      assert.equal(spec.name, name);
      assert.deepEqual(JSON.parse(JSON.stringify(spec.defaults)), spec.defaults);
    }
  });

  it("score the designs to start from", async () => {
    // The optimum is too rare to be hit by chance.
    const target = [0.123, 0.456, 0.789, 0.5];
    const problem: SearchProblem = {
      space: box,
      objectives: [{ label: "distance" }],
      evaluate: (rows) => ({
        objectives: scoreRows(rows, 1, (row, out) => {
          out[0] = row.reduce((sum, x, k) => sum + Math.abs(x - target[k]), 0);
        }),
        violation: new Float64Array(rows.rows),
      }),
    };
    const ones = (Object.values(strategies) as StrategySpec[]).filter(
      ({ supports }) => supports.objectives.min === 1 && supports.continuous,
    );
    assert.ok(ones.length > 2);
    for (const spec of ones) {
      const { rows } = await spec.search(problem, options({ start: matrixOf([target]) }));
      assert.deepEqual([...rowOf(rows, 0)], target);
    }
  });

  it("tell how many designs a grid has when the budget is too small for it", async () => {
    await assert.rejects(
      strategies.grid.search(conflict(lattice), options({ budget: 600 })),
      (error: { code: string; message: string }) =>
        error.code === "input" && error.message.includes("27000"),
    );
  });
});

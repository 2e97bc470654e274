import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { mean, standardDeviation } from "../../core/statistics.ts";
import { buildTable } from "../../data/build-table.ts";
import type { Table } from "../../data/contract.ts";
import type { TargetGoal } from "../../search/objectives.ts";
import { backtest } from "./backtest.ts";
import { backtestSentence } from "./backtest-sentence.ts";
import type { BacktestOptions } from "./contract.ts";
import { modelLaboratory } from "./model-laboratory.ts";
import { pairedComparison } from "./paired-comparison.ts";
import { chanceOfOne, drawsToShare, medianDrawsToOne } from "./random-draws.ts";
import { replay } from "./replay.ts";
import { tablePool } from "./table-pool.ts";
import { courseOf, makeYardstick } from "./yardstick.ts";

const tableOf = (
  headers: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Table =>
  buildTable({
    source: "test.csv",
    headers: [...headers],
    rows: rows.map((row) => [...row]),
    notes: [],
    place: (i) => `row ${i + 1}`,
  });

/** A 12 x 12 grid with its best in one corner. */
const corner = tableOf(
  ["a", "b", "yield"],
  Array.from({ length: 144 }, (_, i) => {
    const [a, b] = [i % 12, Math.floor(i / 12)];
    return [a, b, 100 - (a - 11) * (a - 11) - 2 * (b - 11) * (b - 11)];
  }),
);
const cornerPool = await tablePool(corner, {
  targets: ["yield -> maximise"],
  replicates: "mean",
});
const options = (given: Partial<BacktestOptions> = {}): BacktestOptions => ({
  budget: 12,
  batchSize: 1,
  initial: 3,
  seeds: 6,
  seed: 0,
  planner: "space-filling",
  ...given,
});
const rowTexts = ({ rows }: { rows: Matrix }): string[] =>
  Array.from({ length: rows.rows }, (_, i) => rowOf(rows, i).join(" "));

describe("replay", () => {
  it("starts every planner with the same designs and measures none twice", async () => {
    const runs = await Promise.all(
      ["random", "space-filling"].map((planner) =>
        replay(cornerPool, options({ planner, budget: 20, batchSize: 4 }), createRng(5)),
      ),
    );
    const [one, two] = runs.map(rowTexts);
    assert.deepEqual(one.slice(0, 3), two.slice(0, 3));
    assert.notDeepEqual(one.slice(3), two.slice(3));
    for (const run of [one, two]) assert.equal(new Set(run).size, 20);
  });

  it("ends when the pool does", async () => {
    const small = tableOf(
      ["a", "yield"],
      Array.from({ length: 7 }, (_, i) => [i, i * i]),
    );
    const pool = await tablePool(small, { targets: ["yield -> maximise"], replicates: "mean" });
    const run = await replay(pool, options({ budget: 12, batchSize: 4 }), createRng(1));
    assert.equal(new Set(rowTexts(run)).size, 7);
  });

  it("stops when cancelled and tells how far it is", async () => {
    const controller = new AbortController();
    let told = 0;
    const work = {
      signal: controller.signal,
      report: () => {
        told++;
        controller.abort(new Error("stopped"));
      },
    };
    await assert.rejects(replay(cornerPool, options({ work }), createRng(1)), /stopped/);
    assert.equal(told, 1);
  });

  it("refuses sizes that leave nothing to plan", async () => {
    for (const given of [{ initial: 12 }, { budget: 0 }, { batchSize: 0 }, { initial: 0 }]) {
      await assert.rejects(replay(cornerPool, options(given), createRng(1)), InputError);
    }
  });
});

describe("tablePool", () => {
  const replicated = tableOf(
    ["a", "route", "yield"],
    [
      [1, "cast", 10],
      [1, "cast", 20],
      [2, "cast", 5],
      [2, "wrought", 7],
      [3, "wrought", null],
    ],
  );

  it("merges replicates, leaves out incomplete rows and tells both", async () => {
    const pool = await tablePool(replicated, {
      targets: ["yield -> maximise"],
      replicates: "mean",
    });
    assert.deepEqual(pool.inputs, ["a", "route"]);
    assert.equal(pool.pool.rows, 3);
    assert.deepEqual([...(await pool.truth(pool.pool)).data], [15, 5, 7]);
    assert.match(pool.notes.join(" "), /1 of 5 rows lack/);
    assert.match(pool.notes.join(" "), /4 rows are measurements of 3 different designs/);
  });

  it("draws one replicate at a time where asked, and counts progress by their mean", async () => {
    const pool = await tablePool(replicated, {
      targets: ["yield -> maximise"],
      replicates: "draw",
    });
    const rng = createRng(0);
    const drawn = new Set<number>();
    for (let k = 0; k < 40; k++) drawn.add((await pool.measure(pool.pool, rng)).data[0]);
    assert.deepEqual(drawn, new Set([10, 20]));
    assert.deepEqual([...(await pool.truth(pool.pool)).data], [15, 5, 7]);
  });

  it("takes classes as wanted or not, and refuses a target among the inputs", async () => {
    const pool = await tablePool(replicated, {
      targets: ["route is cast"],
      inputs: ["a"],
      replicates: "mean",
    });
    assert.deepEqual([...(await pool.truth(pool.pool)).data], [1, 0.5, 0]);
    await assert.rejects(
      tablePool(replicated, {
        targets: ["yield -> maximise"],
        inputs: ["a", "yield"],
        replicates: "mean",
      }),
      InputError,
    );
  });
});

describe("yardstick", () => {
  const maximise: TargetGoal = { label: "y", kind: "maximise", low: null, high: null, scale: 1 };

  it("counts the best 5 % with ties, and follows best and share along a campaign", () => {
    const values = matrixOf(Array.from({ length: 40 }, (_, i) => [Math.min(i, 37)]));
    const yardstick = makeYardstick([maximise], values);
    // Two of forty are 5 %; 37, 38 and 39 are level.
    assert.equal(yardstick.top, 3);
    assert.equal(yardstick.best, -37);
    const course = courseOf(yardstick, [maximise], matrixOf([[3], [37], [10], [37]]));
    assert.deepEqual([...course.share], [0, 1 / 3, 1 / 3, 2 / 3]);
    assert.deepEqual([...course.best], [-3, -37, -37, -37]);
  });

  it("counts only designs that meet the requirements", () => {
    const cheap: TargetGoal = { label: "c", kind: "range", low: null, high: 5, scale: 1 };
    const values = matrixOf([
      [9, 6],
      [8, 5],
      [1, 1],
    ]);
    const yardstick = makeYardstick([maximise, cheap], values);
    assert.equal(yardstick.best, -8);
    const course = courseOf(yardstick, [maximise, cheap], values);
    assert.ok(Number.isNaN(course.best[0]));
    assert.equal(course.best[1], -8);
  });

  it("counts all designs that meet the targets where those are requirements alone", () => {
    const cheap: TargetGoal = { label: "c", kind: "range", low: null, high: 5, scale: 1 };
    const yardstick = makeYardstick([cheap], matrixOf([[6], [5], [1], [9]]));
    assert.equal(yardstick.top, 2);
    assert.equal(yardstick.best, null);
    const course = courseOf(yardstick, [cheap], matrixOf([[9], [1]]));
    assert.deepEqual([...course.share], [0, 0.5]);
  });

  it("measures several objectives by hypervolume and front", () => {
    const minimise: TargetGoal = { ...maximise, kind: "minimise", high: 4 };
    const goals = [minimise, { ...minimise, label: "z" }];
    const values = matrixOf([
      [1, 3],
      [3, 1],
      [2, 2],
      [3, 3],
    ]);
    const yardstick = makeYardstick(goals, values);
    assert.equal(yardstick.top, 3);
    // Boxes up to (4, 4): 3 + 3 + 4 - overlaps 2 + 2 = 6 in all.
    assert.equal(yardstick.volume, 6);
    const course = courseOf(
      yardstick,
      goals,
      matrixOf([
        [3, 3],
        [2, 2],
        [1, 3],
      ]),
    );
    assert.deepEqual([...course.hypervolume], [1 / 6, 4 / 6, 5 / 6]);
    assert.deepEqual([...course.share], [0, 1 / 3, 2 / 3]);
  });
});

describe("random draws", () => {
  it("follow the hypergeometric distribution", () => {
    // 1 - C(8, 3) / C(10, 3) = 1 - 56 / 120.
    assert.ok(Math.abs(chanceOfOne(10, 2, 3) - (1 - 56 / 120)) < 1e-12);
    assert.equal(medianDrawsToOne(10, 2), 3);
    assert.equal(medianDrawsToOne(100, 100), 1);
    assert.equal(medianDrawsToOne(100, 0), null);
    assert.equal(drawsToShare(600, 0.5), 300);
  });
});

describe("pairedComparison", () => {
  it("gives the sign-flip chance: 2 of 32 for five differences of one sign", () => {
    const arm = (values: readonly number[]) => values.map((value) => [value]);
    const rng = createRng(1);
    const { pValue, difference } = pairedComparison(
      "y",
      arm([1, 2, 3, 4, 5]),
      arm([0, 0, 0, 0, 0]),
      rng,
    );
    assert.equal(difference, 3);
    // 2,000 tosses of a chance of 0.0625: standard deviation 0.0054.
    assert.ok(Math.abs(pValue - 0.0625) < 5 * 0.0054);
  });

  it("gives an interval of about 1.96 standard errors for many seeds, and a verdict", () => {
    const rng = createRng(2);
    const values = Array.from({ length: 200 }, () => [0.5 + rng.normal()]);
    const none = values.map(() => [0]);
    const one = pairedComparison("y", values, none, rng);
    const flat = values.flat();
    const half = (1.96 * standardDeviation(flat)) / Math.sqrt(200);
    assert.ok(Math.abs(one.low - (mean(flat) - half)) < 0.15 * half);
    assert.ok(Math.abs(one.high - (mean(flat) + half)) < 0.15 * half);
    assert.equal(one.verdict, "better");
    assert.equal(pairedComparison("y", none, values, rng).verdict, "worse");
  });
});

describe("backtest", () => {
  it("finds no difference between random designs and themselves", async () => {
    const result = await backtest(cornerPool, options({ planner: "random" }));
    assert.equal(result.comparison.difference, 0);
    assert.equal(result.comparison.pValue, 1);
    assert.equal(result.comparison.verdict, "no difference shown");
    assert.deepEqual(result.curves.planner, result.curves.random);
  });

  it("gives random designs an enhancement of one on average", async () => {
    const result = await backtest(
      cornerPool,
      options({ planner: "random", seeds: 200, budget: 72, batchSize: 23 }),
    );
    // Half of the pool finds half of the top; means of 200 runs of 8 top designs.
    const share = result.curves.planner.share!.median.at(-1)!;
    assert.ok(Math.abs(share - 0.5) <= 0.125);
    assert.ok(Math.abs(result.enhancement!.median - 1) <= 0.25);
  });

  it("is the same for the same seed", async () => {
    const run = () => backtest(cornerPool, options({ seeds: 2 }));
    assert.equal(JSON.stringify(await run()), JSON.stringify(await run()));
  });

  it("shows regret falling to zero over the whole table, with its curves as long as the budget", async () => {
    const result = await backtest(cornerPool, options({ budget: 144, batchSize: 47, seeds: 2 }));
    const { regret, best, share } = result.curves.planner;
    assert.equal(regret!.median.length, 144);
    assert.equal(regret!.median.at(-1), 0);
    assert.equal(best!.median.at(-1), 100);
    assert.equal(share!.median.at(-1), 1);
  });

  it("simulates campaigns on a model with noise", async () => {
    const { problem } = cornerPool;
    const model = {
      predict: (rows: Matrix) => {
        const values = matrix(rows.rows, 1);
        for (let i = 0; i < rows.rows; i++) values.data[i] = rowOf(rows, i)[0]!;
        return { mean: values, epistemicStd: values, aleatoricStd: values };
      },
    };
    const laboratory = modelLaboratory(problem, [model], [2]);
    const rows = matrix(4000, 2);
    const noise = Array.from((await laboratory.measure(rows, createRng(0))).data);
    assert.ok(Math.abs(standardDeviation(noise) - 2) < 0.1);
    const result = await backtest(laboratory, options({ seeds: 2 }));
    assert.equal(result.pool, null);
    assert.equal(result.enhancement, null);
    assert.equal(result.curves.planner.share, null);
    const regret = result.curves.planner.regret!.median;
    regret.forEach((value, i) => assert.ok(i === 0 || value! <= regret[i - 1]!));
  });
});

describe("backtestSentence", () => {
  it("says in plain words what was shown", async () => {
    const result = await backtest(cornerPool, options({ planner: "random", seeds: 2 }));
    const acceleration = [{ level: "one of the top 5 %", planner: 9, random: 41, factor: 41 / 9 }];
    const facts = { ...result, acceleration, seeds: 50 };
    assert.match(
      backtestSentence(facts, "Bayesian optimisation"),
      /^Bayesian optimisation would have found one of the top 5 % after 9 experiments instead of 41 at random \(median of 50 repeats\)\./,
    );
    assert.match(
      backtestSentence({ ...facts, acceleration: [{ ...acceleration[0], planner: null }] }, "X"),
      /^X would not have found one of the top 5 % within 12 experiments .*random designs need 41\./,
    );
    assert.match(backtestSentence(facts, "X"), /A difference to random designs is not shown/);
  });
});

import { InfeasibleError } from "../../src/core/errors.ts";
import { rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { createSpace } from "../../src/space/create-space.ts";
import {
  anyChoices,
  anyFeasibleSpace,
  anyRow,
  objectionTo,
  valuesOf,
} from "../../src/space/fixtures/any-space.ts";
import type { Bench, BenchRow } from "../harness.ts";

/** Random sets of constraints. */
const SETS = 10_000;
const CHOICE_SETS = 2_000;

/**
 * Whether every row that a space hands out is a design, over random feasible sets of constraints (fractions,
 * counts, groups, sums, products, regions left out, conditional parameters), tested by arithmetic apart from
 * the space; and whether sets that are refused truly have no design, by listing all choices.
 */
export const feasibilityBench: Bench = {
  name: "feasibility",
  summary:
    "rows of random mixed spaces against constraints, refused sets against lists of all designs",
  cases: ["feasible", "refused"],
  async run(log, only) {
    const rows: BenchRow[] = [];
    if (only !== "refused") rows.push(...(await feasibleSets(log)));
    if (only !== "feasible") rows.push(...(await refusedSets(log)));
    return rows;
  },
};

async function feasibleSets(log: (line: string) => void): Promise<BenchRow[]> {
  let handedOut = 0;
  let wrong = 0;
  let failed = 0;
  for (let seed = 0; seed < SETS; seed++) {
    if (seed % 1000 === 0) log(`feasible sets: ${seed} of ${SETS}`);
    const rng = createRng(seed);
    const any = await anyFeasibleSpace(rng.fork("space"));
    try {
      const space = await createSpace(any.spec);
      const wild = rng.fork("wild");
      const draws = space.sample(5, rng.fork("draws"));
      const near = space.neighbours(rowOf(draws, 0));
      const all = [
        ...Array.from({ length: draws.rows }, (_, i) => rowOf(draws, i)),
        ...Array.from({ length: near.rows }, (_, i) => rowOf(near, i)),
        ...Array.from({ length: 4 }, () => space.repair(anyRow(wild, space.columns))),
        ...Array.from({ length: 4 }, () =>
          space.fromUnit(Float64Array.from({ length: space.unitDimension }, () => wild.uniform())),
        ),
      ];
      handedOut += all.length;
      for (const row of all) {
        const objection = objectionTo(any, valuesOf(any.parameters, space.columns, row));
        if (objection === null && space.isFeasible(row)) continue;
        wrong++;
        log(`seed ${seed}: ${objection ?? "isFeasible says no"}`);
      }
    } catch (error) {
      failed++;
      log(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const note = `${handedOut} rows of ${SETS} sets`;
  return [
    {
      case: "rows that are no design",
      value: wrong,
      unit: "1",
      target: "0",
      pass: wrong === 0,
      note,
    },
    { case: "feasible sets refused", value: failed, unit: "1", target: "0", pass: failed === 0 },
  ];
}

async function refusedSets(log: (line: string) => void): Promise<BenchRow[]> {
  let refused = 0;
  let wrong = 0;
  let untrue = 0;
  for (let seed = 0; seed < CHOICE_SETS; seed++) {
    if (seed % 500 === 0) log(`sets of choices: ${seed} of ${CHOICE_SETS}`);
    const any = await anyChoices(createRng(seed));
    const count = (texts: readonly string[]): number => {
      const rules = any.rules.filter(({ text }) => texts.includes(text));
      return any.designs.filter((one) => objectionTo({ ...any, rules }, one) === null).length;
    };
    const texts = any.rules.map(({ text }) => text);
    try {
      const space = await createSpace(any.spec);
      if (space.count() !== BigInt(count(texts))) wrong++;
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error;
      refused++;
      if (count(texts) > 0) wrong++;
      for (const { constraints } of error.conflicts) {
        const named = constraints.filter((text) => texts.includes(text));
        const isMinimal =
          named.length < constraints.length ||
          named.every((text) => count(named.filter((one) => one !== text)) > 0);
        if (count(named) > 0 || !isMinimal) untrue++;
      }
    }
  }
  const note = `${refused} of ${CHOICE_SETS} sets refused`;
  return [
    {
      case: "counted or refused wrongly",
      value: wrong,
      unit: "1",
      target: "0",
      pass: wrong === 0,
      note,
    },
    {
      case: "conflicts untrue or too large",
      value: untrue,
      unit: "1",
      target: "0",
      pass: untrue === 0,
    },
  ];
}

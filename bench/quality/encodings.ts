import { existsSync } from "node:fs";
import { tablePool } from "../../src/campaign/backtest/table-pool.ts";
import { log } from "../../src/core/elementary.ts";
import { rowOf, takeRows, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { median, quantile, variance } from "../../src/core/statistics.ts";
import { numberColumn, textAt } from "../../src/data/table.ts";
import type { Table } from "../../src/data/contract.ts";
import { fitBelief } from "../../src/search/belief/fit-belief.ts";
import { planners } from "../../src/search/planning/registry.ts";
import type { Encoding, Parameter } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import { benchOf, type BenchRow } from "../harness.ts";
import { leastYield, reactionParameters, yieldAt } from "../problems/reaction-words.ts";
import { closeLoop, minimise } from "./closed-loop.ts";
import { furtherData } from "./tasks.ts";

const seeds = Number(process.env["YSTAR_BENCH_SEEDS"] ?? 20);
const encodings: readonly Encoding[] = ["one-hot", "descriptors", "learned"];
const protocol = { initial: 5, budget: 25 };

interface EncodingCase {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** What is best found in one loop; null where the data are missing. */
  run(encoding: Encoding, seed: number): Promise<number | null>;
  readonly isBetter: "smaller" | "larger";
}

const reaction = (name: string, title: string, mislead: boolean): EncodingCase => ({
  name,
  title,
  unit: "1",
  isBetter: "smaller",
  async run(encoding, seed) {
    const parameters = reactionParameters(encoding, mislead);
    const space = await createSpace({ parameters, constraints: [], quantities: [] });
    const loop = {
      space,
      goals: [minimise("minus the yield")],
      measure: (row: ArrayLike<number>) => [yieldAt(row)],
      batchSize: 1,
      ...protocol,
    };
    const { outcomes } = await closeLoop(loop, planners.bayesian, seed);
    return Math.min(...outcomes.data) - leastYield;
  },
});

/** How much of the variance of new designs a belief explains after so many random ones. */
const fit = (name: string, measured: number): EncodingCase => ({
  name,
  title: `12 solvents x 12 ligands, model of the log yield from ${measured} random designs: R2`,
  unit: "1",
  isBetter: "larger",
  async run(encoding, seed) {
    const parameters = reactionParameters(encoding, false);
    const space = await createSpace({ parameters, constraints: [], quantities: [] });
    const rng = createRng(`fit ${seed}`);
    const [rows, others] = [space.sample(measured, rng), space.sample(300, rng.fork("others"))];
    const valuesOf = (of: Matrix): Float64Array =>
      Float64Array.from({ length: of.rows }, (_, i) => log(1e-3 - yieldAt(rowOf(of, i))));
    const truth = valuesOf(others);
    const { belief } = await fitBelief(space.columns, rows, valuesOf(rows), { rng });
    const { mean } = belief.marginal(others);
    const left = mean.reduce((sum, m, i) => sum + (m - truth[i]) * (m - truth[i]), 0);
    return 1 - left / (truth.length * variance(truth, 0));
  },
});

interface ReactionSet {
  readonly file: string;
  readonly target: string;
  readonly inputs: readonly string[];
}

const pool = (name: string, title: string, set: ReactionSet): EncodingCase => ({
  name,
  title,
  unit: "% yield",
  isBetter: "larger",
  async run(encoding, seed) {
    const path = furtherData(`closed_loop_benchmarks/${set.file}`);
    if (!existsSync(path)) return null;
    const { table } = await loadDataset(path);
    const { table: molecules } = await loadDataset("bench/data/molecules.csv");
    const { target, inputs } = set;
    const made = await tablePool(table, { targets: [target], inputs, replicates: "mean" });
    const parameters = made.setup.space.parameters.map((one) =>
      described(one, molecules, encoding),
    );
    const space = await createSpace({ parameters, constraints: [], quantities: [] });
    const rng = createRng(`loop ${seed}`);
    const order = createRng(`start ${seed}`).permutation(made.pool.rows);
    let rows = takeRows(made.pool, order.slice(0, protocol.initial));
    while (rows.rows < protocol.initial + protocol.budget) {
      const plan = await planners.bayesian.plan(
        { space, goals: made.problem.goals },
        { rows, outcomes: await made.truth(rows) },
        { batchSize: 1, pool: made.pool, rng: rng.fork(`round ${rows.rows}`) },
      );
      rows = joined(rows, plan.proposals[0].row);
    }
    return Math.max(...(await made.truth(rows)).data);
  },
});

function joined(rows: Matrix, row: Float64Array): Matrix {
  const more = {
    rows: rows.rows + 1,
    columns: rows.columns,
    data: new Float64Array(rows.data.length + row.length),
  };
  more.data.set(rows.data);
  rowOf(more, rows.rows).set(row);
  return more;
}

/** Words of a reaction with the descriptors of their molecules. */
function described(parameter: Parameter, molecules: Table, encoding: Encoding): Parameter {
  if (parameter.kind !== "categorical") return parameter;
  const [word, ...known] = molecules.columns;
  const names = Array.from({ length: molecules.rows }, (_, i) => textAt(word, i));
  const places = parameter.values.map((value) => names.indexOf(value));
  if (places.includes(-1)) throw new Error(`molecules.csv lacks a word of ${parameter.name}`);
  const descriptors = known.map(({ name }) => {
    const { values, unit } = numberColumn(molecules, name);
    return { name, unit, values: places.map((at) => values[at]) };
  });
  return { ...parameter, descriptors, encoding };
}

const cases: readonly EncodingCase[] = [
  reaction(
    "follows",
    "12 solvents x 12 ligands, effect follows the descriptors, 5 + 25 one by one: regret",
    false,
  ),
  reaction("misleads", "the same with descriptors of other words, 5 + 25 one by one: regret", true),
  fit("fit-40", 40),
  fit("fit-120", 120),
  pool("arylation", "direct arylation, 1728 designs, 5 + 25: best yield", {
    file: "direct_arylation_1728.csv",
    target: "yield -> maximise",
    inputs: ["base", "ligand", "solvent", "concentration_m", "temperature"],
  }),
  pool("suzuki", "Suzuki EDBO, 3696 designs, 5 + 25: best yield", {
    file: "olympus/suzuki_edbo.csv",
    target: "yield -> maximise",
    inputs: ["electrophile", "nucleophile", "base", "ligand", "solvent"],
  }),
  pool("buchwald", "Buchwald a, 792 designs, 5 + 25: best yield", {
    file: "olympus/buchwald_a.csv",
    target: "yield -> maximise",
    inputs: ["aryl_halide", "additive", "base", "ligand"],
  }),
];

async function measureCase(one: EncodingCase, log: (line: string) => void): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  let peer: number | null = null;
  for (const encoding of encodings) {
    const found: number[] = [];
    const begin = process.cpuUsage();
    for (let seed = 1; seed <= seeds; seed++) {
      const value = await one.run(encoding, seed);
      if (value === null) {
        return [
          {
            case: one.title,
            value: null,
            unit: one.unit,
            note: "no data; see bench/data/README.md",
          },
        ];
      }
      found.push(value);
    }
    const used = process.cpuUsage(begin);
    const cpuSeconds = (used.user + used.system) / 1e6 / seeds;
    const middle = median(found);
    log(`${one.name} ${encoding}: ${middle.toPrecision(4)}`);
    rows.push({
      case: `${one.title}, ${encoding}`,
      value: middle,
      unit: one.unit,
      spread: (quantile(found, 0.75) - quantile(found, 0.25)) / 2,
      repeats: seeds,
      ...(encoding === "one-hot" ? {} : { peer: "one-hot", peerValue: peer }),
      note:
        `${one.isBetter} is better; quartiles ` +
        `${quantile(found, 0.25).toPrecision(4)} and ${quantile(found, 0.75).toPrecision(4)}, mean ` +
        `${(found.reduce((sum, value) => sum + value, 0) / seeds).toPrecision(4)}; ` +
        `${cpuSeconds.toPrecision(2)} s of processor a seed`,
    });
    if (encoding === "one-hot") peer = middle;
  }
  return rows;
}

/** Closed loops with the words of categories placed one-hot, by descriptors, or at learned places. */
export const encodingsBench = benchOf(
  {
    name: "encodings",
    summary:
      "Categories in Bayesian optimisation: one-hot, descriptors and learned places, same budget",
  },
  Object.fromEntries(cases.map((one) => [one.name, (log) => measureCase(one, log)] as const)),
);

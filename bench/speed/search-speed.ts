import { matrix, rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { median, quantile } from "../../src/core/statistics.ts";
import type { Observations } from "../../src/search/planning/contract.ts";
import { planners } from "../../src/search/planning/registry.ts";
import type { Constraint, Parameter, SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { benchOf, type BenchRow } from "../harness.ts";
import { minimise } from "../quality/closed-loop.ts";
import { nsga2Rows } from "./nsga2-speed.ts";

interface SpeedCase {
  readonly name: string;
  readonly title: string;
  readonly measured: number;
  readonly repeats: number;
  readonly mostSeconds: number;
  /** Outcomes to minimise; 1 when absent. */
  readonly objectives?: number;
  /** Designs that come at once; 1 when absent. */
  readonly batchSize?: number;
  /** Resident memory that the process may take, in MiB. */
  readonly mostMiB?: number;
  readonly peer?: string;
  readonly peerSeconds?: number;
  space(): Promise<SearchSpace>;
}

const symbols = ["Al", "Ti", "V", "Cr", "Nb", "Mo", "Fe", "Ni", "Co", "Cu", "W", "Zr"];
const sum = (
  text: string,
  of: readonly string[],
  relation: "<=" | ">=",
  bound: number,
): Constraint => ({
  kind: "linear",
  text,
  coefficients: Object.fromEntries(of.map((symbol) => [symbol, 1])),
  relation,
  bound,
});

const cases: readonly SpeedCase[] = [
  {
    name: "small",
    title: "60 measurements, 6 numbers",
    measured: 60,
    repeats: 30,
    mostSeconds: 0.04,
    peer: "BoTorch",
    peerSeconds: 0.9,
    space: () => spaceOf(box(6)),
  },
  {
    name: "large",
    title: "500 measurements, 10 numbers",
    measured: 500,
    repeats: 7,
    mostSeconds: 1,
    peer: "BoTorch",
    peerSeconds: 6,
    space: () => spaceOf(box(10)),
  },
  {
    name: "several",
    title: "qNEHVI q=4 n=86 d=2, 2 objectives",
    measured: 86,
    repeats: 15,
    mostSeconds: 0.3,
    objectives: 2,
    batchSize: 4,
    peer: "BoTorch",
    peerSeconds: 2.9,
    space: () => spaceOf(box(2)),
  },
  {
    name: "composition",
    title: "100 measurements, 3 of 12 components with limits on sums",
    measured: 100,
    repeats: 15,
    mostSeconds: 0.5,
    space: () =>
      spaceOf(
        [
          {
            kind: "composition",
            name: "composition",
            elements: symbols.map((symbol) => ({ symbol, min: 0.05, max: 0.9 })),
            count: { min: 3, max: 3 },
          },
        ],
        [
          sum("Al + Ti + V <= 0.6", symbols.slice(0, 3), "<=", 0.6),
          sum("Fe + Ni + Co + Cu >= 0.1", symbols.slice(6, 10), ">=", 0.1),
        ],
      ),
  },
  {
    name: "discrete",
    title: "100 measurements, 10^12 designs of 12 lists",
    measured: 100,
    repeats: 7,
    mostSeconds: 3,
    mostMiB: 1024,
    space: () =>
      spaceOf(
        Array.from({ length: 12 }, (_, k): Parameter => ({
          kind: "discrete",
          name: `x${k + 1}`,
          unit: "1",
          values: Array.from({ length: 10 }, (__, v) => v),
        })),
      ),
  },
];

/** How long a suggestion takes, from the measurements to the design, fitting the model included. */
export const searchSpeedBench = benchOf(
  {
    name: "search-speed",
    summary: "seconds for a suggestion, model fit included, and for NSGA-II, one thread",
  },
  {
    ...Object.fromEntries(cases.map((one) => [one.name, () => measureCase(one)] as const)),
    nsga2: nsga2Rows,
  },
);

async function measureCase(one: SpeedCase): Promise<BenchRow[]> {
  const space = await one.space();
  const { objectives = 1, batchSize = 1 } = one;
  const goals = Array.from({ length: objectives }, (_, k) => minimise(`y${k + 1}`));
  const problem = { space, goals };
  const plan = (seed: number): Promise<unknown> =>
    planners.bayesian.plan(problem, measured(space, one.measured, objectives, seed), {
      batchSize,
      rng: createRng(seed),
    });
  for (let seed = 0; seed < 3; seed++) await plan(seed);
  const seconds: number[] = [];
  const begin = process.cpuUsage();
  for (let seed = 1; seed <= one.repeats; seed++) {
    const start = performance.now();
    await plan(seed);
    seconds.push((performance.now() - start) / 1000);
  }
  const used = process.cpuUsage(begin);
  const cpu = (used.user + used.system) / 1e6 / one.repeats;
  const middle = median(seconds);
  const rows: BenchRow[] = [
    {
      case: one.title,
      value: middle,
      unit: "s",
      spread: (quantile(seconds, 0.75) - quantile(seconds, 0.25)) / 2,
      repeats: one.repeats,
      ...(one.peer === undefined ? {} : { peer: one.peer, peerValue: one.peerSeconds ?? null }),
      target: `<= ${one.mostSeconds}`,
      pass: middle <= one.mostSeconds,
      note: `${cpu.toPrecision(3)} s of processor each, all threads of the engine together`,
    },
  ];
  if (one.mostMiB !== undefined) {
    const mib = process.resourceUsage().maxRSS / 1024;
    rows.push({
      case: `${one.title}: largest resident memory of the process so far`,
      value: mib,
      unit: "MiB",
      target: `<= ${one.mostMiB}`,
      pass: mib <= one.mostMiB,
    });
  }
  return rows;
}

/** A smooth function with interactions and a little noise at random designs. */
function measured(space: SearchSpace, n: number, objectives: number, seed: number): Observations {
  const rng = createRng(`measured ${seed}`);
  const rows = space.sample(n, rng);
  const outcomes = matrix(n, objectives);
  for (let at = 0; at < outcomes.data.length; at++) {
    const row = rowOf(rows, Math.floor(at / objectives));
    // Every further objective has its bowl elsewhere.
    const centre = 0.4 + 0.3 * (at % objectives);
    let value = 0.05 * rng.normal();
    let before = 0;
    space.columns.forEach(({ min, max }, k) => {
      const place = (row[k] - min) / (max - min);
      value += (place - centre) * (place - centre) + 0.5 * place * before;
      before = place;
    });
    outcomes.data[at] = value;
  }
  return { rows, outcomes };
}

const box = (dimension: number): Parameter[] =>
  Array.from({ length: dimension }, (_, k) => ({
    kind: "continuous",
    name: `x${k + 1}`,
    unit: "1",
    min: 0,
    max: 1,
  }));

const spaceOf = (
  parameters: readonly Parameter[],
  constraints: readonly Constraint[] = [],
): Promise<SearchSpace> => createSpace({ parameters, constraints, quantities: [] });

import { checkPlanners } from "../problems/check-planners.ts";
import { checkStrategies, type SetReport } from "../problems/check-strategies.ts";
import type { Bench, BenchRow } from "../harness.ts";

interface FeasibleCase {
  readonly name: string;
  readonly title: string;
  readonly sets: number;
  readonly check: (seed: number) => Promise<SetReport>;
}

const cases: readonly FeasibleCase[] = [
  {
    name: "strategies",
    title: "broken candidates of strategies",
    sets: 10_000,
    check: checkStrategies,
  },
  { name: "planners", title: "broken designs of planners", sets: 500, check: checkPlanners },
];

/** Everything that searches and planners propose against random constraint sets. */
export const feasibleBench: Bench = {
  name: "feasible",
  summary:
    "every strategy and planner on random constraint sets: designs that break a constraint by more than 1e-9",
  cases: cases.map(({ name }) => name),
  async run(log, only) {
    const rows: BenchRow[] = [];
    for (const one of cases) {
      if (only === undefined || only === one.name) rows.push(await runCase(one, log));
    }
    return rows;
  },
};

async function runCase(
  { title, sets, check }: FeasibleCase,
  log: (line: string) => void,
): Promise<BenchRow> {
  let infeasible = 0;
  let candidates = 0;
  let broken = 0;
  for (let seed = 0; seed < sets; seed++) {
    const report = await check(seed);
    if (!report.isFeasible) infeasible++;
    candidates += report.candidates;
    broken += report.broken.length;
    for (const line of report.broken) log(line);
    if ((seed + 1) % 100 === 0) log(`${seed + 1} sets, ${broken} broken of ${candidates}`);
  }
  return {
    case: title,
    value: broken,
    unit: `of ${candidates}`,
    repeats: sets - infeasible,
    target: "= 0",
    pass: broken === 0,
    note: `${sets - infeasible} sets with designs; ${infeasible} more were refused as infeasible`,
  };
}

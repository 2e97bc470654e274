import { checkPlanners } from "../problems/check-planners.ts";
import { checkRefusals } from "../problems/check-refusals.ts";
import { checkSpace } from "../problems/check-space.ts";
import { checkStrategies, type SetReport } from "../problems/check-strategies.ts";
import { benchOf, type BenchRow } from "../harness.ts";

interface FeasibleCase {
  readonly name: string;
  readonly title: string;
  readonly check: (seed: number) => Promise<SetReport>;
}

const cases: readonly FeasibleCase[] = [
  { name: "space", title: "broken rows of spaces", check: checkSpace },
  { name: "refusals", title: "wrong counts, refusals and conflicts", check: checkRefusals },
  { name: "strategies", title: "broken candidates of strategies", check: checkStrategies },
  { name: "planners", title: "broken designs of planners", check: checkPlanners },
];

/** Random constraint sets of each case. */
const sets = 10_000;

/**
 * Everything that spaces, searches and planners hand out against random constraint sets, tested by arithmetic apart
 * from them, and every refusal against a list of all designs.
 */
export const feasibleBench = benchOf(
  {
    name: "feasible",
    summary:
      "every space, strategy and planner on 10,000 random constraint sets: designs that break a constraint, refusals that are wrong",
  },
  Object.fromEntries(
    cases.map((one) => [one.name, async (log) => [await runCase(one, log)]] as const),
  ),
);

async function runCase(
  { title, check }: FeasibleCase,
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

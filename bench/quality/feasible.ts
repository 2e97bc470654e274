import { checkStrategies } from "../problems/check-strategies.ts";
import type { Bench } from "../harness.ts";

const sets = 10_000;

/** Every candidate of every strategy against random constraint sets. */
export const feasibleBench: Bench = {
  name: "feasible",
  summary: `every strategy on ${sets} random constraint sets: candidates that break a constraint by more than 1e-9`,
  cases: ["first 500"],
  async run(log, only) {
    const count = only === undefined ? sets : 500;
    let infeasible = 0;
    let candidates = 0;
    let broken = 0;
    for (let seed = 0; seed < count; seed++) {
      const report = await checkStrategies(seed);
      if (!report.isFeasible) infeasible++;
      candidates += report.candidates;
      broken += report.broken.length;
      for (const line of report.broken) log(line);
      if ((seed + 1) % 500 === 0) log(`${seed + 1} sets, ${broken} broken of ${candidates}`);
    }
    return [
      {
        case: "broken candidates",
        value: broken,
        unit: `of ${candidates}`,
        repeats: count - infeasible,
        target: "= 0",
        pass: broken === 0,
        note: `${count - infeasible} sets with designs; ${infeasible} more were refused as infeasible`,
      },
    ];
  },
};

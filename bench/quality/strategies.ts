import { createRng } from "../../src/core/rng.ts";
import { quantile } from "../../src/core/statistics.ts";
import type { SearchProblem, StrategySpec } from "../../src/search/contract.ts";
import { strategies } from "../../src/search/registry.ts";
import type { Bench, BenchRow } from "../harness.ts";
import { ackley, constrainedAckley } from "../problems/ackley.ts";
import { hartmann6 } from "../problems/hartmann.ts";
import { mixtureProblem } from "../problems/mixture.ts";
import { searchProblemOf, type TestProblem } from "../problems/problem.ts";
import { rastrigin } from "../problems/rastrigin.ts";
import { rosenbrock } from "../problems/rosenbrock.ts";

const seeds = 15;
const budget = 10_000;

/** Problems with the least value that is known. */
const problems: Readonly<Record<string, () => Promise<[SearchProblem, number]>>> = {
  "Rosenbrock-10": () => known(rosenbrock(10)),
  "Rastrigin-10": () => known(rastrigin(10)),
  "Ackley-10": () => known(ackley(10)),
  "Hartmann-6": () => known(hartmann6),
  "constrained Ackley-10": () => known(constrainedAckley(10)),
  mixture: async () => [await mixtureProblem(), 0],
};

async function known(problem: TestProblem): Promise<[SearchProblem, number]> {
  return [await searchProblemOf(problem), problem.optimum!.value];
}

/** Strategies of one objective beside random search with the same budget. */
export const strategiesBench: Bench = {
  name: "strategies",
  summary: `strategies of one objective on test functions, ${budget} designs, ${seeds} seeds, beside random search`,
  cases: Object.keys(problems),
  async run(log, only) {
    const rows: BenchRow[] = [];
    const own = (Object.values(strategies) as StrategySpec[]).filter(
      ({ supports, name }) =>
        supports.objectives.min === 1 && supports.continuous && name !== "uniform",
    );
    for (const [name, make] of Object.entries(problems)) {
      if (only !== undefined && only !== name) continue;
      const [problem, least] = await make();
      const regretsOf = async (spec: StrategySpec): Promise<number[]> => {
        log(`${name}: ${spec.name}`);
        const regrets: number[] = [];
        for (let seed = 1; seed <= seeds; seed++) {
          const options = { batchSize: 1, budget, rng: createRng(seed) };
          const { evaluation } = await spec.search(problem, options);
          const isMet = evaluation.violation[0] === 0;
          regrets.push(isMet ? evaluation.objectives.data[0] - least : Number.POSITIVE_INFINITY);
        }
        return regrets;
      };
      const blind = quantile(await regretsOf(strategies.uniform), 0.5);
      for (const spec of own) {
        const regrets = await regretsOf(spec);
        const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(regrets, share));
        rows.push({
          case: `${name}: ${spec.name}`,
          value: finite(median),
          unit: "regret",
          repeats: seeds,
          peer: "uniform random, same budget",
          peerValue: finite(blind),
          note: `quartiles ${low.toPrecision(3)} to ${high.toPrecision(3)}${blind === Number.POSITIVE_INFINITY ? "; random search mostly found nothing that meets the requirements" : ""}`,
        });
      }
    }
    return rows;
  },
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

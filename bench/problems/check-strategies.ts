import { InfeasibleError } from "../../src/core/errors.ts";
import { matrix, rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import type { SearchProblem, StrategySpec } from "../../src/search/contract.ts";
import { strategies } from "../../src/search/registry.ts";
import type { SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { anySpace, brokenIn } from "./any-space.ts";

/** What became of a constraint set. */
export interface SetReport {
  /** False: the space says that no design satisfies it. */
  readonly isFeasible: boolean;
  /** Candidates that were looked at. */
  readonly candidates: number;
  /** Candidates that break something: strategy, design and what is broken. */
  readonly broken: readonly string[];
}

/** Runs every strategy that takes the space of one random constraint set, and tests its candidates. */
export async function checkStrategies(seed: number | string): Promise<SetReport> {
  const spec = anySpace(createRng(`constraint set ${seed}`));
  let space: SearchSpace;
  try {
    space = await createSpace(spec);
  } catch (error) {
    if (error instanceof InfeasibleError) return { isFeasible: false, candidates: 0, broken: [] };
    throw error;
  }
  const broken: string[] = [];
  let candidates = 0;
  for (const strategy of Object.values(strategies) as StrategySpec[]) {
    const count = space.count();
    const isCounted = count !== "uncountable" && count <= 200n;
    // A grid goes through the whole space; large ones take it no further than small ones.
    if (!strategy.supports.continuous && !isCounted) continue;
    const objectives = Math.min(2, strategy.supports.objectives.max);
    const { rows } = await strategy.search(
      wavy(space, objectives),
      {
        batchSize: 2,
        budget: strategy.supports.continuous ? 24 : Math.max(2, Number(count)),
        rng: createRng(seed),
      },
      "populationSize" in strategy.defaults ? { populationSize: 8 } : {},
    );
    for (let i = 0; i < rows.rows; i++) {
      candidates++;
      const row = rowOf(rows, i);
      for (const what of brokenIn(spec, row, space.columns)) {
        broken.push(`set ${seed}, ${strategy.name}: ${what} in ${row.join(" ")}`);
      }
    }
  }
  return { isFeasible: true, candidates, broken };
}

/** Some function with slopes and bends in every column that pushes designs against limits. */
function wavy(space: SearchSpace, objectives: number): SearchProblem {
  return {
    space,
    objectives: Array.from({ length: objectives }, (_, k) => ({ label: `f${k + 1}` })),
    evaluate(rows) {
      const scores = matrix(rows.rows, objectives);
      for (let i = 0; i < rows.rows; i++) {
        const row = rowOf(rows, i);
        for (let m = 0; m < objectives; m++) {
          let sum = 0;
          space.columns.forEach(({ min, max }, k) => {
            const share = max > min ? (row[k] - min) / (max - min) : 0;
            sum += ((k + m) % 3) * share - ((k * 7 + 3 * m) % 5) * share * share;
          });
          scores.data[i * objectives + m] = sum;
        }
      }
      return { objectives: scores, violation: new Float64Array(rows.rows) };
    },
  };
}

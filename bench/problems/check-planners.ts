import { InfeasibleError } from "../../src/core/errors.ts";
import { matrix, rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import type { TargetGoal } from "../../src/search/objectives.ts";
import type {
  ExperimentProblem,
  Observations,
  PlannerSpec,
} from "../../src/search/planning/contract.ts";
import { planners } from "../../src/search/planning/registry.ts";
import type { SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { anySpace, brokenIn } from "./any-space.ts";
import type { SetReport } from "./check-strategies.ts";

const measured = 8;
const batchSize = 3;

/**
 * Plans a batch with every planner in the space of one random constraint set, half of the time with a parameter that
 * the batch shares, and tests its designs.
 */
export async function checkPlanners(seed: number): Promise<SetReport> {
  const spec = anySpace(createRng(`constraint set ${seed}`));
  let space: SearchSpace;
  try {
    space = await createSpace(spec);
  } catch (error) {
    if (error instanceof InfeasibleError) return { isFeasible: false, candidates: 0, broken: [] };
    throw error;
  }
  const observations = observed(space, seed);
  const rng = createRng(`what a batch shares ${seed}`);
  const shared =
    rng.uniform() < 0.5 ? [space.parameters[rng.integer(space.parameters.length)]] : [];
  const perBatch = shared.map(({ name }) => name);
  const broken: string[] = [];
  let candidates = 0;
  for (const planner of Object.values<PlannerSpec>(planners)) {
    const goal: TargetGoal = {
      label: "y",
      kind: planner.supports.needsLimit === true ? "range" : "minimise",
      low: null,
      high: planner.supports.needsLimit === true ? 0 : null,
      scale: 1,
    };
    const rows = await planned(planner, { space, goals: [goal], perBatch }, observations, seed);
    for (const [k, { parameter }] of space.columns.entries()) {
      if (!perBatch.includes(parameter) || rows.every((row) => row[k] === rows[0][k])) continue;
      broken.push(`set ${seed}, ${planner.name}: ${parameter} differs in the batch`);
    }
    for (const row of rows) {
      candidates++;
      for (const what of brokenIn(spec, row, space.columns)) {
        broken.push(`set ${seed}, ${planner.name}: ${what} in ${row.join(" ")}`);
      }
    }
  }
  return { isFeasible: true, candidates, broken };
}

/** The planned designs; none where all designs of a small space are measured. */
async function planned(
  planner: PlannerSpec,
  problem: ExperimentProblem,
  observations: Observations,
  seed: number,
): Promise<Float64Array[]> {
  try {
    const plan = await planner.plan(problem, observations, {
      batchSize,
      rng: createRng(seed),
    });
    return plan.proposals.map(({ row }) => row);
  } catch (error) {
    if (error instanceof InfeasibleError) return [];
    throw error;
  }
}

/** Measurements of a function with slopes and bends in every column, which pushes designs against limits. */
function observed(space: SearchSpace, seed: number): Observations {
  const rows = space.sample(measured, createRng(`measured ${seed}`));
  const outcomes = matrix(measured, 1);
  for (let i = 0; i < measured; i++) {
    const row = rowOf(rows, i);
    space.columns.forEach(({ min, max }, k) => {
      const share = max > min ? (row[k] - min) / (max - min) : 0;
      outcomes.data[i] += (k % 3) * share - ((k * 7) % 5) * share * share;
    });
  }
  return { rows, outcomes };
}

import type { ExperimentProblem } from "../../../search/planning/contract.ts";
import type { ExperimentSetup } from "../contract.ts";
import type { ExperimentGoal } from "./experiment-goals.ts";

/** A setup as planners see it: goals on rows, what each row costs, and which outcomes need no learning. */
export function experimentProblem(
  { space, perBatch, cost, fidelity, computed = [] }: ExperimentSetup,
  goals: readonly ExperimentGoal[],
): ExperimentProblem {
  const known = goals.map(({ outcome }) => computed.find(({ name }) => name === outcome.name)?.of);
  return {
    space,
    goals: goals.map(({ goal }) => goal),
    ...(perBatch.length === 0 ? {} : { perBatch }),
    ...(cost === undefined ? {} : { cost: cost.of }),
    ...(fidelity === undefined ? {} : { fidelity }),
    ...(known.every((one) => one === undefined) ? {} : { known }),
  };
}

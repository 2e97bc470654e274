import type { Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import type { Work } from "../../../core/work.ts";
import type { Belief } from "../../../search/belief/contract.ts";
import { targetFidelity } from "../../../search/planning/factors/fidelity.ts";
import { fitOutcomes, unmeasuredGoals } from "../../../search/planning/outcome-beliefs.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import type { Measurement } from "../contract.ts";
import { encodeMeasurements } from "../planning/encode-measurements.ts";
import { experimentGoals, type ExperimentGoal } from "../planning/experiment-goals.ts";
import { experimentProblem } from "../planning/experiment-problem.ts";

/** What is believed of every goal after some measurements, in the outcomes' own units. */
export interface BelievedOutcomes {
  readonly goals: readonly ExperimentGoal[];
  readonly beliefs: readonly Belief[];
  /** Measured designs, as they would be at the fidelity that counts. */
  readonly measured: Matrix;
  /** Moves designs to the fidelity that counts. */
  readonly counted: (rows: Matrix) => Matrix;
}

/** Null as long as a goal was never measured. */
export async function believedOutcomes(
  setup: OpenProblem,
  measurements: readonly Measurement[],
  rng: Rng,
  work: Work,
): Promise<BelievedOutcomes | null> {
  const goals = experimentGoals(setup, measurements);
  const problem = experimentProblem(setup, goals);
  const { observations } = encodeMeasurements(setup, goals, measurements);
  if (goals.length === 0 || unmeasuredGoals(problem, observations).length > 0) return null;
  const { beliefs } = await fitOutcomes(problem, observations, rng, work, { warp: false });
  const fidelity = targetFidelity("limits", problem);
  const counted = (rows: Matrix): Matrix => fidelity?.rows(rows) ?? rows;
  return { goals, beliefs, measured: counted(observations.rows), counted };
}

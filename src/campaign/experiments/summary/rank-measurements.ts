import { matrix, rowOf } from "../../../core/matrix.ts";
import { buildObjectives } from "../../../search/objectives.ts";
import { nonDominatedSort } from "../../../search/pareto/sort.ts";
import { isAtTargetFidelity } from "../at-target-fidelity.ts";
import { isObjective, meetsLimits } from "../planning/best-so-far.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import type { Measurement } from "../contract.ts";
import { experimentGoals, type ExperimentGoal } from "../planning/experiment-goals.ts";

/** Measurements in the order of the targets. */
export interface RankedMeasurements {
  readonly goals: readonly ExperimentGoal[];
  readonly kind: "best" | "front" | "meeting";
  /** Indices of those with every wanted outcome, best first: by front, then as measured. */
  readonly order: readonly number[];
  /** By index of the measurement: 1 = front; 0 for those without every wanted outcome, or at another fidelity than the target. */
  readonly rank: Int32Array;
  readonly meets: readonly boolean[];
}

/** Ranks completed measurements by the targets: those that meet every limit first, then by Pareto front. */
export function rankMeasurements(
  problem: OpenProblem,
  measurements: readonly Measurement[],
): RankedMeasurements {
  const goals = experimentGoals(problem, measurements);
  const values = measurements.map(({ outcomes }) =>
    goals.map(({ outcome, numberOf }) => numberOf(outcomes[outcome.name])),
  );
  const complete = measurements.flatMap(({ status, design }, i) =>
    status === "completed" &&
    values[i]!.every(Number.isFinite) &&
    isAtTargetFidelity(problem, design)
      ? [i]
      : [],
  );
  const zeros = new Float64Array(complete.length);
  const { objectives, violation } =
    goals.length === 0
      ? { objectives: matrix(complete.length, 0), violation: zeros }
      : buildObjectives(
          goals.map(({ goal }) => goal),
          goals.map((_, g) => ({
            mean: Float64Array.from(complete, (i) => values[i]![g]!),
            epistemicStd: zeros,
            aleatoricStd: zeros,
          })),
        );
  const ranks = nonDominatedSort(objectives, violation);
  const rank = new Int32Array(measurements.length);
  complete.forEach((i, k) => (rank[i] = ranks[k]!));
  const first = complete.map((_, k) => rowOf(objectives, k)[0] ?? 0);
  const order = complete
    .map((i, k) => ({ i, k }))
    .sort((a, b) => ranks[a.k]! - ranks[b.k]! || first[a.k]! - first[b.k]! || a.i - b.i)
    .map(({ i }) => i);
  const wishes = goals.filter(({ goal }) => isObjective(goal)).length;
  return {
    goals,
    kind: wishes === 0 ? "meeting" : wishes === 1 ? "best" : "front",
    order,
    rank,
    meets: values.map((one) => meetsLimits(goals, one)),
  };
}

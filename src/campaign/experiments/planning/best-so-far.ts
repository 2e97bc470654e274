import type { TargetGoal } from "../../../search/objectives.ts";
import type { Measurement } from "../contract.ts";
import type { ExperimentGoal } from "./experiment-goals.ts";

/** The best completed measurement by one objective. */
export interface BestSoFar {
  /** Index into the measurements. */
  readonly measurement: number;
  readonly value: number;
}

/** How bad a value is for an objective: smaller is better. */
export function lossOf({ kind, low, high }: TargetGoal, value: number): number {
  if (kind === "maximise") return -value;
  if (kind === "minimise") return value;
  return Math.max(0, (low ?? value) - value, value - (high ?? value));
}

/** Whether measured values meet the limits of every goal; a value that was not measured does not. */
export const meetsLimits = (goals: readonly ExperimentGoal[], values: readonly number[]): boolean =>
  goals.every(({ goal: { kind, low, high } }, g) => {
    if (kind === "match") return true;
    if (low === null && high === null) return true;
    const value = values[g]!;
    return !(value < (low ?? value)) && !(value > (high ?? value)) && !Number.isNaN(value);
  });

/** Whether a goal says in which direction to go, rather than where to be. */
export const isObjective = ({ kind }: TargetGoal): boolean => kind !== "range" && kind !== "class";

/**
 * The best completed measurement by the goal of this index, among those that meet the limits of all goals;
 * among all where none does. Null where it was never measured.
 * @param isComparable which measurements count; all when absent
 */
export function bestSoFar(
  goals: readonly ExperimentGoal[],
  index: number,
  measurements: readonly Measurement[],
  isComparable: (measurement: number) => boolean = () => true,
): BestSoFar | null {
  const { goal } = goals[index]!;
  const known = measurements.flatMap(({ status, outcomes }, measurement) => {
    if (status !== "completed" || !isComparable(measurement)) return [];
    const values = goals.map(({ outcome, numberOf }) => numberOf(outcomes[outcome.name]));
    const value = values[index]!;
    return Number.isNaN(value)
      ? []
      : [{ measurement, value, isMeeting: meetsLimits(goals, values) }];
  });
  const meeting = known.filter(({ isMeeting }) => isMeeting);
  let best: BestSoFar | null = null;
  for (const { measurement, value } of meeting.length > 0 ? meeting : known) {
    if (best === null || lossOf(goal, value) < lossOf(goal, best.value))
      best = { measurement, value };
  }
  return best;
}

import type { TargetGoal } from "../../objectives.ts";
import type { AcquisitionContext } from "../contract.ts";
import { isRequirement, requirementsOf, wantsAbsence, type Requirements } from "../requirements.ts";

/**
 * The goals as far as they require something beside hypervolume: the limit on an objective's bad side is the
 * reference point's and would count twice.
 */
const besideVolume = (goal: TargetGoal): TargetGoal => ({
  ...goal,
  low: goal.kind === "maximise" ? null : goal.low,
  high: goal.kind === "minimise" ? null : goal.high,
});

/** The chance to be made and to meet what is required beside hypervolume. */
export function sideRequirements(
  context: Pick<AcquisitionContext, "beliefs" | "goals" | "feasibility">,
): Requirements {
  return requirementsOf({ ...context, goals: context.goals.map(besideVolume) });
}

/** What one outcome has to keep to. */
export interface Limits {
  readonly goal: number;
  readonly low: number;
  readonly high: number;
}

/** The same as limits on single outcomes; what is believed of a class are its log odds. */
export function sideLimits(goals: readonly TargetGoal[]): readonly Limits[] {
  return goals.map(besideVolume).flatMap((one, goal) => {
    if (!isRequirement(one)) return [];
    const { kind, low, high } = one;
    const [least, most] =
      kind !== "class" ? [low, high] : wantsAbsence(one) ? [null, 0] : [0, null];
    return [
      { goal, low: least ?? Number.NEGATIVE_INFINITY, high: most ?? Number.POSITIVE_INFINITY },
    ];
  });
}

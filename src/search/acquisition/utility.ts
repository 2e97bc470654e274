import { exp } from "../../core/elementary.ts";
import { UnsupportedError } from "../../core/errors.ts";
import type { Belief } from "../belief/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import type { AcquisitionContext } from "./contract.ts";
import { isObjective, requirementsOf } from "./requirements.ts";

/** The one goal with an objective of a problem, and what is believed of it. */
export interface SingleObjective {
  readonly goal: TargetGoal;
  readonly belief: Belief;
  /** The larger, the better; in the outcome's unit. */
  utility(value: number): number;
  /** Derivative of the utility. */
  utilitySlope(value: number): number;
}

/** Objectives beyond which hypervolumes take too long. */
const mostBoxed = 5;

/**
 * The objective, undefined where the goals only require.
 * @throws UnsupportedError for several objectives
 */
export function singleObjective(
  who: string,
  { goals, beliefs }: Pick<AcquisitionContext, "goals" | "beliefs">,
): SingleObjective | undefined {
  const chosen = goals.flatMap((goal, g) => (isObjective(goal) ? [g] : []));
  if (chosen.length > 1) {
    throw new UnsupportedError(`${who}: takes one objective, got ${chosen.length}.`, {
      hint: chosen.length <= mostBoxed ? "Take noisy-ehvi." : "Take parego.",
    });
  }
  if (chosen.length === 0) return undefined;
  const goal = goals[chosen[0]];
  const belief = beliefs[chosen[0]];
  if (goal.kind === "match") {
    const [low, high] = [goal.low!, goal.high!];
    return {
      goal,
      belief,
      utility: (value) => -Math.max(0, low - value, value - high),
      utilitySlope: (value) => (value < low ? 1 : value > high ? -1 : 0),
    };
  }
  const sign = goal.kind === "maximise" ? 1 : -1;
  return { goal, belief, utility: (value) => sign * value, utilitySlope: () => sign };
}

/** Designs less probable than this to meet the requirements do not count as the best so far. */
const leastChance = 0.5;

/**
 * Largest utility of the believed means at the measured and pending rows that probably meet every requirement;
 * undefined where none does. Means rather than measured values, so that lucky noise is no record.
 */
export function bestUtility(
  objective: SingleObjective,
  context: Pick<AcquisitionContext, "rows" | "goals" | "beliefs" | "feasibility">,
): number | undefined {
  const { rows } = context;
  if (rows.rows === 0) return undefined;
  const { mean } = objective.belief.marginal(rows);
  const chances = requirementsOf(context).logChances(rows);
  let best: number | undefined;
  for (let i = 0; i < rows.rows; i++) {
    if (exp(chances[i]) < leastChance) continue;
    const value = objective.utility(mean[i]);
    if (best === undefined || value > best) best = value;
  }
  return best;
}

import { InputError } from "../../core/errors.ts";
import { resolveSettings } from "../run.ts";
import type { AcquisitionSpec } from "./contract.ts";
import { mirrored } from "./log-ei.ts";
import { logChanceBelow, logChanceBetween } from "./normal-terms.ts";
import { pointwise, type PointScore } from "./pointwise.ts";
import { bestUtility, type SingleObjective } from "./utility.ts";

export interface ProbabilityOfImprovementOptions {
  /** How much better than the best so far counts, in scales of the goal. */
  readonly margin: number;
}

/**
 * Logarithm of the probability to be better than the best mean so far by a margin.
 * Source: H. J. Kushner, J. Basic Eng. 86, 97 (1964), doi:10.1115/1.3653121.
 */
export const probabilityOfImprovement: AcquisitionSpec<ProbabilityOfImprovementOptions> = {
  name: "pi",
  title: "Probability of improvement",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: { margin: 0.01 },
  create(context, options) {
    const { name, defaults } = probabilityOfImprovement;
    const { margin } = resolveSettings(name, defaults, options);
    if (!(margin >= 0))
      throw new InputError(`${name}: expected a margin of 0 or more, got ${margin}.`);
    return pointwise(name, context, (objective) => {
      const best = bestUtility(objective, context);
      if (best === undefined) return undefined;
      const wanted = best + margin * objective.goal.scale;
      return { score: chanceOver(objective, wanted), chanceWeight: 1 };
    });
  },
};

/** A match cannot be nearer than on the value: it is to come within this share of the goal's scale then. */
const leastReach = 1e-3;

function chanceOver({ goal }: SingleObjective, wanted: number): PointScore {
  if (goal.kind === "match") {
    const reach = Math.max(-wanted, leastReach * goal.scale);
    return (mean, std) => logChanceBetween(goal.low! - reach, goal.high! + reach, mean, std);
  }
  if (goal.kind === "minimise") return (mean, std) => logChanceBelow(-wanted, mean, std);
  return (mean, std) => mirrored(logChanceBelow(-wanted, -mean, std));
}

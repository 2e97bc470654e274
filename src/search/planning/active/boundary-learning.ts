import { exp, log } from "../../../core/elementary.ts";
import { InputError } from "../../../core/errors.ts";
import { logExpectedNearer } from "../../acquisition/normal-terms.ts";
import type { TargetGoal } from "../../objectives.ts";
import { activePlanner } from "./active-planner.ts";

export interface BoundarySettings {
  /** How many standard deviations from its limit an outcome still counts as near. */
  readonly width: number;
}

/** Below it the exponential is 0. */
const lowestLog = -600;

/**
 * Learns where outcomes cross their limits, be it a level or the border of a class: measures where the outcome is
 * expected to come nearest to a limit for what is not known of it, E[(width std - |y - limit|)+] (the expected
 * feasibility). Of several limits the one that is largest over its outcome's scale counts.
 * Source: B. J. Bichon, M. S. Eldred, L. P. Swiler, S. Mahadevan, J. M. McFarland, AIAA J. 46, 2459 (2008),
 *   doi:10.2514/1.34321, eq. 17.
 */
export const boundaryLearning = activePlanner<BoundarySettings>({
  name: "boundary-learning",
  title: "Where outcomes cross their limits",
  supports: { needsLimit: true },
  batch: "one-by-one",
  oneByOne: true,
  defaults: { width: 2 },
  about: { width: "standard deviations that an outcome may lie nearer to its limit" },
  score({ outcomes: { beliefs, goals }, candidates }, { width }) {
    if (!(width > 0)) {
      throw new InputError(`boundary-learning: expected a width above 0, got ${width}.`, {
        path: "width",
      });
    }
    const best = new Float64Array(candidates.rows).fill(Number.NEGATIVE_INFINITY);
    goals.forEach((goal, g) => {
      const limits = limitsOf(goal);
      if (limits.length === 0) return;
      const { mean, std } = beliefs[g].marginal(candidates);
      for (let i = 0; i < best.length; i++) {
        for (const limit of limits) {
          const near = logExpectedNearer(limit, limit, width * std[i], mean[i], std[i]).value;
          best[i] = Math.max(best[i], near - log(goal.scale));
        }
      }
    });
    // Where every limit is far from all that is believed, the nearest still counts.
    const top = best.reduce((most, value) => Math.max(most, value));
    const raise = Math.max(0, lowestLog - top);
    return best.map((value) => exp(value + raise));
  },
});

/** Where an outcome changes from what is accepted to what is not; a class is a label of 0 or 1. */
function limitsOf({ kind, low, high }: TargetGoal): readonly number[] {
  if (kind === "class") return [0.5];
  if (kind === "match") return [];
  return [low, high].filter((limit) => limit !== null);
}

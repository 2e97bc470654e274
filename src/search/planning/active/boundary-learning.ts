import { exp } from "../../../core/elementary.ts";
import type { TargetGoal } from "../../objectives.ts";
import { activePlanner } from "./active-planner.ts";

export interface BoundarySettings {
  /** How many standard deviations an outcome may be taken to lie nearer to its limit. */
  readonly width: number;
}

/**
 * Learns where outcomes cross their limits, be it a level or the border of a class: measures where a limit lies deepest
 * inside the interval of what is believed, `width` standard deviations to either side (the straddle). Of several limits
 * the one that straddles most counts.
 * Source: B. Bryan, J. Schneider, R. C. Nichol, C. J. Miller, C. Genovese, L. Wasserman, Adv. Neural Inf. Process.
 *   Syst. 18, 163 (2005).
 */
export const boundaryLearning = activePlanner<BoundarySettings>({
  name: "boundary-learning",
  title: "Where outcomes cross their limits",
  supports: { needsLimit: true },
  batch: "one-by-one",
  oneByOne: true,
  defaults: { width: 1.96 },
  about: { width: "standard deviations that an outcome may lie nearer to its limit" },
  score({ outcomes: { beliefs, goals }, candidates }, { width }) {
    const best = new Float64Array(candidates.rows).fill(Number.NEGATIVE_INFINITY);
    goals.forEach((goal, g) => {
      const limits = limitsOf(goal);
      if (limits.length === 0) return;
      const { mean, std } = beliefs[g].marginal(candidates);
      for (let i = 0; i < best.length; i++) {
        for (const limit of limits) {
          const straddle = (width * std[i] - Math.abs(mean[i] - limit)) / goal.scale;
          best[i] = Math.max(best[i], straddle);
        }
      }
    });
    // Increasing and above 0, as scores are to be.
    return best.map(exp);
  },
});

/** Where an outcome changes from what is accepted to what is not; a class is a label of 0 or 1. */
function limitsOf({ kind, low, high }: TargetGoal): readonly number[] {
  if (kind === "class") return [0.5];
  if (kind === "match") return [];
  return [low, high].filter((limit) => limit !== null);
}

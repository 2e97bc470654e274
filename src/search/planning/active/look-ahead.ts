import { rowOf } from "../../../core/matrix.ts";
import type { ScoreContext } from "./contract.ts";

/**
 * For each candidate the mean over the goals of a number that follows from what measuring it does to the reference
 * rows: it moves their means by `moves` times a standard normal number and takes `moves` squared off their
 * variances, as the belief is linear in the value. Outcomes are over their scale.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eqs. 2.25 and 2.26,
 *   for one further value.
 */
export function lookAhead(
  {
    outcomes: { beliefs, goals },
    candidates,
    reference,
  }: Pick<ScoreContext, "outcomes" | "candidates" | "reference">,
  effect: (moves: Float64Array) => number,
): Float64Array {
  const scores = new Float64Array(candidates.rows);
  beliefs.forEach((belief, g) => {
    const cross = belief.against(reference);
    const { std } = belief.marginal(candidates);
    for (let i = 0; i < candidates.rows; i++) {
      const variance = std[i] * std[i] + belief.noiseStd * belief.noiseStd;
      const unit = Math.sqrt(variance) * goals[g].scale;
      const moves = cross.at(rowOf(candidates, i)).map((covariance) => covariance / unit);
      scores[i] += effect(moves) / beliefs.length;
    }
  });
  return scores;
}

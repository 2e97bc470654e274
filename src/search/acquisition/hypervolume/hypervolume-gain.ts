import { exp } from "../../../core/elementary.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { nonDominatedBoxes } from "../../pareto/boxes.ts";
import type { AcquisitionContext } from "../contract.ts";
import { boxGain } from "./box-gain.ts";
import { believedFront, leastShare } from "./ehvi.ts";
import { lossesOf } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";

/**
 * The volume that a design is expected to add to what the front of the means at `context.rows` dominates, and what
 * it would add were its outcomes the means, in the product of the objectives' units.
 * @param one 1 x dimension
 */
export function hypervolumeGain(
  context: Pick<AcquisitionContext, "beliefs" | "goals" | "rows" | "feasibility">,
  one: Matrix,
): { readonly expectedGain: number; readonly exploit: number } {
  const losses = lossesOf("hypervolume gain", context.goals, { min: 1, max: 100 });
  const { means, front } = believedFront(context, losses);
  const gain = boxGain(nonDominatedBoxes(front, referencePoint(losses, means)), losses);
  const [mean, std, sure] = [0, 0, 0].map(() => new Float64Array(losses.length));
  losses.forEach(({ goal, scale }, k) => {
    const at = context.beliefs[goal].marginal(one);
    mean[k] = at.mean[0];
    sure[k] = leastShare * scale;
    std[k] = Math.max(sure[k], at.std[0]);
  });
  const volume = (spread: Float64Array): number => exp(gain.log(mean, spread));
  const expectedGain = volume(std);
  // Below the gain at the mean only where that matches a value, from which every deviation leads away.
  return { expectedGain, exploit: Math.min(expectedGain, volume(sure)) };
}

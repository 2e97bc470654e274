import { matrix, takeRows } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { nonDominatedBoxes } from "../../pareto/boxes.ts";
import { resolveSettings } from "../../run.ts";
import type { AcquisitionContext, AcquisitionSpec } from "../contract.ts";
import { boxGain } from "./box-gain.ts";
import { leastShare, logChance, requirementsOf } from "./chance.ts";
import { lossesOf, type Loss } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";

/**
 * Expected hypervolume improvement in closed form: the logarithm of the volume that a design is expected to add to
 * what the front of the measured designs dominates, times the chance that it meets the requirements. The front is
 * that of the means at the measured rows that meet the requirements; the volume counts from `referencePoint`.
 * Outcomes are independent normals. Exploration multiplies their standard deviations by e / (1 - e).
 * Source: K. Yang, M. Emmerich, A. Deutz, T. Bäck, J. Glob. Optim. 75, 3 (2019), doi:10.1007/s10898-019-00798-7.
 */
export const expectedHypervolume: AcquisitionSpec = {
  name: "expected-hypervolume",
  title: "Expected hypervolume improvement",
  supports: { objectives: { min: 2, max: 3 }, joint: false },
  defaults: {},
  create(context, options) {
    resolveSettings(expectedHypervolume.name, expectedHypervolume.defaults, options);
    const { beliefs, goals } = context;
    const losses = lossesOf(expectedHypervolume.name, goals, expectedHypervolume.supports.objectives);
    const m = losses.length;
    const { means, front } = believedFront(context, losses);
    const gain = boxGain(nonDominatedBoxes(front, referencePoint(losses, means)), losses);
    const chance = logChance(context);
    const bold = boldness(context.exploration);
    const room = (): Float64Array => new Float64Array(m);
    const [mean, std, byMean, byStd] = [room(), room(), room(), room()];
    const least = losses.map(({ scale }) => leastShare * scale);

    return {
      points: 1,
      values(rows) {
        const values = chance.values(rows);
        const marginals = losses.map(({ goal }) => beliefs[goal].marginal(rows));
        for (let i = 0; i < values.length; i++) {
          marginals.forEach((one, k) => {
            mean[k] = one.mean[i];
            std[k] = Math.max(least[k], bold * one.std[i]);
          });
          values[i] += gain.log(mean, std, byMean, byStd);
        }
        return values;
      },
      slope(row, gradient) {
        gradient.fill(0);
        const value = chance.slope(row, gradient);
        const slopes = losses.map(({ goal }) => beliefs[goal].slope(row));
        slopes.forEach((one, k) => {
          mean[k] = one.mean;
          std[k] = Math.max(least[k], bold * one.std);
        });
        const own = gain.log(mean, std, byMean, byStd);
        slopes.forEach(({ meanGradient, stdGradient }, k) => {
          const share = std[k] > least[k] ? bold * byStd[k] : 0;
          for (let j = 0; j < gradient.length; j++) {
            gradient[j] += byMean[k] * meanGradient[j] + share * stdGradient[j];
          }
        });
        return value + own;
      },
    };
  },
};

/** What standard deviations are multiplied with: 0 at an exploration of 0, 1 at 0.5, at most 100. */
export const boldness = (exploration: number): number =>
  Math.min(mostBold, exploration / Math.max(1 - exploration, 1e-9));

const mostBold = 100;

/** Losses of the means at the measured rows, n x m, and the rows of them that meet the requirements. */
export function believedFront(
  { beliefs, goals, rows }: AcquisitionContext,
  losses: readonly Loss[],
): { readonly means: Matrix; readonly front: Matrix } {
  const marginals = beliefs.map((belief) => belief.marginal(rows));
  const m = losses.length;
  const means = matrix(rows.rows, m);
  losses.forEach((loss, k) => {
    marginals[loss.goal].mean.forEach((value, i) => (means.data[i * m + k] = loss.of(value)));
  });
  const requirements = requirementsOf(goals);
  const meeting: number[] = [];
  for (let i = 0; i < rows.rows; i++) {
    const meets = requirements.every(({ goal, low, high }) => {
      const value = marginals[goal].mean[i];
      return value >= low && value <= high;
    });
    if (meets) meeting.push(i);
  }
  return { means, front: takeRows(means, meeting) };
}

import { exp } from "../../../core/elementary.ts";
import { matrix, takeRows } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { nonDominatedBoxes } from "../../pareto/boxes.ts";
import { resolveSettings } from "../../run.ts";
import type { AcquisitionContext, AcquisitionSpec } from "../contract.ts";
import { dialled } from "../dial.ts";
import { ofMarginals } from "../of-marginals.ts";
import { boxGain } from "./box-gain.ts";
import { lossesOf, type Loss } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";
import { sideRequirements } from "./side-requirements.ts";

/**
 * Expected hypervolume improvement in closed form: the logarithm of the volume that a design is expected to add to
 * what the front of the measured designs dominates, times the chance that it meets the requirements. The front is
 * that of the means at the measured rows that meet the requirements; the volume counts from `referencePoint`.
 * Outcomes are independent normals.
 * Source: K. Yang, M. Emmerich, A. Deutz, T. Bäck, J. Glob. Optim. 75, 3 (2019), doi:10.1007/s10898-019-00798-7.
 */
export const expectedHypervolume: AcquisitionSpec = {
  name: "ehvi",
  title: "Expected hypervolume improvement",
  supports: { objectives: { min: 2, max: 3 }, joint: false },
  defaults: {},
  create(context, options) {
    resolveSettings(expectedHypervolume.name, expectedHypervolume.defaults, options);
    const { name, supports } = expectedHypervolume;
    const losses = lossesOf(name, context.goals, supports.objectives);
    const beliefs = losses.map(({ goal }) => dialled(context.beliefs[goal], context.exploration));
    const { means, front } = believedFront(context, losses);
    const gain = boxGain(nonDominatedBoxes(front, referencePoint(losses, means)), losses);
    const least = losses.map(({ scale }) => leastShare * scale);
    const clear = new Float64Array(losses.length);
    return ofMarginals(sideRequirements(context), beliefs, (mean, std, slopes) => {
      std.forEach((own, k) => (clear[k] = Math.max(least[k], own)));
      const value = gain.log(mean, clear, slopes);
      slopes?.byStd.forEach((_, k) => {
        if (clear[k] > std[k]) slopes.byStd[k] = 0;
      });
      return value;
    });
  },
};

/** Least standard deviation of an outcome, over its goal's scale: keeps what is known for certain smooth. */
export const leastShare = 1e-9;

/** Measured designs less probable than this to meet the requirements are not on the front. */
const leastChance = 0.5;

/** Losses of the means at the measured rows, n x m, and the rows of them that probably meet the requirements. */
export function believedFront(
  context: Pick<AcquisitionContext, "beliefs" | "goals" | "rows" | "feasibility">,
  losses: readonly Loss[],
): { readonly means: Matrix; readonly front: Matrix } {
  const { beliefs, rows } = context;
  const m = losses.length;
  const means = matrix(rows.rows, m);
  losses.forEach((loss, k) => {
    const { mean } = beliefs[loss.goal].marginal(rows);
    mean.forEach((value, i) => (means.data[i * m + k] = loss.of(value)));
  });
  const chances = sideRequirements(context).logChances(rows);
  const meeting: number[] = [];
  chances.forEach((chance, i) => {
    if (exp(chance) >= leastChance) meeting.push(i);
  });
  return { means, front: takeRows(means, meeting) };
}

import type { Acquisition, AcquisitionContext } from "./contract.ts";
import { dialled } from "./dial.ts";
import type { NormalTerm } from "./normal-terms.ts";
import { chancesAlone, ofMarginals } from "./of-marginals.ts";
import { requirementsOf } from "./requirements.ts";
import { singleObjective, type SingleObjective } from "./utility.ts";

/** What an acquisition function says of one normal distribution. */
export type PointScore = (mean: number, std: number) => NormalTerm;

/** A score, and how much a unit of log chance to meet the requirements counts against it (1 for logarithms). */
export interface WeightedScore {
  readonly score: PointScore;
  readonly chanceWeight: number;
}

/**
 * An acquisition function of the mean and standard deviation of one objective at one row. The chance to meet
 * the requirements is a factor: its logarithm is added to scores that are logarithms, and for others counts
 * in spreads of the objective. Without an objective, or (`score` undefined) without any design that probably
 * meets the requirements, that chance alone is made large.
 */
export function pointwise(
  who: string,
  context: AcquisitionContext,
  scoreOf: (objective: SingleObjective) => WeightedScore | undefined,
): Acquisition {
  const requirements = requirementsOf(context);
  const raw = singleObjective(who, context);
  const objective = raw && { ...raw, belief: dialled(raw.belief, context.exploration) };
  const weighted = objective && scoreOf(objective);
  if (objective === undefined || weighted === undefined) return chancesAlone(requirements);
  const { score, chanceWeight } = weighted;
  return ofMarginals(
    requirements,
    [objective.belief],
    ([mean], [std], slopes) => {
      const { value, byMean, byStd } = score(mean, std);
      slopes?.byMean.fill(byMean);
      slopes?.byStd.fill(byStd);
      return value;
    },
    chanceWeight,
  );
}

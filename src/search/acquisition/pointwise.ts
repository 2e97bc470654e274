import type { Acquisition, AcquisitionContext } from "./contract.ts";
import { dialled } from "./dial.ts";
import type { NormalTerm } from "./normal-terms.ts";
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
  if (objective === undefined || weighted === undefined) {
    return {
      points: 1,
      values: (rows) => requirements.logChances(rows),
      slope(row, gradient) {
        gradient.fill(0);
        return requirements.slope(row, gradient);
      },
    };
  }
  const { belief } = objective;
  const { score, chanceWeight } = weighted;
  return {
    points: 1,
    logWeight: chanceWeight,
    values(rows) {
      const { mean, std } = belief.marginal(rows);
      const chances = requirements.logChances(rows);
      return mean.map((m, i) => score(m, std[i]).value + chanceWeight * chances[i]);
    },
    slope(row, gradient) {
      gradient.fill(0);
      const chance = requirements.slope(row, gradient);
      const at = belief.slope(row);
      const { value, byMean, byStd } = score(at.mean, at.std);
      for (let k = 0; k < gradient.length; k++) {
        gradient[k] =
          chanceWeight * gradient[k] + byMean * at.meanGradient[k] + byStd * at.stdGradient[k];
      }
      return value + chanceWeight * chance;
    },
  };
}

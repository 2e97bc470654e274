import { exp, log } from "../../../core/elementary.ts";
import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import type { Acquisition, AcquisitionContext } from "../../acquisition/contract.ts";
import { isRequirement, requirementsOf } from "../../acquisition/requirements.ts";
import type { Belief, JointBelief } from "../../belief/contract.ts";
import type { TargetGoal } from "../../objectives.ts";

/**
 * What a measurement teaches, by the name of a strategy of active learning; all goals are outcomes to be learned.
 * Designs that probably cannot be made teach little: the logarithm of that chance is added.
 */
export const learningCriteria = {
  uncertainty,
  "error-reduction": errorReduction,
  "model-change": modelChange,
  "level-set": levelSet,
} as const satisfies Record<string, (context: AcquisitionContext) => Acquisition>;

/**
 * Logarithms of the standard deviations, summed: where least is known (D. D. Lewis, J. Catlett, ICML 1994; for Gaussian
 * processes D. J. C. MacKay, Neural Comput. 4, 590 (1992), doi:10.1162/neco.1992.4.4.590).
 */
function uncertainty(context: AcquisitionContext): Acquisition {
  return ofBeliefs(context, (belief) => ({
    values: (rows) => belief.marginal(rows).std.map(log),
    slope(row, gradient) {
      const { std, stdGradient } = belief.slope(row);
      for (let k = 0; k < gradient.length; k++) gradient[k] += stdGradient[k] / std;
      return log(std);
    },
  }));
}

/**
 * Logarithm of the variance over the reference designs that measuring a design would remove.
 * Source: D. A. Cohn, Z. Ghahramani, M. I. Jordan, J. Artif. Intell. Res. 4, 129 (1996), doi:10.1613/jair.295.
 */
function errorReduction(context: AcquisitionContext): Acquisition {
  return ofBeliefs(context, (belief) =>
    overReference(belief, context.reference, (cross, own) => {
      let squares = 0;
      for (const value of cross) squares += value * value;
      return {
        value: log(squares) - log(own),
        byCross: cross.map((value) => (2 * value) / squares),
        byOwn: -1 / own,
      };
    }),
  );
}

/**
 * Logarithm of the mean absolute change of the predictions at the reference designs that the measurement is expected
 * to make: for a Gaussian process `sqrt(2 / pi) |covariance| / std of the measurement`.
 * Source: W. Cai, Y. Zhang, J. Zhou, Maximizing expected model change for active learning in regression, ICDM 2013
 * (there the change of parameters).
 */
function modelChange(context: AcquisitionContext): Acquisition {
  return ofBeliefs(context, (belief) =>
    overReference(belief, context.reference, (cross, own) => {
      let sum = 0;
      for (const value of cross) sum += Math.abs(value);
      return {
        value: log(Math.sqrt(2 / Math.PI) * (sum / cross.length)) - 0.5 * log(own),
        byCross: cross.map((value) => Math.sign(value) / sum),
        byOwn: -0.5 / own,
      };
    }),
  );
}

/** Standard deviations that the straddle weighs against the distance from the level. */
const straddleWidth = 1.96;
const classLevel = 0.5;

/**
 * How far a design straddles a level: 1.96 standard deviations less the distance of the mean from it, in scales of
 * the goal. Levels are the limits of the goals (the nearest counts), the value to match, or the middle between
 * class and no class.
 * Source: B. Bryan et al., Active learning for identifying function threshold boundaries, NIPS 18 (2005), eq. 3.
 * @throws InputError when no goal has a level
 */
function levelSet(context: AcquisitionContext): Acquisition {
  const levels = context.goals.map(levelsOf);
  if (levels.every((own) => own.length === 0)) {
    throw new InputError(
      "level-set: expected a target with a limit, a value or a class, got none.",
      {
        hint: "Give the level that is to be found as a limit of the target.",
      },
    );
  }
  return ofBeliefs(context, (belief, g) => {
    const own = levels[g];
    const { scale } = context.goals[g];
    const nearest = (mean: number): number =>
      own.reduce((best, level) => (Math.abs(level - mean) < Math.abs(best - mean) ? level : best));
    return {
      values(rows) {
        const { mean, std } = belief.marginal(rows);
        if (own.length === 0) return new Float64Array(rows.rows);
        return mean.map((m, i) => (straddleWidth * std[i] - Math.abs(m - nearest(m))) / scale);
      },
      slope(row, gradient) {
        if (own.length === 0) return 0;
        const { mean, std, meanGradient, stdGradient } = belief.slope(row);
        const gap = mean - nearest(mean);
        for (let k = 0; k < gradient.length; k++) {
          gradient[k] +=
            (straddleWidth * stdGradient[k] - Math.sign(gap) * meanGradient[k]) / scale;
        }
        return (straddleWidth * std - Math.abs(gap)) / scale;
      },
    };
  });
}

function levelsOf(goal: TargetGoal): number[] {
  if (goal.kind === "class") return [classLevel];
  if (goal.kind !== "match" && !isRequirement(goal)) return [];
  return [...new Set([goal.low, goal.high].filter((level) => level !== null))];
}

/** A criterion of one belief; `slope` adds to the gradient. */
interface Criterion {
  values(rows: Matrix): Float64Array;
  slope(row: ArrayLike<number>, gradient: Float64Array): number;
}

/** Sum of the criteria of all goals and the log chance that a design can be made. */
function ofBeliefs(
  { beliefs, feasibility }: AcquisitionContext,
  criterionOf: (belief: Belief, goal: number) => Criterion,
): Acquisition {
  const parts = beliefs.map(criterionOf);
  const chance = requirementsOf({
    beliefs: [],
    goals: [],
    ...(feasibility === undefined ? {} : { feasibility }),
  });
  return {
    points: 1,
    values(rows) {
      const sum = chance.logChances(rows);
      for (const part of parts) {
        part.values(rows).forEach((value, i) => {
          sum[i] += value;
        });
      }
      return sum;
    },
    slope(row, gradient) {
      gradient.fill(0);
      let sum = chance.slope(row, gradient);
      for (const part of parts) sum += part.slope(row, gradient);
      return sum;
    },
  };
}

interface OverReference {
  readonly value: number;
  readonly byCross: Float64Array;
  readonly byOwn: number;
}

/** A criterion of the covariances of a design with the reference designs and the variance of its measurement. */
function overReference(
  belief: Belief,
  reference: Matrix,
  f: (cross: Float64Array, own: number) => OverReference,
): Criterion {
  const noise = belief.noiseStd * belief.noiseStd;
  const at = (row: ArrayLike<number>): OverReference & { joint: JointBelief } => {
    const all = matrix(reference.rows + 1, reference.columns);
    all.data.set(row);
    all.data.set(reference.data, reference.columns);
    const joint = belief.joint(all);
    const own = Math.max(joint.covariance.data[0], 1e-300) + noise;
    return { joint, ...f(joint.covariance.data.slice(1, all.rows), own) };
  };
  return {
    values: (rows) => Float64Array.from({ length: rows.rows }, (_, i) => at(rowOf(rows, i)).value),
    slope(row, gradient) {
      const { joint, value, byCross, byOwn } = at(row);
      const q = reference.rows + 1;
      const byCovariance = matrix(q, q);
      byCovariance.data[0] = byOwn;
      byCross.forEach((by, i) => {
        byCovariance.data[i + 1] = by / 2;
        byCovariance.data[(i + 1) * q] = by / 2;
      });
      const byRows = joint.pullback(new Float64Array(q), byCovariance).data;
      for (let k = 0; k < gradient.length; k++) gradient[k] += byRows[k];
      return value;
    },
  };
}

/**
 * Logarithm of the standard deviation between the means of committee members, averaged over the goals: where models
 * that all explain the measurements contradict each other most.
 * Source: H. S. Seung, M. Opper, H. Sompolinsky, Query by committee, COLT 1992; for regression R. Burbidge, J. J.
 * Rowland, R. D. King, IDEAL 2007.
 * @param members beliefs of each goal, goal by goal
 */
export function disagreement(
  context: AcquisitionContext,
  members: readonly (readonly Belief[])[],
): Acquisition {
  return ofBeliefs(context, (_, g) => {
    const committee = members[g];
    const n = committee.length;
    return {
      values(rows) {
        const means = committee.map((belief) => belief.marginal(rows).mean);
        return Float64Array.from({ length: rows.rows }, (__, i) =>
          logSpread(means.map((mean) => mean[i])),
        );
      },
      slope(row, gradient) {
        const at = committee.map((belief) => belief.slope(row));
        const means = at.map(({ mean }) => mean);
        const average = means.reduce((sum, mean) => sum + mean / n, 0);
        const value = logSpread(means);
        const variance = exp(2 * value);
        for (const { mean, meanGradient } of at) {
          for (let k = 0; k < gradient.length; k++) {
            gradient[k] += ((mean - average) * meanGradient[k]) / (n * variance);
          }
        }
        return value;
      },
    };
  });
}

/** Log of the standard deviation; rounding alone is left where all agree. */
function logSpread(values: readonly number[]): number {
  const n = values.length;
  const average = values.reduce((sum, value) => sum + value / n, 0);
  const variance = values.reduce((sum, v) => sum + ((v - average) * (v - average)) / n, 0);
  return 0.5 * log(Math.max(variance, 1e-300));
}

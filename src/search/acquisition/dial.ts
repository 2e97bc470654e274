import { matrix, type Matrix } from "../../core/matrix.ts";
import type { Belief } from "../belief/contract.ts";

/** Limits of the factor, so that both ends of the dial stay numbers. */
const most = 100;

/**
 * The explore/exploit dial: what is not known of the objectives counts `exploration / (1 - exploration)` times.
 * At 0.5 the acquisition functions are as published; towards 0 the best mean wins, towards 1 the largest
 * standard deviation. Requirements and feasibility are facts and are not dialled.
 * @param exploration 0 ... 1
 */
export function dialled(belief: Belief, exploration: number): Belief {
  const factor = Math.min(most, Math.max(1 / most, exploration / (1 - exploration)));
  if (factor === 1) return belief;
  const times = (values: Float64Array, by: number): Float64Array => values.map((v) => by * v);
  const timesMatrix = (m: Matrix, by: number): Matrix =>
    matrix(m.rows, m.columns, times(m.data, by));
  return {
    ...belief,
    marginal(rows) {
      const { mean, std } = belief.marginal(rows);
      return { mean, std: times(std, factor) };
    },
    slope(row) {
      const at = belief.slope(row);
      return { ...at, std: factor * at.std, stdGradient: times(at.stdGradient, factor) };
    },
    joint(rows) {
      const at = belief.joint(rows);
      const squared = factor * factor;
      return {
        mean: at.mean,
        covariance: timesMatrix(at.covariance, squared),
        pullback: (byMean, byCovariance) => at.pullback(byMean, timesMatrix(byCovariance, squared)),
      };
    },
    against(rows) {
      const cross = belief.against(rows);
      const squared = factor * factor;
      return {
        at(row, gradient) {
          const covariances = times(cross.at(row, gradient), squared);
          if (gradient !== undefined) gradient.set(times(gradient, squared));
          return covariances;
        },
      };
    },
    condition: (rows, values, noiseStd) =>
      dialled(belief.condition(rows, values, noiseStd), exploration),
    paths: (count, rng) =>
      belief.paths(count, rng).map((path) => ({
        at(rows) {
          const { mean } = belief.marginal(rows);
          return path.at(rows).map((value, i) => mean[i] + factor * (value - mean[i]));
        },
        slope(row, gradient) {
          const { mean, meanGradient } = belief.slope(row);
          const value = path.slope(row, gradient);
          gradient?.forEach((by, k) => {
            gradient[k] = meanGradient[k] + factor * (by - meanGradient[k]);
          });
          return mean + factor * (value - mean);
        },
      })),
  };
}

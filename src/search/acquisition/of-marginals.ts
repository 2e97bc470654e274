import type { Belief } from "../belief/contract.ts";
import type { Acquisition } from "./contract.ts";
import type { Requirements } from "./requirements.ts";

/** Derivatives of a score by the means and standard deviations of its outcomes. */
export interface ScoreSlopes {
  readonly byMean: Float64Array;
  readonly byStd: Float64Array;
}

/** What is said of independent normal distributions, one for each outcome; fills `slopes` where given. */
export type MarginalScore = (mean: Float64Array, std: Float64Array, slopes?: ScoreSlopes) => number;

/**
 * An acquisition function of what is believed of each outcome at one row, with the chance to meet the requirements as a
 * factor: `chanceWeight` times its logarithm is added. Without outcomes that chance alone.
 */
export function ofMarginals(
  requirements: Requirements,
  beliefs: readonly Belief[],
  score: MarginalScore,
  chanceWeight = 1,
): Acquisition {
  const room = (): Float64Array => new Float64Array(beliefs.length);
  const [mean, std] = [room(), room()];
  const slopes: ScoreSlopes = { byMean: room(), byStd: room() };
  return {
    points: 1,
    logWeight: chanceWeight,
    values(rows) {
      const values = requirements.logChances(rows);
      const marginals = beliefs.map((belief) => belief.marginal(rows));
      for (let i = 0; i < values.length; i++) {
        marginals.forEach((one, k) => {
          mean[k] = one.mean[i];
          std[k] = one.std[i];
        });
        values[i] = score(mean, std) + chanceWeight * values[i];
      }
      return values;
    },
    slope(row, gradient) {
      gradient.fill(0);
      const chance = requirements.slope(row, gradient);
      const around = beliefs.map((belief) => belief.slope(row));
      around.forEach((one, k) => {
        mean[k] = one.mean;
        std[k] = one.std;
      });
      const own = score(mean, std, slopes);
      for (let j = 0; j < gradient.length; j++) gradient[j] *= chanceWeight;
      around.forEach(({ meanGradient, stdGradient }, k) => {
        for (let j = 0; j < gradient.length; j++) {
          gradient[j] += slopes.byMean[k] * meanGradient[j] + slopes.byStd[k] * stdGradient[j];
        }
      });
      return own + chanceWeight * chance;
    },
  };
}

/** The chance to meet the requirements alone, which is all there is without an objective. */
export const chancesAlone = (requirements: Requirements): Acquisition =>
  ofMarginals(requirements, [], () => 0);

import { exp, log1p } from "../../../core/elementary.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { normalLogCdf } from "../../../core/special.ts";
import type { TargetGoal } from "../../objectives.ts";
import type { AcquisitionContext } from "../contract.ts";

/** What one outcome has to keep to, beside being an objective. */
export interface Requirement {
  /** Which of the goals, hence which outcome. */
  readonly goal: number;
  readonly low: number;
  readonly high: number;
  /** Whether a sample must keep to it with its noise; a class's probability has none. */
  readonly noisy: boolean;
}

/**
 * The requirements of all goals: the limits of ranges and classes, and of an objective the limit on its good side
 * (the one on its bad side is where its gain begins).
 */
export function requirementsOf(goals: readonly TargetGoal[]): readonly Requirement[] {
  const found: Requirement[] = [];
  goals.forEach(({ kind, low, high }, goal) => {
    if (kind === "match") return;
    const from = kind === "maximise" ? null : low;
    const to = kind === "minimise" ? null : high;
    if (from === null && to === null) return;
    found.push({
      goal,
      low: from ?? Number.NEGATIVE_INFINITY,
      high: to ?? Number.POSITIVE_INFINITY,
      noisy: kind !== "class",
    });
  });
  return found;
}

/** The chance that a design can be measured and meets every requirement, as a logarithm. */
export interface LogChance {
  /** At each of n rows. */
  values(rows: Matrix): Float64Array;
  /** At one row; adds the derivatives by its columns to `gradient`. */
  slope(row: ArrayLike<number>, gradient: Float64Array): number;
}

/** Outcomes are taken as independent of each other given the beliefs. */
export function logChance({ beliefs, goals, feasibility }: AcquisitionContext): LogChance {
  const requirements = requirementsOf(goals);
  const inside: LogInside = { value: 0, byMean: 0, byStd: 0 };
  const judge = ({ goal, low, high, noisy }: Requirement, mean: number, std: number): void => {
    const noise = noisy ? beliefs[goal].noiseStd : 0;
    const total = Math.max(Math.sqrt(std * std + noise * noise), leastShare * goals[goal].scale);
    logInsideInto(mean, total, low, high, inside);
    inside.byStd *= std / total;
  };

  return {
    values(rows) {
      const sum = new Float64Array(rows.rows);
      for (const one of requirements) {
        const { mean, std } = beliefs[one.goal].marginal(rows);
        for (let i = 0; i < sum.length; i++) {
          judge(one, mean[i], std[i]);
          sum[i] += inside.value;
        }
      }
      // One at a time, as only the slope comes as a logarithm.
      if (feasibility !== undefined) {
        for (let i = 0; i < sum.length; i++) {
          const row = rows.data.subarray(i * rows.columns, (i + 1) * rows.columns);
          sum[i] += feasibility.slope(row).logProbability;
        }
      }
      return sum;
    },
    slope(row, gradient) {
      let sum = 0;
      for (const one of requirements) {
        const { mean, std, meanGradient, stdGradient } = beliefs[one.goal].slope(row);
        judge(one, mean, std);
        sum += inside.value;
        for (let k = 0; k < gradient.length; k++) {
          gradient[k] += inside.byMean * meanGradient[k] + inside.byStd * stdGradient[k];
        }
      }
      if (feasibility !== undefined) {
        const one = feasibility.slope(row);
        sum += one.logProbability;
        for (let k = 0; k < gradient.length; k++) gradient[k] += one.gradient[k];
      }
      return sum;
    },
  };
}

/** Least standard deviation of an outcome, over its goal's scale: keeps what is known for certain smooth. */
export const leastShare = 1e-9;

interface LogInside {
  value: number;
  byMean: number;
  byStd: number;
}

/** Logarithm of the probability that a normal number is between two limits, right in both tails. */
function logInsideInto(
  mean: number,
  std: number,
  low: number,
  high: number,
  out: LogInside,
): void {
  // Seen from the side on which the range lies in the lower tail or around the mean.
  const flip = low > mean;
  const a = (flip ? mean - high : low - mean) / std;
  const b = (flip ? mean - low : high - mean) / std;
  const upper = b === Number.POSITIVE_INFINITY ? 0 : normalLogCdf(b);
  const ratio = a === Number.NEGATIVE_INFINITY ? 0 : exp(normalLogCdf(a) - upper);
  out.value = upper + log1p(-ratio);
  const density = (z: number): number =>
    Number.isFinite(z) ? exp(-0.5 * z * z - logRootTwoPi - out.value) : 0;
  const [atA, atB] = [density(a), density(b)];
  out.byMean = ((flip ? -1 : 1) * (atA - atB)) / std;
  out.byStd = ((Number.isFinite(a) ? a * atA : 0) - (Number.isFinite(b) ? b * atB : 0)) / std;
}

const logRootTwoPi = 0.9189385332046727;

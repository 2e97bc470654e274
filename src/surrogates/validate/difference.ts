import type { Matrix } from "../../core/matrix.ts";
import { takeRows } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { quantileSorted } from "../../core/statistics.ts";
import { studentCdf, studentQuantile } from "../../core/student-t.ts";
import type { Task } from "../contract.ts";
import { pick } from "./held-out.ts";
import { scoreOf, type Judged } from "./scores.ts";

/** How far one model's score lies from another's, with a 95 % interval. */
export interface Difference {
  readonly mean: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided chance of a difference this large when there is none. */
  readonly pValue: number;
}

const level = 0.95;

/**
 * Corrected resampled t-test: training parts of several splits overlap, so that the variance of the mean
 * of J differences is taken as `(1 / J + test rows / training rows) s^2`, with J - 1 degrees of freedom.
 * Source: C. Nadeau, Y. Bengio, Mach. Learn. 52, 239 (2003), doi:10.1023/A:1024068626366.
 * @param differences of one metric, one per split, at least 2
 * @param testShare test rows over training rows, mean over the splits
 */
export function correctedDifference(differences: readonly number[], testShare: number): Difference {
  const n = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const squares = differences.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const standardError = Math.sqrt((1 / n + testShare) * (squares / (n - 1)));
  if (standardError === 0) {
    return { mean, standardError, low: mean, high: mean, pValue: mean === 0 ? 1 : 0 };
  }
  const half = studentQuantile(0.5 + level / 2, n - 1) * standardError;
  return {
    mean,
    standardError,
    low: mean - half,
    high: mean + half,
    pValue: 2 * studentCdf(-Math.abs(mean / standardError), n - 1),
  };
}

const resamples = 1000;

/**
 * Bootstrap of the difference `score(a) - score(b)` of two models over the same test rows: units (rows, or
 * keys whose rows belong together) are drawn with replacement. The interval is the percentile one.
 * Draws that leave the metric undefined (a single class) are drawn again.
 * Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13.
 * @param units the test rows of each unit, as positions in the judged lists
 */
export function bootstrapDifference(
  a: Judged,
  b: Judged,
  units: readonly (readonly number[])[],
  metric: string,
  task: Task,
  rng: Rng,
): Difference {
  const mean = scoreOf(a, task, metric) - scoreOf(b, task, metric);
  const isUsable = differ(a.measured, [...a.measured.keys()])
    ? (rows: readonly number[]) => differ(a.measured, rows)
    : () => true;
  const drawn = new Float64Array(resamples);
  for (let k = 0; k < resamples; k++) {
    let rows: number[];
    do {
      rows = Array.from(units, () => units[rng.integer(units.length)]).flat();
    } while (!isUsable(rows));
    drawn[k] = scoreOf(take(a, rows), task, metric) - scoreOf(take(b, rows), task, metric);
  }
  drawn.sort();
  const centre = drawn.reduce((sum, value) => sum + value, 0) / resamples;
  const squares = drawn.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  const below = drawn.filter((value) => value <= 0).length;
  const above = drawn.filter((value) => value >= 0).length;
  return {
    mean,
    standardError: Math.sqrt(squares / (resamples - 1)),
    low: quantileSorted(drawn, 0.5 - level / 2),
    high: quantileSorted(drawn, 0.5 + level / 2),
    pValue: Math.min(1, (2 * (Math.min(below, above) + 1)) / (resamples + 1)),
  };
}

/** Whether the rows have two different targets, as rankings and R2 need. */
const differ = (measured: Float64Array, rows: readonly number[]): boolean =>
  rows.some((row) => measured[row] !== measured[rows[0]]);

function take({ measured, mean, std }: Judged, rows: readonly number[]): Judged {
  const part = (m: Matrix): Matrix => takeRows(m, rows);
  return { measured: pick(measured, rows), mean: part(mean), std: part(std) };
}

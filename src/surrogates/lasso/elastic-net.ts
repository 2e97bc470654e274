import { gram } from "../../core/linalg/multiply.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** Centred sums of some rows, which are all that coordinate descent needs. */
export interface Moments {
  /** Means of the inputs and of the target. */
  readonly inputMeans: Float64Array;
  readonly targetMean: number;
  /** X' X / n of the centred rows, d x d. */
  readonly covariance: Matrix;
  /** X' y / n. */
  readonly correlation: Float64Array;
}

/** Moments of rows of x (n x d) and y. */
export function momentsOf(x: Matrix, y: Float64Array): Moments {
  const { rows: n, columns: d } = x;
  const inputMeans = new Float64Array(d);
  for (let k = 0; k < x.data.length; k++) inputMeans[k % d] += x.data[k] / n;
  const targetMean = y.reduce((sum, value) => sum + value / n, 0);
  const centred = matrix(
    n,
    d,
    x.data.map((value, k) => value - inputMeans[k % d]),
  );
  const covariance = gram(centred);
  for (let k = 0; k < covariance.data.length; k++) covariance.data[k] /= n;
  const correlation = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const target = (y[i] - targetMean) / n;
    for (let j = 0; j < d; j++) correlation[j] += centred.data[i * d + j] * target;
  }
  return { inputMeans, targetMean, covariance, correlation };
}

/** The least penalty that leaves every coefficient at zero. */
export function largestPenalty({ correlation }: Moments, mix: number): number {
  return correlation.reduce((largest, c) => Math.max(largest, Math.abs(c)), 0) / mix;
}

/** Penalties from the largest down, each `step` (below 1) times the one before. */
export function penaltyPath(largest: number, count: number, step: number): Float64Array {
  const penalties = new Float64Array(count);
  for (let k = 0, penalty = largest; k < count; k++, penalty *= step) penalties[k] = penalty;
  return penalties;
}

/** A change of a coefficient below this, in units of the target's standard deviation, is none. */
const tolerance = 1e-8;
const mostSweeps = 10_000;
/** Inputs whose variance is below this share of one (they are standardised) are constant. */
const leastVariance = 1e-12;

/** Coefficients for each penalty, each start being the end of the one before. */
export interface Path {
  /** Penalties x d. */
  readonly coefficients: Matrix;
  /** Sweeps over the inputs, all penalties together. */
  readonly sweeps: number;
  readonly converged: boolean;
}

/**
 * Minimises `|y - X b|^2 / (2 n) + penalty (mix |b|_1 + (1 - mix) |b|^2 / 2)` for every penalty, by
 * cyclic coordinate descent on the covariances.
 * Source: J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33(1) (2010), doi:10.18637/jss.v033.i01,
 * eqs. 5 and 9.
 * @param penalties descending
 */
export function elasticNet(
  { covariance, correlation }: Moments,
  penalties: Float64Array,
  mix: number,
): Path {
  const d = correlation.length;
  const b = new Float64Array(d);
  /** X' (y - X b) / n. */
  const residual = Float64Array.from(correlation);
  const coefficients = matrix(penalties.length, d);
  let sweeps = 0;
  let converged = true;
  const sweep = (penalty: number, onlyActive: boolean): number => {
    sweeps++;
    let largest = 0;
    for (let j = 0; j < d; j++) {
      const own = covariance.data[j * d + j];
      if (own < leastVariance || (onlyActive && b[j] === 0)) continue;
      const pull = residual[j] + own * b[j];
      const shrunk = Math.max(0, Math.abs(pull) - penalty * mix);
      const next = (Math.sign(pull) * shrunk) / (own + penalty * (1 - mix));
      const change = next - b[j];
      if (change === 0) continue;
      b[j] = next;
      for (let k = 0; k < d; k++) residual[k] -= change * covariance.data[j * d + k];
      largest = Math.max(largest, Math.abs(change) * Math.sqrt(own));
    }
    return largest;
  };
  penalties.forEach((penalty, p) => {
    let left = mostSweeps;
    // Sweeps over what is not zero, until one over all inputs changes nothing either.
    while (left-- > 0 && sweep(penalty, false) > tolerance) {
      while (left-- > 0 && sweep(penalty, true) > tolerance);
    }
    converged &&= left >= 0;
    coefficients.data.set(b, p * d);
  });
  return { coefficients, sweeps, converged };
}

/** A plane around the means of the rows that it was fitted on. */
export interface CentredPlane extends Pick<Moments, "inputMeans" | "targetMean"> {
  readonly coefficients: Float64Array;
}

/** Answers of a plane for rows of x. */
export function answersOf(
  { inputMeans, targetMean, coefficients }: CentredPlane,
  x: Matrix,
): Float64Array {
  const d = x.columns;
  const result = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let value = targetMean;
    for (let j = 0; j < d; j++) value += coefficients[j] * (x.data[i * d + j] - inputMeans[j]);
    result[i] = value;
  }
  return result;
}

import { log } from "../../core/elementary.ts";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
} from "../../core/linalg/cholesky.ts";
import { maternCovariance, maternGradient } from "../../core/linalg/matern.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** The marginal likelihood at given length scales and noise ratio, mean and variance being the best ones. */
export interface ProfiledLikelihood {
  /** Log marginal likelihood in nats. */
  readonly value: number;
  /** Generalised least-squares estimate of the constant mean. */
  readonly mean: number;
  /** Maximum-likelihood estimate of the signal variance. */
  readonly variance: number;
  /** d value / d log length scale (d numbers), then d value / d log noise ratio. */
  readonly gradient: Float64Array;
}

/**
 * Log marginal likelihood of n targets under a Gaussian process with covariance
 * `variance (R + noiseRatio I)`, R being the Matern 5/2 correlation of the inputs. Constant mean and
 * variance are profiled out: for R_n = R + noiseRatio I and r = y - mean,
 * `mean = 1' R_n^-1 y / 1' R_n^-1 1`, `variance = r' R_n^-1 r / n`, and
 * `value = -1/2 (n log variance + log det R_n + n + n log 2 pi)`. Both are stationary there, so the
 * gradient is the partial one, `1/2 tr((a a' / variance - R_n^-1) dR_n)` with `a = R_n^-1 r`.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eqs. 2.30
 * and 5.9.
 * @param x inputs, n x d
 * @throws NumericalError when R_n is not positive definite to working precision
 */
export function profiledLikelihood(
  x: Matrix,
  y: Float64Array,
  lengthScales: Float64Array,
  noiseRatio: number,
): ProfiledLikelihood {
  const n = x.rows;
  const factor = cholesky(noisyCorrelation(x, lengthScales, noiseRatio));
  const { mean, residual, weights } = removeMean(factor, y);
  let quadratic = 0;
  for (let i = 0; i < n; i++) quadratic += residual[i] * weights[i];
  const variance = Math.max(quadratic / n, leastVariance);
  const value =
    -0.5 *
    (n * log(variance) + logDeterminant(factor) + quadratic / variance + n * log(2 * Math.PI));

  const derivative = choleskyInverse(factor);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    const scaled = weights[i] / variance;
    for (let j = 0, at = i * n; j < n; j++, at++) {
      derivative.data[at] = scaled * weights[j] - derivative.data[at];
    }
    trace += derivative.data[i * n + i];
  }
  const gradient = new Float64Array(lengthScales.length + 1);
  gradient.set(maternGradient(x, lengthScales, 1, derivative));
  gradient[lengthScales.length] = noiseRatio * trace;
  for (let k = 0; k < gradient.length; k++) gradient[k] /= 2;
  return { value, mean, variance, gradient };
}

/** Keeps the likelihood finite for targets that the mean explains exactly. */
const leastVariance = 1e-300;

/** Matern 5/2 correlation of the inputs with the noise ratio on its diagonal, n x n. */
export function noisyCorrelation(
  x: Matrix,
  lengthScales: Float64Array,
  noiseRatio: number,
): Matrix {
  const correlation = maternCovariance(x, lengthScales, 1);
  for (let i = 0; i < x.rows; i++) correlation.data[i * x.rows + i] += noiseRatio;
  return correlation;
}

/** What is left of the targets without their generalised least-squares mean, and R_n^-1 times it. */
export function removeMean(
  factor: Matrix,
  y: Float64Array,
): { mean: number; residual: Float64Array; weights: Float64Array } {
  const n = y.length;
  const both = matrix(n, 2);
  for (let i = 0; i < n; i++) {
    both.data[2 * i] = y[i]!;
    both.data[2 * i + 1] = 1;
  }
  const solved = choleskySolve(factor, both).data;
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < n; i++) {
    top += solved[2 * i];
    bottom += solved[2 * i + 1];
  }
  const mean = top / bottom;
  return {
    mean,
    residual: y.map((value) => value - mean),
    weights: Float64Array.from({ length: n }, (_, i) => solved[2 * i] - mean * solved[2 * i + 1]),
  };
}

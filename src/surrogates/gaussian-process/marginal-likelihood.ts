import { log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import { choleskySolve } from "../../core/linalg/cholesky.ts";
import { maternCovariance } from "../../core/linalg/matern.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { cholesky } from "../../kernels/dense.ts";
import { kernels } from "../../kernels/instance.ts";

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
  const [n, d] = [x.rows, x.columns];
  const k = kernels();
  const { heap, functions, scratch } = k;
  // One matrix on the heap of the kernels is R_n, its factor, its inverse and the derivative in turn.
  return heap.scope(() => {
    const ld = n + (n % 2);
    const points = heap.allocate(n * d);
    const coordinates = heap.allocate(d * ld);
    const right = heap.allocate(2 * n);
    const gradient = heap.allocate(d);
    const spare = heap.allocate(n + 1);
    const r = heap.allocate(n * ld);
    const entries = heap.view(r, n * ld);
    storeScaled(x, lengthScales, heap.view(points, n * d), heap.view(coordinates, d * ld), ld);
    functions.maternCovariance(n, n, d, 1, points, coordinates, ld, r, ld, 1);
    for (let i = 0; i < n; i++) entries[i * ld + i] += noiseRatio;

    const failed = cholesky(k, n, r, ld);
    if (failed > 0) {
      throw new NumericalError(
        `profiledLikelihood: expected a positive definite covariance, pivot ${failed - 1} of ${n} is not positive.`,
        { hint: "Raise the noise ratio or shorten the length scales." },
      );
    }
    let logDeterminant = 0;
    for (let i = 0; i < n; i++) logDeterminant += 2 * log(entries[i * ld + i]);
    const solved = heap.view(right, 2 * n);
    for (let i = 0; i < n; i++) solved.set([y[i], 1], 2 * i);
    functions.solveLeftLower(n, 2, r, ld, right, 2, scratch);
    functions.solveLeftTransposed(n, 2, r, ld, right, 2, scratch);
    const { mean, residual, weights } = meanFrom(solved, y);
    let quadratic = 0;
    for (let i = 0; i < n; i++) quadratic += residual[i] * weights[i];
    const variance = Math.max(quadratic / n, leastVariance);
    const value =
      -0.5 * (n * log(variance) + logDeterminant + quadratic / variance + n * log(2 * Math.PI));

    functions.invertLower(n, r, ld, scratch);
    functions.multiplyOwnTransposed(n, r, ld, scratch);
    let trace = 0;
    for (let i = 0; i < n; i++) {
      const scaled = weights[i] / variance;
      for (let j = 0, at = i * ld; j <= i; j++, at++) {
        entries[at] = scaled * weights[j] - entries[at];
      }
      trace += entries[i * ld + i];
    }
    functions.maternGradient(n, d, 1, points, coordinates, ld, r, ld, gradient, spare);
    const slopes = Float64Array.of(...heap.view(gradient, d), noiseRatio * trace);
    return { value, mean, variance, gradient: slopes.map((slope) => slope / 2) };
  });
}

/** Points in length scales, row by row and (padded to `ld`) coordinate by coordinate. */
function storeScaled(
  x: Matrix,
  lengthScales: Float64Array,
  points: Float64Array,
  coordinates: Float64Array,
  ld: number,
): void {
  coordinates.fill(0);
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, at++) {
      points[at] = x.data[at] / lengthScales[j];
      coordinates[j * ld + i] = points[at];
    }
  }
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
  return meanFrom(choleskySolve(factor, both).data, y);
}

/** The same from the rows of R_n^-1 (y, 1). */
function meanFrom(
  solved: Float64Array,
  y: Float64Array,
): { mean: number; residual: Float64Array; weights: Float64Array } {
  const n = y.length;
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

import { log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
} from "../../core/linalg/cholesky.ts";
import { correlationGradient, correlations, even } from "../../core/linalg/covariance.ts";
import { multiply } from "../../core/linalg/multiply.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { gemm, rowMajor, transposed } from "../../kernels/dense.ts";
import { kernels } from "../../kernels/instance.ts";
import { lengthScalesOf, shapeOf, type CovarianceModel } from "./covariance-model.ts";
import { partsOf } from "./marginal-likelihood.ts";
import { rowNoise, type Sample } from "./merge-rows.ts";
import { covarianceBetween } from "./posterior.ts";

/** Added to the diagonal of the correlation of the inducing points. */
export const inducingJitter = 1e-8;

/** Rows taken at once. */
const blockRows = 512;

/** What n rows say through m inducing points, in units of the signal variance. */
export interface SparseSums {
  /** Correlation M of the inducing points, m x m, with its jitter. */
  readonly own: Matrix;
  /** A = N' D^-1 N, N being the correlation of rows and inducing points, D the noise. */
  readonly information: Matrix;
  /** Noise of each row in units of the signal variance. */
  readonly noise: Float64Array;
  readonly mean: number;
  /** Signal variance: the best one, or the given one where noise is known. */
  readonly variance: number;
  /** (M + A)^-1 N' D^-1 (y - mean). */
  readonly weights: Float64Array;
  /** The lower bound of the log marginal likelihood, in nats. */
  readonly bound: number;
}

/**
 * Collapsed variational bound of a Gaussian process through m inducing points Z:
 * `log N(y; mean, variance (Q + D)) - 1/2 tr D^-1 (R - Q)` with Q = N M^-1 N'. Mean and, without known noise,
 * variance are profiled out. By Woodbury's identity with G = M + A:
 * `-2 bound = n log variance + log det G - log det M + log det D + (r' D^-1 r - h' G^-1 h) / variance
 * + tr D^-1 - tr M^-1 A + n log 2 pi`, h = N' D^-1 r. Costs n m^2.
 * Source: M. K. Titsias, Variational learning of inducing variables in sparse Gaussian processes, AISTATS 2009
 * (PMLR 5, 567), eq. 9.
 * @throws NumericalError when M or G is not positive definite to working precision
 */
export function sparseSums(
  model: CovarianceModel,
  sample: Sample,
  inducing: Matrix,
  point: Float64Array,
): SparseSums {
  const { covariance: parameters, noise: ratio, variance: given } = partsOf(model, sample, point);
  const between = covarianceBetween(model, parameters);
  const m = inducing.rows;
  const own = between({ points: inducing }, { points: inducing });
  for (let i = 0; i < m; i++) own.data[i * m + i] += inducingJitter;
  const noise = rowNoise(sample, ratio, given ?? 1);
  const { y } = sample;
  const n = y.length;
  const information = matrix(m, m);
  const [hy, h1] = [new Float64Array(m), new Float64Array(m)];
  let [yy, y1, ones, logs] = [0, 0, 0, 0];
  for (let first = 0; first < n; first += blockRows) {
    const rows = pointsOf(sample, first);
    const cross = between({ points: rows }, { points: inducing });
    for (let i = 0; i < rows.rows; i++) {
      const precision = 1 / noise[first + i];
      const root = Math.sqrt(precision);
      const target = y[first + i];
      yy += target * target * precision;
      y1 += target * precision;
      ones += precision;
      logs -= log(precision);
      for (let j = 0, at = i * m; j < m; j++, at++) {
        const value = cross.data[at];
        hy[j] += value * precision * target;
        h1[j] += value * precision;
        cross.data[at] = value * root;
      }
    }
    addGram(information, cross);
  }
  const total = addMatrices(own, information);
  const ownFactor = cholesky(own);
  const factor = cholesky(total);
  const [solvedY, solved1] = [choleskySolve(factor, hy), choleskySolve(factor, h1)];
  const mean = (y1 - dot(h1, solvedY)) / (ones - dot(h1, solved1));
  const weights = solvedY.map((value, j) => value - mean * solved1[j]);
  const quadratic =
    yy - 2 * mean * y1 + mean * mean * ones - dot(hy, weights) + mean * dot(h1, weights);
  const variance = given ?? Math.max(quadratic / n, 1e-300);
  const trace = ones - traceOfSolved(ownFactor, information);
  const logDeterminants = logDeterminant(factor) - logDeterminant(ownFactor) + logs;
  const bound =
    -0.5 *
    (n * log(variance) + logDeterminants + quadratic / variance + trace + n * log(2 * Math.PI));
  if (!Number.isFinite(bound)) throw new NumericalError("sparseSums: the bound is not finite.");
  return { own, information, noise, mean, variance, weights, bound };
}

/**
 * The bound and its derivative with respect to every parameter, the inducing points being fixed. With w the
 * weights and E = G^-1 - M^-1 + w w' / variance: d bound / dN = -D^-1 (N E - r w' / variance) and
 * d bound / dM = -1/2 (E + M^-1 A M^-1).
 */
export function sparseBound(
  model: CovarianceModel,
  sample: Sample,
  inducing: Matrix,
  point: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const sums = sparseSums(model, sample, inducing, point);
  const { own, information, noise, mean, variance, weights, bound } = sums;
  const { covariance: parameters, noise: ratio } = partsOf(model, sample, point);
  const between = covarianceBetween(model, parameters);
  const correlation = { name: model.kernel, shape: shapeOf(model, parameters) };
  const scales = lengthScalesOf(model, parameters);
  const { y, knownVariance } = sample;
  const m = inducing.rows;
  const inverse = choleskyInverse(cholesky(own));
  const e = choleskyInverse(cholesky(addMatrices(own, information)));
  for (let i = 0, at = 0; i < m; i++) {
    for (let j = 0; j < m; j++, at++) {
      e.data[at] += (weights[i] * weights[j]) / variance - inverse.data[at];
    }
  }
  const gradient = new Float64Array(point.length);
  const add = (x: Matrix, w: Matrix, z: Matrix): void => {
    const found = correlationGradient(correlation, x, scales, w, z);
    found.lengthScales.forEach((slope, j) => (gradient[model.scaleOf[j]] += slope));
    if (correlations[model.kernel].hasShape) gradient[model.scales] += found.shape;
  };
  const first = parameters.length;
  let byVariance = 0;
  for (let start = 0; start < y.length; start += blockRows) {
    const rows = pointsOf(sample, start);
    const cross = between({ points: rows }, { points: inducing });
    const w = multiply(cross, e);
    for (let i = 0; i < rows.rows; i++) {
      const row = start + i;
      const d = noise[row];
      const r = y[row] - mean;
      let [form, answer] = [0, 0];
      for (let j = 0, at = i * m; j < m; j++, at++) {
        form += cross.data[at] * w.data[at];
        answer += cross.data[at] * weights[j];
        w.data[at] = -(w.data[at] - (r * weights[j]) / variance) / d;
      }
      const slope = -0.5 * (1 / d - (1 + form + (r * r - 2 * answer * r) / variance) / (d * d));
      gradient[first] += slope * ratio[0] * (sample.noiseFactor?.[row] ?? 1);
      if (knownVariance !== undefined) {
        byVariance -= (slope * knownVariance[row]) / variance;
        // n log variance + quadratic / variance, quadratic being r' D^-1 (r - N w).
        byVariance += -0.5 * (1 - (r * (r - answer)) / (d * variance));
      }
    }
    add(rows, w, inducing);
  }
  const solved = multiply(multiply(inverse, information), inverse);
  const ownSlope = matrix(
    m,
    m,
    e.data.map((value, k) => -0.5 * (value + solved.data[k])),
  );
  add(inducing, ownSlope, inducing);
  if (knownVariance !== undefined) gradient[first + 1] = byVariance;
  return { value: bound, gradient };
}

/** A block of the rows' places, from row `first` on. */
function pointsOf({ places: { points }, placeOf }: Sample, first: number): Matrix {
  const count = Math.min(blockRows, placeOf.length - first);
  const q = points.columns;
  const block = matrix(count, q);
  for (let i = 0; i < count; i++) {
    const from = placeOf[first + i] * q;
    block.data.set(points.data.subarray(from, from + q), i * q);
  }
  return block;
}

/** sum += x' x. */
function addGram(sum: Matrix, x: Matrix): void {
  const k = kernels();
  const [rows, m] = [x.rows, x.columns];
  const ld = even(m);
  k.heap.scope(() => {
    const operand = rowMajor(k.heap.store(x.data), m);
    const c = k.heap.allocate(m * ld);
    k.heap.view(c, m * ld).fill(0);
    gemm(k, m, m, rows, 1, transposed(operand), operand, c, ld, { lowerOnly: true });
    k.functions.mirrorLower(m, c, ld);
    const product = k.heap.view(c, m * ld);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) sum.data[i * m + j] += product[i * ld + j];
    }
  });
}

export function addMatrices(a: Matrix, b: Matrix): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, k) => value + b.data[k]),
  );
}

/** tr (L L')^-1 A. */
function traceOfSolved(factor: Matrix, a: Matrix): number {
  const solved = choleskySolve(factor, a);
  let trace = 0;
  for (let i = 0; i < a.rows; i++) trace += solved.data[i * a.rows + i];
  return trace;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

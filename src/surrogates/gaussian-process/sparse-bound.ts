import { log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
} from "../../core/linalg/cholesky.ts";
import { correlationGradient, correlations, even } from "../../core/linalg/covariance.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
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

/**
 * What n rows say through m inducing points, in units of the signal variance. M = L L' is the correlation of
 * the inducing points, N that of rows and inducing points, D the noise; V = L^-1 N'.
 */
export interface SparseSums {
  /** L, m x m. */
  readonly ownFactor: Matrix;
  /** C = V D^-1 V', m x m. */
  readonly information: Matrix;
  /** Cholesky factor of I + C. */
  readonly factor: Matrix;
  /** Noise of each row in units of the signal variance. */
  readonly noise: Float64Array;
  readonly mean: number;
  /** Signal variance: the best one, or the given one where noise is known. */
  readonly variance: number;
  /** w = (M + N' D^-1 N)^-1 N' D^-1 (y - mean). */
  readonly weights: Float64Array;
  /** The lower bound of the log marginal likelihood, in nats. */
  readonly bound: number;
}

/**
 * Collapsed variational bound of a Gaussian process through m inducing points:
 * `log N(y; mean, variance (Q + D)) - 1/2 tr D^-1 (R - Q)` with Q = N M^-1 N'. Mean and, without known noise,
 * variance are profiled out. With r = y - mean and g = V D^-1 r,
 * `-2 bound = n log variance + log det (I + C) + log det D + (r' D^-1 r - g' (I + C)^-1 g) / variance
 * + tr D^-1 - tr C + n log 2 pi`; I + C has no eigenvalue below 1 however many rows there are. Costs n m^2.
 * Source: M. K. Titsias, Variational learning of inducing variables in sparse Gaussian processes, AISTATS 2009
 * (PMLR 5, 567), eq. 9.
 * @throws NumericalError when M is not positive definite to working precision
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
  const ownFactor = factorOfInducing(model, parameters, inducing);
  const noise = rowNoise(sample, ratio, given ?? 1);
  const { y } = sample;
  const n = y.length;
  const information = matrix(m, m);
  const [gy, g1] = [new Float64Array(m), new Float64Array(m)];
  let [yy, y1, ones, logs] = [0, 0, 0, 0];
  for (let first = 0; first < n; first += blockRows) {
    const rows = pointsOf(sample, first);
    const count = rows.rows;
    const v = solveTriangular(ownFactor, between({ points: inducing }, { points: rows }));
    const roots = noise.slice(first, first + count).map((d) => 1 / Math.sqrt(d));
    for (let i = 0; i < count; i++) {
      const precision = 1 / noise[first + i];
      const target = y[first + i];
      yy += target * target * precision;
      y1 += target * precision;
      ones += precision;
      logs -= log(precision);
    }
    for (let j = 0, at = 0; j < m; j++) {
      for (let i = 0; i < count; i++, at++) {
        const value = (v.data[at] *= roots[i]);
        gy[j] += value * roots[i] * y[first + i];
        g1[j] += value * roots[i];
      }
    }
    addOuterProducts(information, v);
  }
  const factor = cholesky(plusIdentity(information));
  const [solvedY, solved1] = [choleskySolve(factor, gy), choleskySolve(factor, g1)];
  const mean = (y1 - dot(g1, solvedY)) / (ones - dot(g1, solved1));
  const whitened = solvedY.map((value, j) => value - mean * solved1[j]);
  const quadratic =
    yy - 2 * mean * y1 + mean * mean * ones - dot(gy, whitened) + mean * dot(g1, whitened);
  const variance = given ?? Math.max(quadratic / n, 1e-300);
  let trace = ones;
  for (let j = 0; j < m; j++) trace -= information.data[j * (m + 1)];
  const logDeterminants = logDeterminant(factor) + logs;
  const bound =
    -0.5 *
    (n * log(variance) + logDeterminants + quadratic / variance + trace + n * log(2 * Math.PI));
  if (!Number.isFinite(bound)) throw new NumericalError("sparseSums: the bound is not finite.");
  const weights = solveTriangular(ownFactor, whitened, { transpose: true });
  return { ownFactor, information, factor, noise, mean, variance, weights, bound };
}

/** L with L L' the correlation of the inducing points and its jitter. */
export function factorOfInducing(
  model: CovarianceModel,
  parameters: Float64Array,
  inducing: Matrix,
): Matrix {
  const places = { points: inducing };
  const own = covarianceBetween(model, parameters)(places, places);
  for (let i = 0; i < inducing.rows; i++) own.data[i * (inducing.rows + 1)] += inducingJitter;
  return cholesky(own);
}

/** The matrix with 1 added to its diagonal. */
export function plusIdentity(a: Matrix): Matrix {
  const result = matrix(a.rows, a.columns, a.data.slice());
  for (let i = 0; i < a.rows; i++) result.data[i * (a.rows + 1)] += 1;
  return result;
}

/**
 * The bound and its derivative with respect to every parameter, the inducing points being fixed. With
 * E = L'^-1 ((I + C)^-1 - I) L^-1 + w w' / variance: d bound / dN = -D^-1 (N E - r w' / variance) and
 * d bound / dM = -1/2 (E + L'^-1 C L^-1).
 */
export function sparseBound(
  model: CovarianceModel,
  sample: Sample,
  inducing: Matrix,
  point: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const sums = sparseSums(model, sample, inducing, point);
  const { ownFactor, information, factor, noise, mean, variance, weights, bound } = sums;
  const { covariance: parameters, noise: ratio } = partsOf(model, sample, point);
  const between = covarianceBetween(model, parameters);
  const correlation = { name: model.kernel, shape: shapeOf(model, parameters) };
  const scales = lengthScalesOf(model, parameters);
  const { y, knownVariance } = sample;
  const m = inducing.rows;
  /** L'^-1 A L^-1. */
  const unwhiten = (a: Matrix): Matrix => {
    const half = solveTriangular(ownFactor, a, { transpose: true });
    return solveTriangular(ownFactor, transposeOf(half), { transpose: true });
  };
  const inner = choleskyInverse(factor);
  for (let i = 0; i < m; i++) inner.data[i * (m + 1)] -= 1;
  const e = unwhiten(inner);
  for (let i = 0, at = 0; i < m; i++) {
    for (let j = 0; j < m; j++, at++) e.data[at] += (weights[i] * weights[j]) / variance;
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
  const solved = unwhiten(information);
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

/** sum += v v'. */
function addOuterProducts(sum: Matrix, v: Matrix): void {
  const k = kernels();
  const [m, count] = [v.rows, v.columns];
  const ld = even(m);
  k.heap.scope(() => {
    const operand = rowMajor(k.heap.store(v.data), count);
    const c = k.heap.allocate(m * ld);
    k.heap.view(c, m * ld).fill(0);
    gemm(k, m, m, count, 1, operand, transposed(operand), c, ld, { lowerOnly: true });
    k.functions.mirrorLower(m, c, ld);
    const product = k.heap.view(c, m * ld);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) sum.data[i * m + j] += product[i * ld + j];
    }
  });
}

function transposeOf(a: Matrix): Matrix {
  const result = matrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) result.data[j * a.rows + i] = a.data[i * a.columns + j];
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

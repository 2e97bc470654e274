import { exp, log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import { cholesky as factorise, choleskySolve } from "../../core/linalg/cholesky.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { cholesky } from "../../kernels/dense.ts";
import { kernels } from "../../kernels/instance.ts";
import { parameterCount, placeCorrelation, type CovarianceModel } from "./covariance-model.ts";
import { mergeRows, rowNoise, type Sample } from "./merge-rows.ts";

/** The marginal likelihood at given parameters, the means being the best ones. */
export interface MarginalLikelihood {
  /** Log marginal likelihood in nats. */
  readonly value: number;
  /** Signal variance: the best one, or the given one where noise is known. */
  readonly variance: number;
  /** d value / d parameter. */
  readonly gradient: Float64Array;
}

/**
 * Whether the signal variance is a parameter. Without known noise its best value follows from the others;
 * with known noise, which has a unit, it does not.
 */
export const hasVarianceParameter = (sample: Sample): boolean => sample.knownVariance !== undefined;

/** Parts of a point in the space of parameters: covariance, log noise ratios, log signal variance. */
export interface Parameters {
  readonly covariance: Float64Array;
  /** Noise variance over signal variance, of each source. */
  readonly noise: Float64Array;
  /** Undefined where it follows from the others. */
  readonly variance: number | undefined;
}

/** Splits a point into its parts. */
export function partsOf(model: CovarianceModel, sample: Sample, point: Float64Array): Parameters {
  const count = parameterCount(model);
  const end = count + model.sources;
  return {
    covariance: point.slice(0, count),
    noise: point.slice(count, end).map(exp),
    variance: hasVarianceParameter(sample) ? exp(point[end]) : undefined,
  };
}

/**
 * Log marginal likelihood of n targets under a Gaussian process with covariance `variance (R + D)`: R is
 * the correlation of the model, D the diagonal of the noise (fitted and known) in units of the signal
 * variance. Each source has a constant mean, profiled out: `beta = (H' C^-1 H)^-1 H' C^-1 y` with
 * C = R + D and H telling the source of each row. Without known noise the variance is profiled out too:
 * `variance = r' C^-1 r / n`, r being the residuals. Both are stationary there, so the gradient is the
 * partial one. Rows at one place are merged exactly (`mergeRows`).
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eqs. 2.30,
 * 2.42 and 5.9.
 * @throws NumericalError when C is not positive definite to working precision
 */
export function marginalLikelihood(
  model: CovarianceModel,
  sample: Sample,
  point: Float64Array,
): MarginalLikelihood {
  const { covariance, noise, variance: given } = partsOf(model, sample, point);
  const { places, y } = sample;
  const [u, n] = [places.points.rows, y.length];
  const { target, noise: merged, squares, logs } = mergeRows(sample, noise, given ?? 1);
  const k = kernels();
  const { heap, functions, scratch } = k;
  // One matrix on the heap of the kernels is C, its factor, its inverse and the derivative in turn.
  return heap.scope(() => {
    const placed = placeCorrelation(k, model, covariance, places);
    const { address, ld } = placed;
    const design = designOf(places.source, u);
    const width = design.columns + 1;
    const right = heap.allocate(width * u);
    const covariances = heap.view(address, u * ld);
    for (let i = 0; i < u; i++) covariances[i * ld + i] += merged[i];
    const failed = cholesky(k, u, address, ld);
    if (failed > 0) {
      throw new NumericalError(
        `marginalLikelihood: expected a positive definite covariance, pivot ${failed - 1} of ${u} is not positive.`,
        { hint: "Raise the noise ratio or shorten the length scales." },
      );
    }
    let logDeterminant = logs;
    for (let i = 0; i < u; i++) logDeterminant += 2 * log(covariances[i * ld + i]);
    heap.view(right, width * u).set(joined(target, design).data);
    functions.solveLeftLower(u, width, address, ld, right, width, scratch);
    functions.solveLeftTransposed(u, width, address, ld, right, width, scratch);
    const { residual, weights } = meansFrom(heap.copy(right, width * u), target, design);
    let quadratic = squares;
    for (let i = 0; i < u; i++) quadratic += residual[i] * weights[i];
    const variance = given ?? Math.max(quadratic / n, leastVariance);
    const value =
      -0.5 * (n * log(variance) + logDeterminant + quadratic / variance + n * log(2 * Math.PI));

    functions.invertLower(u, address, ld, scratch);
    functions.multiplyOwnTransposed(u, address, ld, scratch);
    const diagonal = new Float64Array(u);
    // Viewed anew: the heap may have grown since.
    const entries = heap.view(address, u * ld);
    for (let i = 0; i < u; i++) {
      const scaled = weights[i] / variance;
      for (let j = 0, at = i * ld; j <= i; j++, at++) {
        entries[at] = scaled * weights[j] - entries[at];
      }
      diagonal[i] = entries[i * ld + i];
    }
    const slopes = noiseSlopes(sample, noise, variance, { target, merged, weights, diagonal });
    const gradient = new Float64Array(point.length);
    placed.gradient(address).forEach((slope, at) => (gradient[at] = slope / 2));
    const first = covariance.length;
    for (let i = 0; i < n; i++) {
      const s = noise.length > 1 ? places.source![sample.placeOf[i]] : 0;
      gradient[first + s] += slopes[i] * noise[s] * (sample.noiseFactor?.[i] ?? 1);
    }
    if (sample.knownVariance !== undefined) {
      let slope = -0.5 * (n - quadratic / variance);
      for (let i = 0; i < n; i++) slope -= (slopes[i] * sample.knownVariance[i]) / variance;
      gradient[first + noise.length] = slope;
    }
    return { value, variance, gradient };
  });
}

/** Keeps the likelihood finite for targets that the mean explains exactly. */
const leastVariance = 1e-300;

/** d value / d noise variance of each row (in units of the signal variance), through what is merged. */
function noiseSlopes(
  sample: Sample,
  noise: Float64Array,
  variance: number,
  at: Record<"target" | "merged" | "weights" | "diagonal", Float64Array>,
): Float64Array {
  const v = rowNoise(sample, noise, variance);
  return sample.y.map((value, i) => {
    const p = sample.placeOf[i];
    const [w, merged] = [1 / v[i], at.merged[p]];
    const difference = value - at.target[p];
    const mergedSlope = merged * merged * w * w;
    const targetSlope = -merged * w * w * difference;
    const logsSlope = w - mergedSlope / merged;
    return (
      0.5 * at.diagonal[p] * mergedSlope -
      (at.weights[p] * targetSlope) / variance +
      (0.5 * w * w * difference * difference) / variance -
      0.5 * logsSlope
    );
  });
}

/** Which source each place belongs to: u x (sources that have places), entries 0 and 1. */
export function designOf(source: Int32Array | undefined, u: number): Matrix {
  if (source === undefined) return matrix(u, 1, new Float64Array(u).fill(1));
  const present = presentSources(source);
  const design = matrix(u, present.length);
  for (let i = 0; i < u; i++) design.data[i * present.length + present.indexOf(source[i])] = 1;
  return design;
}

/** Sources that have rows, ascending. */
export function presentSources(source: Int32Array): number[] {
  return [...new Set(source)].sort((a, b) => a - b);
}

/** Targets and design side by side. */
export function joined(target: Float64Array, design: Matrix): Matrix {
  const width = design.columns + 1;
  const both = matrix(target.length, width);
  for (let i = 0; i < target.length; i++) {
    both.data[i * width] = target[i];
    for (let s = 0; s < design.columns; s++) {
      both.data[i * width + 1 + s] = design.data[i * design.columns + s];
    }
  }
  return both;
}

/** Generalised least-squares means with what is left of the targets. */
export interface Means {
  /** Mean of each column of the design. */
  readonly beta: Float64Array;
  /** Factor of H' C^-1 H, whose inverse times the signal variance is the covariance of the means. */
  readonly factor: Matrix;
  /** y - H beta. */
  readonly residual: Float64Array;
  /** C^-1 (y - H beta). */
  readonly weights: Float64Array;
}

/** The means from the rows of C^-1 (y, H). */
export function meansFrom(solved: Float64Array, target: Float64Array, design: Matrix): Means {
  const c = design.columns;
  const width = c + 1;
  const normal = matrix(c, c);
  const right = new Float64Array(c);
  for (let i = 0; i < target.length; i++) {
    for (let s = 0; s < c; s++) {
      const h = design.data[i * c + s];
      if (h === 0) continue;
      right[s] += h * solved[i * width];
      for (let t = 0; t < c; t++) normal.data[s * c + t] += h * solved[i * width + 1 + t];
    }
  }
  const factor = factorise(normal);
  const beta = choleskySolve(factor, right);
  const residual = new Float64Array(target.length);
  const weights = new Float64Array(target.length);
  for (let i = 0; i < target.length; i++) {
    residual[i] = target[i];
    weights[i] = solved[i * width];
    for (let s = 0; s < c; s++) {
      residual[i] -= design.data[i * c + s] * beta[s];
      weights[i] -= solved[i * width + 1 + s] * beta[s];
    }
  }
  return { beta, factor, residual, weights };
}

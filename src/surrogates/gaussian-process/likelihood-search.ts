import { exp, log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import { cholesky } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { minimise, type Minimum } from "../../core/optimise/minimise.ts";
import { profiledLikelihood } from "./marginal-likelihood.ts";

/**
 * Length scales, in standard deviations of their input: below the lower bound every row is a world of
 * its own, above the upper one an input does not matter.
 */
export const lengthScaleBounds = { lower: 1e-2, upper: 1e5 } as const;

/**
 * Noise variance over signal variance. The lower bound keeps the condition number below about 1e8 n,
 * which double precision factorises; the upper one is pure noise.
 */
export const noiseRatioBounds = { lower: 1e-8, upper: 1e3 } as const;

/** Rows of standardised inputs (n x d) with standardised targets. */
export interface Sample {
  readonly x: Matrix;
  readonly y: Float64Array;
}

export interface SearchLimits {
  readonly maxIterations: number;
  /** A step that gains less than this share of the log likelihood ends the search. */
  readonly tolerance: number;
}

/**
 * A point of largest marginal likelihood near `start`, by L-BFGS inside the bounds. Points are the
 * logarithms of d length scales and the noise ratio; the value is minus the log likelihood.
 */
export function search(
  sample: Sample,
  start: Float64Array,
  { maxIterations, tolerance }: SearchLimits,
): Minimum {
  const d = sample.x.columns;
  return minimise((point, gradient) => minusLikelihood(sample, point, gradient), start, {
    lower: bounds("lower", d),
    upper: bounds("upper", d),
    maxIterations,
    functionTolerance: tolerance,
    tolerance: gradientTolerance,
    memory: 20,
  });
}

const gradientTolerance = 1e-7;

/**
 * The same from a `start` whose surroundings are known: the search runs in coordinates in which the
 * likelihood curves alike in all directions, which takes it about a third of the steps.
 * @param curvature lower Cholesky factor C of the expected second derivatives H = C C'; a coordinate
 *   u stands for the point start + C'^-1 u, moved into the bounds
 */
export function searchScaled(
  sample: Sample,
  start: Float64Array,
  curvature: Matrix,
  { maxIterations, tolerance }: SearchLimits,
): Minimum {
  const d = sample.x.columns;
  const [lower, upper] = [bounds("lower", d), bounds("upper", d)];
  const pointOf = (u: Float64Array): Float64Array => {
    const step = solveTriangular(curvature, u, { transpose: true });
    return step.map((v, k) => start[k] + v);
  };
  const clamp = (point: Float64Array): Float64Array =>
    point.map((v, k) => Math.min(upper[k], Math.max(lower[k], v)));
  const slope = new Float64Array(d + 1);
  const found = minimise(
    (u, gradient) => {
      const point = pointOf(u);
      const value = minusLikelihood(sample, clamp(point), slope);
      for (let k = 0; k <= d; k++) {
        const pushesOut = slope[k] < 0 ? point[k] >= upper[k] : point[k] <= lower[k];
        if (pushesOut) slope[k] = 0;
      }
      gradient.set(solveTriangular(curvature, slope));
      return value;
    },
    new Float64Array(d + 1),
    { maxIterations, functionTolerance: tolerance, tolerance: gradientTolerance, memory: 20 },
  );
  return { ...found, x: clamp(pointOf(found.x)) };
}

/** Added to the curvature, so that directions in which nothing changes do not make endless steps. */
const leastCurvature = 1;

/**
 * Lower Cholesky factor of the second derivatives of minus the log likelihood at a point, expected for
 * `rows` rows (they grow with the number of rows), by differences of gradients.
 */
export function curvatureAt(sample: Sample, point: Float64Array, rows: number): Matrix {
  const size = point.length;
  const hessian = matrix(size, size);
  const step = 1e-2;
  const [above, below] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    const moved = (by: number): Float64Array => point.map((v, j) => (j === k ? v + by : v));
    minusLikelihood(sample, moved(step), above);
    minusLikelihood(sample, moved(-step), below);
    for (let j = 0; j < size; j++) {
      const second = ((above[j] - below[j]) / (2 * step)) * (rows / sample.x.rows);
      hessian.data[k * size + j] += second / 2;
      hessian.data[j * size + k] += second / 2;
    }
  }
  let added = leastCurvature;
  for (let k = 0; k < size; k++) hessian.data[k * size + k] += added;
  for (;;) {
    try {
      return cholesky(hessian);
    } catch (error) {
      if (!(error instanceof NumericalError) || added > 1e12) throw error;
      for (let k = 0; k < size; k++) hessian.data[k * size + k] += added;
      added *= 2;
    }
  }
}

/** Infinite, with a gradient of zeros, where the covariance is not positive definite. */
function minusLikelihood({ x, y }: Sample, point: Float64Array, gradient: Float64Array): number {
  const d = x.columns;
  try {
    const at = profiledLikelihood(x, y, point.slice(0, d).map(exp), exp(point[d]));
    for (let k = 0; k <= d; k++) gradient[k] = -at.gradient[k];
    return -at.value;
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
    gradient.fill(0);
    return Number.POSITIVE_INFINITY;
  }
}

function bounds(side: "lower" | "upper", d: number): Float64Array {
  const all = new Float64Array(d + 1).fill(log(lengthScaleBounds[side]));
  all[d] = log(noiseRatioBounds[side]);
  return all;
}

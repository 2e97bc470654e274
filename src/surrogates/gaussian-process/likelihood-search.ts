import { NumericalError } from "../../core/errors.ts";
import { cholesky } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import {
  minimise,
  type Minimum,
  type ObjectiveWithGradient,
} from "../../core/optimise/minimise.ts";
import { checkpoint, type Work } from "../../core/work.ts";

/** A likelihood to be made large. */
export interface SearchProblem {
  /** Rows that the likelihood counts. */
  readonly rows: number;
  /** Multiply-adds of a step, about; absent = rows cubed. */
  readonly cost?: number;
  /** Minus the log likelihood of all rows. */
  readonly all: ObjectiveWithGradient;
  /** The same for some of the rows, on which starts are tried. */
  readonly some: { readonly rows: number; readonly objective: ObjectiveWithGradient } | undefined;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The start of number s = 0, 1, ... */
  start(s: number): Float64Array;
}

export interface SearchOptions {
  readonly starts: number;
  /** Most quasi-Newton steps of one start. */
  readonly maxIterations: number;
}

export interface Optimum {
  readonly point: Float64Array;
  readonly likelihood: number;
  /** Quasi-Newton steps, all starts together. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** Rows on which several starts are tried; only the best of them goes on to all rows. */
export const tryoutRows = 150;

const tolerance = 1e-7;
const tryoutTolerance = 1e-4;

/**
 * The point of largest likelihood, by L-BFGS from several starts. Where the problem offers some of its
 * rows, the starts are tried on those, and the likelihood's curvature there guides the search on all.
 */
export async function search(
  problem: SearchProblem,
  { starts, maxIterations }: SearchOptions,
  work: Work,
): Promise<Optimum> {
  const total = starts + 1;
  const report = (done: number): Promise<void> =>
    checkpoint(work, { label: "Gaussian process hyper-parameters", done, total });
  await report(0);
  const { some } = problem;
  const objective = some?.objective ?? problem.all;
  const limits = { maxIterations, tolerance: some === undefined ? tolerance : tryoutTolerance };
  let best = descend(problem, objective, problem.start(0), limits);
  let iterations = best.iterations;
  for (let s = 1; s < starts; s++) {
    await report(s);
    const found = descend(problem, objective, problem.start(s), limits);
    iterations += found.iterations;
    if (found.value < best.value) best = found;
  }
  await report(starts);

  if (some !== undefined) {
    const again = (): Promise<void> => report(starts);
    const refined = await refine({ ...problem, some }, best.x, maxIterations, again);
    await report(total);
    return { ...refined, iterations: iterations + refined.iterations };
  }
  await report(total);
  return { point: best.x, likelihood: -best.value, iterations, converged: best.converged };
}

/** Goes on from a good point of some rows to the best of all, guided by the curvature there. */
export async function refine(
  problem: Omit<SearchProblem, "some" | "start"> & {
    readonly some: NonNullable<SearchProblem["some"]>;
  },
  start: Float64Array,
  maxIterations: number,
  report: () => Promise<void>,
): Promise<Optimum> {
  const { rows, some } = problem;
  const curvature = curvatureAt(some.objective, start, rows / some.rows);
  // In pieces, so that a cancellation is seen between them.
  const piece = Math.max(5, Math.floor(2e10 / (problem.cost ?? rows * rows * rows)));
  let best: Minimum;
  let point = start;
  let iterations = 0;
  do {
    const piecewise = { maxIterations: Math.min(piece, maxIterations - iterations), tolerance };
    best = descendScaled(problem, point, curvature, piecewise);
    point = best.x;
    iterations += best.iterations;
    await report();
  } while (best.reason === "iterations" && iterations < maxIterations);
  return { point, likelihood: -best.value, iterations, converged: best.converged };
}

interface Limits {
  readonly maxIterations: number;
  /** A step that gains less than this share of the log likelihood ends the search. */
  readonly tolerance: number;
}

const gradientTolerance = 1e-7;

/** L-BFGS inside the bounds. */
function descend(
  { lower, upper }: SearchProblem,
  objective: ObjectiveWithGradient,
  start: Float64Array,
  { maxIterations, tolerance: functionTolerance }: Limits,
): Minimum {
  return minimise(guarded(objective), start, {
    lower,
    upper,
    maxIterations,
    functionTolerance,
    tolerance: gradientTolerance,
    memory: 20,
  });
}

/**
 * The same from a `start` whose surroundings are known: the search runs in coordinates in which the
 * likelihood curves alike in all directions, which takes it about a third of the steps.
 * @param curvature lower Cholesky factor C of the expected second derivatives H = C C'; a coordinate
 *   u stands for the point start + C'^-1 u, moved into the bounds
 */
function descendScaled(
  { all, lower, upper }: Pick<SearchProblem, "all" | "lower" | "upper">,
  start: Float64Array,
  curvature: Matrix,
  { maxIterations, tolerance: functionTolerance }: Limits,
): Minimum {
  const objective = guarded(all);
  const pointOf = (u: Float64Array): Float64Array => {
    const step = solveTriangular(curvature, u, { transpose: true });
    return step.map((v, k) => start[k] + v);
  };
  const clamp = (point: Float64Array): Float64Array =>
    point.map((v, k) => Math.min(upper[k], Math.max(lower[k], v)));
  const slope = new Float64Array(start.length);
  const found = minimise(
    (u, gradient) => {
      const point = pointOf(u);
      const value = objective(clamp(point), slope);
      for (let k = 0; k < slope.length; k++) {
        const pushesOut = slope[k] < 0 ? point[k] >= upper[k] : point[k] <= lower[k];
        if (pushesOut) slope[k] = 0;
      }
      gradient.set(solveTriangular(curvature, slope));
      return value;
    },
    new Float64Array(start.length),
    { maxIterations, functionTolerance, tolerance: gradientTolerance, memory: 20 },
  );
  return { ...found, x: clamp(pointOf(found.x)) };
}

/** Added to the curvature, so that directions in which nothing changes do not make endless steps. */
const leastCurvature = 1;

/**
 * Lower Cholesky factor of the second derivatives at a point times `factor` (they grow with the number of
 * rows), by differences of gradients.
 */
function curvatureAt(
  objective: ObjectiveWithGradient,
  point: Float64Array,
  factor: number,
): Matrix {
  const size = point.length;
  const at = guarded(objective);
  const hessian = matrix(size, size);
  const step = 1e-2;
  const [above, below] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    const moved = (by: number): Float64Array => point.map((v, j) => (j === k ? v + by : v));
    at(moved(step), above);
    at(moved(-step), below);
    for (let j = 0; j < size; j++) {
      const second = ((above[j] - below[j]) / (2 * step)) * factor;
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
function guarded(objective: ObjectiveWithGradient): ObjectiveWithGradient {
  return (point, gradient) => {
    try {
      return objective(point, gradient);
    } catch (error) {
      if (!(error instanceof NumericalError)) throw error;
      gradient.fill(0);
      return Number.POSITIVE_INFINITY;
    }
  };
}

import { exp, log } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import { takeRows, type Matrix } from "../../core/matrix.ts";
import { minimise, type Minimum } from "../../core/optimise/minimise.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import { profiledLikelihood } from "./marginal-likelihood.ts";

/** Hyper-parameters in standardised units. */
export interface HyperParameters {
  /** One per input, in standard deviations of the input. */
  readonly lengthScales: Float64Array;
  /** Noise variance over signal variance. */
  readonly noiseRatio: number;
}

export interface HyperFit extends HyperParameters {
  /** Log marginal likelihood of the standardised targets at the optimum. */
  readonly likelihood: number;
  /** Quasi-Newton steps, all starts together. */
  readonly iterations: number;
  readonly converged: boolean;
}

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

/** Rows on which several starts are tried; only the best of them goes on to all rows. */
const tryoutRows = 200;

/** A step that gains less than this share of the log likelihood ends the search. */
const finalTolerance = 1e-8;

/**
 * Length scales and noise of largest marginal likelihood (type II maximum likelihood, no prior beside
 * the bounds), by L-BFGS from several starts: the first at length scale sqrt(d) and noise ratio 0.01,
 * the others drawn around it. With more than 200 rows the starts are tried on a random 200 of them.
 * @param x standardised inputs, n x d @param y standardised targets, n numbers
 */
export async function fitHyperParameters(
  x: Matrix,
  y: Float64Array,
  { starts, maxIterations }: { readonly starts: number; readonly maxIterations: number },
  rng: Rng,
  work: Work,
): Promise<HyperFit> {
  const d = x.columns;
  const total = starts + 1;
  const report = (done: number): Promise<void> =>
    checkpoint(work, { label: "Gaussian process hyper-parameters", done, total });
  await report(0);

  const isLarge = x.rows > tryoutRows;
  const chosen = isLarge ? rng.fork("rows").permutation(x.rows).subarray(0, tryoutRows) : null;
  const tryout = chosen
    ? { x: takeRows(x, chosen), y: Float64Array.from(chosen, (i) => y[i]) }
    : { x, y };
  let best: Minimum | undefined;
  let iterations = 0;
  for (let s = 0; s < starts; s++) {
    const found = search(
      tryout,
      startingPoint(d, s, rng),
      maxIterations,
      isLarge ? 1e-5 : finalTolerance,
    );
    iterations += found.iterations;
    if (best === undefined || found.value < best.value) best = found;
    await report(s + 1);
  }
  if (isLarge) {
    // In pieces, so that a cancellation is seen between them.
    const piece = Math.max(5, Math.floor(2e10 / x.rows ** 3));
    let left = maxIterations;
    do {
      best = search({ x, y }, best!.x, Math.min(piece, left), finalTolerance);
      iterations += best.iterations;
      left -= best.iterations;
      await report(starts);
    } while (best.reason === "iterations" && left > 0);
  }
  await report(total);
  return {
    lengthScales: best!.x.subarray(0, d).map(exp),
    noiseRatio: exp(best!.x[d]),
    likelihood: -best!.value,
    iterations,
    converged: best!.converged,
  };
}

function startingPoint(d: number, s: number, rng: Rng): Float64Array {
  const point = new Float64Array(d + 1).fill(0.5 * log(d));
  point[d] = log(1e-2);
  if (s === 0) return point;
  const draw = rng.fork(`start ${s}`);
  return point.map((value, k) => value + (k === d ? 3 : 1) * draw.normal());
}

function search(
  { x, y }: { readonly x: Matrix; readonly y: Float64Array },
  start: Float64Array,
  maxIterations: number,
  functionTolerance: number,
): Minimum {
  const d = x.columns;
  const box = (side: "lower" | "upper"): Float64Array =>
    Float64Array.from({ length: d + 1 }, (_, k) =>
      log(k === d ? noiseRatioBounds[side] : lengthScaleBounds[side]),
    );
  return minimise(
    (point, gradient) => {
      const at = likelihoodOrNothing(x, y, point.subarray(0, d).map(exp), exp(point[d]));
      if (at === undefined) return Number.POSITIVE_INFINITY;
      for (let k = 0; k <= d; k++) gradient[k] = -at.gradient[k];
      return -at.value;
    },
    start,
    {
      lower: box("lower"),
      upper: box("upper"),
      maxIterations,
      tolerance: 1e-7,
      functionTolerance,
      memory: 20,
    },
  );
}

/** The search steps back from points whose covariance is not positive definite. */
function likelihoodOrNothing(x: Matrix, y: Float64Array, scales: Float64Array, ratio: number) {
  try {
    return profiledLikelihood(x, y, scales, ratio);
  } catch (error) {
    if (error instanceof NumericalError) return undefined;
    throw error;
  }
}

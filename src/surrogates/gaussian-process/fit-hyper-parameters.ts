import { exp, log } from "../../core/elementary.ts";
import { takeRows } from "../../core/matrix.ts";
import type { Minimum } from "../../core/optimise/minimise.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import { curvatureAt, search, searchScaled, type Sample } from "./likelihood-search.ts";

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

/** Rows on which several starts are tried; only the best of them goes on to all rows. */
const tryoutRows = 150;

const tolerance = 1e-7;
const tryoutTolerance = 1e-4;

/**
 * Length scales and noise of largest marginal likelihood (type II maximum likelihood, no prior beside
 * the bounds), by L-BFGS from several starts: the first at length scale sqrt(d) and noise ratio 0.01,
 * the others drawn around it. With more than 150 rows the starts are tried on a random 150 of them, and
 * the likelihood's curvature there guides the search on all rows.
 */
export async function fitHyperParameters(
  sample: Sample,
  { starts, maxIterations }: { readonly starts: number; readonly maxIterations: number },
  rng: Rng,
  work: Work,
): Promise<HyperFit> {
  const rows = sample.x.rows;
  const d = sample.x.columns;
  const total = starts + 1;
  const report = (done: number): Promise<void> =>
    checkpoint(work, { label: "Gaussian process hyper-parameters", done, total });
  await report(0);

  const isLarge = rows > tryoutRows;
  const tryout = isLarge ? randomRows(sample, tryoutRows, rng.fork("rows")) : sample;
  const limits = { maxIterations, tolerance: isLarge ? tryoutTolerance : tolerance };
  let best = search(tryout, startingPoint(d, 0, rng), limits);
  let iterations = best.iterations;
  for (let s = 1; s < starts; s++) {
    await report(s);
    const found = search(tryout, startingPoint(d, s, rng), limits);
    iterations += found.iterations;
    if (found.value < best.value) best = found;
  }
  await report(starts);

  if (isLarge) {
    const curvature = curvatureAt(tryout, best.x, rows);
    // In pieces, so that a cancellation is seen between them.
    const piece = Math.max(5, Math.floor(2e10 / (rows * rows * rows)));
    let left = maxIterations;
    do {
      const piecewise = { maxIterations: Math.min(piece, left), tolerance };
      best = searchScaled(sample, best.x, curvature, piecewise);
      iterations += best.iterations;
      left -= best.iterations;
      await report(starts);
    } while (best.reason === "iterations" && left > 0);
  }
  await report(total);
  return {
    ...hyperParameters(best),
    likelihood: -best.value,
    iterations,
    converged: best.converged,
  };
}

function hyperParameters({ x }: Minimum): HyperParameters {
  const d = x.length - 1;
  return { lengthScales: x.slice(0, d).map(exp), noiseRatio: exp(x[d]) };
}

function randomRows({ x, y }: Sample, count: number, rng: Rng): Sample {
  const chosen = rng.permutation(x.rows).subarray(0, count);
  return { x: takeRows(x, chosen), y: Float64Array.from(chosen, (i) => y[i]) };
}

function startingPoint(d: number, s: number, rng: Rng): Float64Array {
  const point = new Float64Array(d + 1).fill(0.5 * log(d));
  point[d] = log(1e-2);
  if (s === 0) return point;
  const draw = rng.fork(`start ${s}`);
  return point.map((value, k) => value + (k === d ? 3 : 1) * draw.normal());
}

import { choleskySolve, choleskyWithJitter } from "../../../core/linalg/cholesky.ts";
import { multiply } from "../../../core/linalg/multiply.ts";
import { matrix, takeRows } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { createSobol, maxSobolDimension } from "../../../core/sobol.ts";
import { normalQuantile } from "../../../core/special.ts";
import { paretoFront } from "../../pareto/sort.ts";
import type { AcquisitionContext } from "../contract.ts";
import { leastShare } from "./ehvi.ts";
import type { Loss } from "./losses.ts";
import { sideLimits } from "./side-requirements.ts";

/** Draws of what the outcomes of the measured rows are without their noise, and the fronts that follow. */
export interface SampledFronts {
  /** Losses of the front of each draw, b x m. */
  readonly fronts: readonly Matrix[];
  /** Rows that are on the front in any draw, r x dimension. */
  readonly rows: Matrix;
  /** One for each loss: how the drawn outcomes at `rows` shift the belief elsewhere. */
  readonly draws: readonly OutcomeDraws[];
}

/** Draws of one outcome at r rows. */
export interface OutcomeDraws {
  /** Inverse of the covariance of the values at the rows, r x r. */
  readonly precision: Matrix;
  /** The inverse times what each draw departs from the mean, r x draws. */
  readonly shifts: Matrix;
}

/**
 * Draws the outcomes at the measured rows together, by quasi-random normals. Rows that miss a requirement in a draw
 * are not on its front; rows that are on no front are left out of `rows`, as what they are changes nothing.
 */
export function sampleFronts(
  { beliefs, goals, rows, rng }: AcquisitionContext,
  losses: readonly Loss[],
  count: number,
): SampledFronts {
  const n = rows.rows;
  const m = losses.length;
  const limits = sideLimits(goals);
  const wanted = [...new Set([...losses, ...limits].map(({ goal }) => goal))];
  // One sequence for all outcomes: two scrambled copies of the same one depend on each other.
  const normals = quasiNormals(wanted.length * n, count, rng.fork("outcomes of measured rows"));
  const outcomes = new Map<number, DrawnOutcome>();
  wanted.forEach((goal, w) => {
    const own = normals.data.subarray(w * n * count, (w + 1) * n * count);
    const least = leastShare * goals[goal].scale;
    const { mean, covariance } = beliefs[goal].joint(rows);
    outcomes.set(goal, drawOutcome(mean, covariance, least, matrix(n, count, own)));
  });

  const fronts: Matrix[] = [];
  const members = new Set<number>();
  for (let s = 0; s < count; s++) {
    const meeting: number[] = [];
    for (let i = 0; i < n; i++) {
      const meets = limits.every(({ goal, low, high }) => {
        const value = outcomes.get(goal)!.values.data[i * count + s];
        return value >= low && value <= high;
      });
      if (meets) meeting.push(i);
    }
    const values = matrix(meeting.length, m);
    meeting.forEach((i, at) => {
      losses.forEach(({ goal, of }, k) => {
        values.data[at * m + k] = of(outcomes.get(goal)!.values.data[i * count + s]);
      });
    });
    const front = paretoFront(values);
    for (const at of front) members.add(meeting[at]);
    fronts.push(takeRows(values, front));
  }

  const kept = [...members].sort((a, b) => a - b);
  const draws = losses.map(({ goal }) => restrict(outcomes.get(goal)!, kept));
  return { fronts, rows: takeRows(rows, kept), draws };
}

interface DrawnOutcome {
  readonly covariance: Matrix;
  /** n x draws. */
  readonly values: Matrix;
  readonly departures: Matrix;
}

function drawOutcome(
  mean: Float64Array,
  covariance: Matrix,
  least: number,
  normals: Matrix,
): DrawnOutcome {
  const n = mean.length;
  const count = normals.columns;
  const widened = matrix(n, n, covariance.data.slice());
  // Without noise the rows are known, and what is left of their covariance is rounding.
  let largest = least * least;
  for (let i = 0; i < n; i++) largest = Math.max(largest, covariance.data[i * (n + 1)]);
  for (let i = 0; i < n; i++) widened.data[i * (n + 1)] += floorShare * largest;
  const { factor, jitter } = choleskyWithJitter(widened, { maxRelativeJitter: 1 });
  for (let i = 0; i < n; i++) widened.data[i * (n + 1)] += jitter;
  const departures = multiply(factor, normals);
  const values = matrix(n, count);
  for (let at = 0; at < values.data.length; at++) {
    values.data[at] = mean[Math.floor(at / count)] + departures.data[at];
  }
  return { covariance: widened, values, departures };
}

/** Added to the diagonal, over its largest entry. */
const floorShare = 1e-8;

function restrict({ covariance, departures }: DrawnOutcome, kept: readonly number[]): OutcomeDraws {
  const r = kept.length;
  const own = matrix(r, r);
  kept.forEach((i, a) => {
    kept.forEach((j, b) => (own.data[a * r + b] = covariance.data[i * covariance.columns + j]));
  });
  const { factor } = choleskyWithJitter(own, { maxRelativeJitter: 1 });
  const unit = matrix(r, r);
  for (let i = 0; i < r; i++) unit.data[i * (r + 1)] = 1;
  return {
    precision: choleskySolve(factor, unit),
    shifts: choleskySolve(factor, takeRows(departures, kept)),
  };
}

/** Standard normals that fill their space evenly, dimension x count; plain random ones beyond Sobol's reach. */
export function quasiNormals(dimension: number, count: number, rng: Rng): Matrix {
  const normals = matrix(dimension, count);
  const even = Math.min(dimension, maxSobolDimension);
  if (even > 0) {
    const points = createSobol(even, { scramble: rng }).take(count);
    for (let s = 0; s < count; s++) {
      for (let i = 0; i < even; i++) {
        normals.data[i * count + s] = normalQuantile(points.data[s * even + i]);
      }
    }
  }
  const rest = rng.fork("beyond Sobol");
  for (let k = even * count; k < normals.data.length; k++) normals.data[k] = rest.normal();
  return normals;
}

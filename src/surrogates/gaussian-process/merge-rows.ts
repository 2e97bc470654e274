import { log } from "../../core/elementary.ts";
import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { Places } from "./covariance-model.ts";

/** Measured rows, of which several may lie at one place. */
export interface Sample {
  /** u places, all different. */
  readonly places: Places;
  /** Place of each of the n rows. */
  readonly placeOf: Int32Array;
  /** n targets, standardised. */
  readonly y: Float64Array;
  /** Known noise variance of each row, in standardised units. */
  readonly knownVariance?: Float64Array | undefined;
  /** Factor of the fitted noise variance of each row; absent = 1. */
  readonly noiseFactor?: Float64Array | undefined;
}

/** Finds rows of equal inputs and source; places are in the order of their first row. */
export function findPlaces(
  points: Matrix,
  source?: Int32Array,
): { readonly places: Places; readonly placeOf: Int32Array } {
  const first: number[] = [];
  const placeOf = new Int32Array(points.rows);
  const known = new Map<string, number>();
  for (let i = 0; i < points.rows; i++) {
    const row = points.data.subarray(i * points.columns, (i + 1) * points.columns);
    // Adding 0 makes 0 of -0, which is the same place.
    const key = `${source?.[i] ?? 0}:${row.map((value) => value + 0).join(",")}`;
    let place = known.get(key);
    if (place === undefined) {
      place = first.length;
      known.set(key, place);
      first.push(i);
    }
    placeOf[i] = place;
  }
  return {
    places: {
      points: takeRows(points, first),
      source: source === undefined ? undefined : Int32Array.from(first, (i) => source[i]),
    },
    placeOf,
  };
}

/** The sample of some of its rows. */
export function takeSample(sample: Sample, rows: ArrayLike<number>): Sample {
  const { points, source } = sample.places;
  const chosen = Int32Array.from(rows, (row) => sample.placeOf[row]);
  const pick = (values: Float64Array | undefined) =>
    values === undefined ? undefined : Float64Array.from(rows, (row) => values[row]);
  const all = takeRows(points, chosen);
  return {
    ...findPlaces(all, source === undefined ? undefined : chosen.map((place) => source[place])),
    y: pick(sample.y)!,
    knownVariance: pick(sample.knownVariance),
    noiseFactor: pick(sample.noiseFactor),
  };
}

/**
 * What the rows say of the u places, variances being in units of the signal variance. The rows of a place
 * with noise variances v_i say the same of the function as one row with noise V = 1 / sum 1 / v_i and the
 * weighted mean as its target; what they say of the noise is left in `squares` and `logs`.
 */
export interface MergedRows {
  /** u weighted means. */
  readonly target: Float64Array;
  /** u noise variances. */
  readonly noise: Float64Array;
  /** Sum over all rows of (y - target)^2 / v. */
  readonly squares: number;
  /** Sum of log v over rows less sum of log V over places. */
  readonly logs: number;
}

/** @param noise fitted noise variance of each source, in units of the signal variance */
export function mergeRows(sample: Sample, noise: Float64Array, variance: number): MergedRows {
  const { y, placeOf } = sample;
  const places = sample.places.points.rows;
  const v = rowNoise(sample, noise, variance);
  const precision = new Float64Array(places);
  const target = new Float64Array(places);
  let logs = 0;
  for (let i = 0; i < y.length; i++) precision[placeOf[i]] += 1 / v[i];
  const merged = precision.map((p) => 1 / p);
  for (let i = 0; i < y.length; i++) target[placeOf[i]] += (merged[placeOf[i]] / v[i]) * y[i];
  // A place of one row keeps its very target.
  const isAlone = new Int32Array(places);
  for (let i = 0; i < y.length; i++) isAlone[placeOf[i]]++;
  for (let i = 0; i < y.length; i++) {
    if (isAlone[placeOf[i]] > 1) continue;
    target[placeOf[i]] = y[i];
    merged[placeOf[i]] = v[i];
  }
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    if (isAlone[placeOf[i]] === 1) continue;
    const difference = y[i] - target[placeOf[i]];
    squares += (difference * difference) / v[i];
    logs += log(v[i]);
  }
  for (let p = 0; p < places; p++) if (isAlone[p] > 1) logs -= log(merged[p]);
  return { target, noise: merged, squares, logs };
}

/** Noise variance of each row in units of the signal variance. */
export function rowNoise(sample: Sample, noise: Float64Array, variance: number): Float64Array {
  const { y, placeOf, knownVariance, noiseFactor, places } = sample;
  const { source } = places;
  return y.map((_, i) => {
    const fitted = noise[noise.length > 1 ? source![placeOf[i]] : 0] * (noiseFactor?.[i] ?? 1);
    return knownVariance === undefined ? fitted : fitted + knownVariance[i] / variance;
  });
}

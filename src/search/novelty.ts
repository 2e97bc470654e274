import { InputError, ShapeError } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";

/** Designs that were measured, encoded alike for all: one row each. */
export interface MeasuredDesigns {
  /** n x elements, atomic fractions; the columns cover every element of candidates and data. */
  readonly fractions: Matrix;
  /** n x settings, scaled so that 1 is a large difference (a category: 0 or 1 apart); NaN = not known. */
  readonly process?: Matrix;
}

/** The measured design nearest to each candidate. */
export interface NearestMeasured {
  /** Row among the measured designs. */
  readonly index: Int32Array;
  /** Share of atoms to exchange to turn one composition into the other, 0 ... 1. */
  readonly distance: Float64Array;
  /** Largest known scaled difference of a process setting to that row; 0 without process columns. */
  readonly processDistance: Float64Array;
}

/**
 * The nearest measured design of each candidate by composition: half the L1 distance of the fractions,
 * which is the share of atoms to exchange. Among rows of the same distance the one with the smallest
 * process difference is named, then the first.
 * @throws ShapeError for column counts that differ, InputError without measured designs
 */
export function nearestMeasured(
  candidates: MeasuredDesigns,
  measured: MeasuredDesigns,
): NearestMeasured {
  const { fractions } = candidates;
  requireColumns("fractions", fractions, measured.fractions);
  if (candidates.process !== undefined && measured.process !== undefined) {
    requireColumns("process settings", candidates.process, measured.process);
  }
  const known = measured.fractions;
  if (known.rows === 0)
    throw new InputError("nearestMeasured: expected measured designs, got none.");

  const index = new Int32Array(fractions.rows);
  const distance = new Float64Array(fractions.rows);
  const processDistance = new Float64Array(fractions.rows);
  for (let i = 0; i < fractions.rows; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    let nearestProcess = Number.POSITIVE_INFINITY;
    for (let j = 0; j < known.rows; j++) {
      // Sums that differ by rounding only count as equal.
      const sum = l1(fractions, i, known, j, nearest + 1e-9);
      if (sum > nearest + 1e-9) continue;
      const process = processGap(candidates.process, i, measured.process, j);
      if (sum >= nearest - 1e-9 && process >= nearestProcess) continue;
      nearest = Math.min(nearest, sum);
      nearestProcess = process;
      index[i] = j;
    }
    distance[i] = Math.min(1, nearest / 2);
    processDistance[i] = nearestProcess;
  }
  return { index, distance, processDistance };
}

/**
 * How far a composition may lie from the data before it counts as extrapolation: the given quantile of
 * the distances from each distinct measured composition to its nearest other one (linear between
 * order statistics). The data thus call 1 - quantile of themselves far.
 * @param fractions n x elements
 * @throws InputError for fewer than two distinct compositions or a quantile outside 0 ... 1
 */
export function extrapolationLimit(fractions: Matrix, quantile = 0.95): number {
  if (!(quantile >= 0 && quantile <= 1)) {
    throw new InputError(`extrapolationLimit: expected a quantile of 0 to 1, got ${quantile}.`);
  }
  const n = fractions.rows;
  const gaps = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const isRepeat = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (isRepeat[i] === 1) continue;
    for (let j = i + 1; j < n; j++) {
      if (isRepeat[j] === 1) continue;
      const sum = l1(fractions, i, fractions, j, Math.max(gaps[i], gaps[j]));
      if (sum <= 1e-9) {
        isRepeat[j] = 1;
        continue;
      }
      if (sum < gaps[i]) gaps[i] = sum;
      if (sum < gaps[j]) gaps[j] = sum;
    }
  }
  const distances = gaps.filter((_, i) => isRepeat[i] === 0).sort();
  if (distances.length < 2) {
    throw new InputError(
      `extrapolationLimit: expected two distinct compositions or more, got ${distances.length}.`,
    );
  }
  const place = quantile * (distances.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return (distances[low] + (place - low) * (distances[high] - distances[low])) / 2;
}

/**
 * The elements of each candidate that no measured design contains.
 * @returns for each candidate the columns, empty where all were seen
 */
export function unseenElements(
  candidates: Matrix,
  measured: Matrix,
): readonly (readonly number[])[] {
  requireColumns("fractions", candidates, measured);
  const seen = new Uint8Array(measured.columns);
  for (let k = 0; k < measured.data.length; k++) {
    if (measured.data[k] > 0) seen[k % measured.columns] = 1;
  }
  return Array.from({ length: candidates.rows }, (_, i) => {
    const unseen: number[] = [];
    rowOf(candidates, i).forEach((fraction, k) => {
      if (fraction > 0 && seen[k] === 0) unseen.push(k);
    });
    return unseen;
  });
}

/** Sum of absolute differences of two rows; stops once it exceeds `limit`. */
function l1(a: Matrix, i: number, b: Matrix, j: number, limit: number): number {
  const d = a.columns;
  let sum = 0;
  for (let k = 0, p = i * d, q = j * d; k < d; k++, p++, q++) {
    sum += Math.abs(a.data[p] - b.data[q]);
    if (sum > limit) return sum;
  }
  return sum;
}

function processGap(a: Matrix | undefined, i: number, b: Matrix | undefined, j: number): number {
  if (a === undefined || b === undefined) return 0;
  let largest = 0;
  for (let k = 0; k < a.columns; k++) {
    const gap = Math.abs(a.data[i * a.columns + k] - b.data[j * b.columns + k]);
    if (gap > largest) largest = gap;
  }
  return largest;
}

function requireColumns(what: string, a: Matrix, b: Matrix): void {
  if (a.columns === b.columns) return;
  throw new ShapeError(
    `novelty: expected ${what} with the same columns, got ${a.columns} and ${b.columns}.`,
  );
}

import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";

/** Rows from which the thresholds are found; more would move them by less than a row in a thousand. */
const thresholdRows = 200_000;

/** Columns that lie side by side in one block of codes. */
export const blockColumns = 8;

/**
 * Thresholds of every column, in ascending order, that part it into at most `bins` bins: between all
 * neighbouring values where those are few, else at equal steps of the empirical distribution. A value
 * belongs to the first bin whose threshold it does not exceed, and to the last when it exceeds all.
 * @param bins 2 ... 256
 */
export function findThresholds(x: Matrix, bins: number, rng: Rng): Float64Array[] {
  const rows =
    x.rows <= thresholdRows ? undefined : rng.permutation(x.rows).subarray(0, thresholdRows);
  const count = rows?.length ?? x.rows;
  const values = new Float64Array(count);
  return Array.from({ length: x.columns }, (_, j) => {
    for (let i = 0; i < count; i++) values[i] = x.data[(rows?.[i] ?? i) * x.columns + j];
    return thresholdsOf(values.sort(), bins);
  });
}

function thresholdsOf(ascending: Float64Array, bins: number): Float64Array {
  const distinct = [ascending[0]];
  for (const value of ascending) {
    if (value !== distinct.at(-1)) distinct.push(value);
    if (distinct.length > bins) break;
  }
  const found: number[] = [];
  const add = (low: number, high: number) => {
    const middle = low + (high - low) / 2;
    const threshold = middle < high ? middle : low;
    if (found.length === 0 || threshold > found.at(-1)!) found.push(threshold);
  };
  if (distinct.length <= bins) {
    for (let k = 1; k < distinct.length; k++) add(distinct[k - 1], distinct[k]);
  } else {
    const last = ascending.length - 1;
    for (let k = 1; k < bins; k++) {
      const place = (k * last) / bins;
      add(ascending[Math.floor(place)], ascending[Math.ceil(place)]);
    }
    // A threshold that no value exceeds would part nothing off.
    while (found.length > 0 && found.at(-1)! >= ascending[last]) found.pop();
  }
  return Float64Array.from(found);
}

/**
 * Writes the bin of every number: column j of row i at `((j >> 3) rows + i) * 8 + (j & 7)`, so that the
 * columns lie in blocks of eight.
 * @param codes 8 n ceil(d / 8) bytes
 */
export function writeCodes(
  x: Matrix,
  thresholds: readonly Float64Array[],
  codes: Uint8Array,
): void {
  for (let j = 0; j < x.columns; j++) {
    const edges = thresholds[j];
    let next = codePlace(x.rows, j);
    for (let k = j; k < x.data.length; k += x.columns, next += blockColumns) {
      const value = x.data[k];
      let low = 0;
      let high = edges.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value <= edges[middle]) high = middle;
        else low = middle + 1;
      }
      codes[next] = low;
    }
  }
}

/** Where the code of row 0 in column j lies; the next row's is 8 further on. */
export function codePlace(rows: number, j: number): number {
  return Math.floor(j / blockColumns) * rows * blockColumns + (j % blockColumns);
}

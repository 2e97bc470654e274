import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";

/** Rows from which the thresholds are found; more would move them by less than a row in a thousand. */
const thresholdRows = 200_000;

/** Bins that a byte tells apart. */
const mostBins = 256;

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
  const found: Float64Array[] = [];
  const values = new Float64Array(blockColumns * count);
  // Eight columns of a row share a cache line, so they are taken out together.
  for (let first = 0; first < x.columns; first += blockColumns) {
    const columns = Math.min(blockColumns, x.columns - first);
    for (let i = 0; i < count; i++) {
      const from = (rows === undefined ? i : rows[i]) * x.columns + first;
      for (let j = 0; j < columns; j++) values[j * count + i] = x.data[from + j]!;
    }
    for (let j = 0; j < columns; j++) {
      found.push(thresholdsOf(values.subarray(j * count, (j + 1) * count).sort(), bins));
    }
  }
  return found;
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
  const { rows, columns } = x;
  const edges = new Float64Array(columns * mostBins).fill(Number.POSITIVE_INFINITY);
  thresholds.forEach((ascending, j) => edges.set(ascending, j * mostBins));
  for (let first = 0; first < columns; first += blockColumns) {
    const last = Math.min(first + blockColumns, columns);
    for (let i = 0; i < rows; i++) {
      const place = (first / blockColumns) * rows * blockColumns + i * blockColumns - first;
      for (let j = first; j < last; j++) {
        const value = x.data[i * columns + j];
        const base = j * mostBins;
        // Binary search without a branch: the thresholds below the value, counted in eight bits.
        let code = 0;
        for (let half = mostBins / 2; half > 0; half >>= 1) {
          code += half * Number(value > edges[base + code + half - 1]);
        }
        codes[place + j] = code;
      }
    }
  }
}

/** Where the code of row 0 in column j lies; the next row's is 8 further on. */
export function codePlace(rows: number, j: number): number {
  return Math.floor(j / blockColumns) * rows * blockColumns + (j % blockColumns);
}

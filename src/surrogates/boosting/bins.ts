import type { Matrix } from "../../core/matrix.ts";
import { UnsupportedError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { InputColumn } from "../contract.ts";

/** Rows from which the thresholds are found; more would move them by less than a row in a thousand. */
const thresholdRows = 200_000;

/** Bins that a byte tells apart. */
const mostBins = 256;

/** Code of a missing value; other values of a column that has missing ones keep below it. */
export const missingCode = 255;

/** How the values of one column become codes. */
export interface ColumnBins {
  /** Of numbers: ascending; a value belongs to the first bin whose threshold it does not exceed. */
  readonly thresholds: Float64Array;
  /** Of a category: its levels, which are their own codes; 0 for numbers. */
  readonly levels: number;
  readonly hasMissing: boolean;
}

/** Columns that lie side by side in one block of codes. */
export const blockColumns = 8;

/**
 * Bins of every column. Of numbers: thresholds in ascending order that part the column into at most `bins`
 * bins, between all neighbouring values where those are few, else at equal steps of the empirical
 * distribution. A value belongs to the first bin whose threshold it does not exceed, and to the last when it
 * exceeds all. Missing values (NaN) have a bin of their own, so that 255 are left for the others.
 * @param bins 2 ... 256
 * @throws UnsupportedError for a category of more than 255 levels
 */
export function findBins(
  x: Matrix,
  bins: number,
  rng: Rng,
  columns?: readonly InputColumn[],
): ColumnBins[] {
  const rows =
    x.rows <= thresholdRows ? undefined : rng.permutation(x.rows).subarray(0, thresholdRows);
  const count = rows?.length ?? x.rows;
  const levels = levelsOf(x.columns, columns);
  const hasMissing = missingColumns(x);
  const found: ColumnBins[] = [];
  const values = new Float64Array(blockColumns * count);
  // Eight columns of a row share a cache line, so they are taken out together.
  for (let first = 0; first < x.columns; first += blockColumns) {
    const width = Math.min(blockColumns, x.columns - first);
    for (let i = 0; i < count; i++) {
      const from = (rows === undefined ? i : rows[i]) * x.columns + first;
      for (let j = 0; j < width; j++) values[j * count + i] = x.data[from + j]!;
    }
    for (let j = 0; j < width; j++) {
      const isMissing = hasMissing[first + j];
      const most = isMissing ? Math.min(bins, missingCode) : bins;
      const isNumber = levels[first + j] === 0;
      // Missing values are sorted to the end.
      const ascending = values.subarray(j * count, (j + 1) * count).sort();
      const last = isMissing ? ascending.findIndex(Number.isNaN) : -1;
      const present = last < 0 ? ascending : ascending.subarray(0, last);
      found.push({
        thresholds:
          isNumber && present.length > 0 ? thresholdsOf(present, most) : new Float64Array(0),
        levels: levels[first + j],
        hasMissing: isMissing,
      });
    }
  }
  return found;
}

function levelsOf(count: number, columns: readonly InputColumn[] | undefined): number[] {
  return Array.from({ length: count }, (_, j) => {
    const column = columns?.[j];
    if (column === undefined || column.kind !== "category") return 0;
    const levels = column.levels?.length ?? 0;
    if (levels <= missingCode) return levels;
    throw new UnsupportedError(
      `gradient-boosting: takes categories of at most ${missingCode} levels, but "${column.name}" has ${levels}.`,
      { path: `column "${column.name}"`, hint: "Join levels that are alike or rare." },
    );
  });
}

function missingColumns({ data, rows, columns }: Matrix): boolean[] {
  const found = Array.from({ length: columns }, () => false);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) if (Number.isNaN(data[k])) found[j] = true;
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
 * columns lie in blocks of eight. A level is its own code, and a missing value has `missingCode`.
 * @param codes 8 n ceil(d / 8) bytes
 */
export function writeCodes(x: Matrix, bins: readonly ColumnBins[], codes: Uint8Array): void {
  const { rows, columns } = x;
  const edges = new Float64Array(columns * mostBins).fill(Number.POSITIVE_INFINITY);
  bins.forEach(({ thresholds, levels }, j) => {
    edges.set(thresholds, j * mostBins);
    // Level k exceeds k edges.
    for (let k = 0; k + 1 < levels; k++) edges[j * mostBins + k] = k;
  });
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
        codes[place + j] = Number.isNaN(value) ? missingCode : code;
      }
    }
  }
}

/** Where the code of row 0 in column j lies; the next row's is 8 further on. */
export function codePlace(rows: number, j: number): number {
  return Math.floor(j / blockColumns) * rows * blockColumns + (j % blockColumns);
}

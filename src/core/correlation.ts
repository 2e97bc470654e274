import { InputError, ShapeError } from "./errors.ts";
import { gram } from "./linalg/multiply.ts";
import { matrix, type Matrix } from "./matrix.ts";
import { mean } from "./statistics.ts";

/**
 * Covariance matrix (d x d) of the columns of an n x d matrix, with n - 1 in the denominator.
 * @throws InputError with fewer than two rows
 */
export function covarianceMatrix(x: Matrix): Matrix {
  const { rows: n, columns: d } = x;
  if (n < 2) throw new InputError(`covarianceMatrix: expected at least 2 rows, got ${n}.`);
  const centred = matrix(n, d);
  for (let j = 0; j < d; j++) {
    const centre = mean(Float64Array.from({ length: n }, (_, i) => x.data[i * d + j]));
    for (let i = 0; i < n; i++) centred.data[i * d + j] = x.data[i * d + j] - centre;
  }
  const result = gram(centred);
  for (let k = 0; k < result.data.length; k++) result.data[k] /= n - 1;
  return result;
}

function checkPairs(who: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) {
    throw new ShapeError(
      `${who}: expected two lists of one length, got ${x.length} and ${y.length}.`,
    );
  }
  if (x.length < 2) throw new InputError(`${who}: expected at least 2 pairs, got ${x.length}.`);
}

/**
 * Pearson's correlation of two lists of numbers, in [-1, 1].
 * @throws InputError when a list is constant, because then it has no value
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkPairs("pearson", x, y);
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx === 0 || yy === 0) {
    throw new InputError("pearson: expected two lists that vary, got a constant one.");
  }
  return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
}

/** Ranks 1 ... n in ascending order; equal numbers share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a] - values[b],
  );
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) result[order[k]] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

/** Spearman's rank correlation, in [-1, 1]. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkPairs("spearman", x, y);
  return pearson(ranks(x), ranks(y));
}

export interface Histogram {
  /** Bin edges in ascending order, one more than counts. */
  readonly edges: Float64Array;
  readonly counts: Int32Array;
}

/**
 * Counts of numbers in equal bins from the lowest to the highest (or over `range`, which leaves out what
 * lies outside); a bin holds its left edge, the last one both. A constant list gets one unit of width.
 */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
  range?: readonly [low: number, high: number],
): Histogram {
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new InputError(`histogram: expected a whole number of bins above 0, got ${bins}.`);
  }
  if (values.length === 0 && range === undefined) {
    throw new InputError("histogram: expected at least 1 number, got 0.");
  }
  let [low, high] = range ?? [Infinity, -Infinity];
  if (range === undefined) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  if (!Number.isFinite(high - low) || low > high) {
    throw new InputError(`histogram: expected a finite range, got ${low} to ${high}.`);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  edges[bins] = high;
  const counts = new Int32Array(bins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= low && value <= high)) continue;
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // The edges decide, where rounding disagrees with them; edges of a range of a few subnormals coincide.
    while (value < edges[bin]) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return { edges, counts };
}

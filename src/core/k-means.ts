import { InputError } from "./errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "./matrix.ts";
import type { Rng } from "./rng.ts";

/** Rows dealt to the nearest of k centres. */
export interface Clustering {
  /** Cluster of each row, 0 ... k - 1; every cluster has at least one row. */
  readonly cluster: Int32Array;
  /** k x d. */
  readonly centres: Matrix;
  /** Sum of squared distances of the rows to their centres. */
  readonly spread: number;
}

export interface KMeansOptions {
  /** Independent starts, of which the one with the smallest spread is kept. */
  readonly starts?: number;
  /** Most rounds of one start. */
  readonly maxRounds?: number;
}

/**
 * k-means by Lloyd's rounds from k-means++ starts. Distances are Euclidean: scale the columns first.
 * Source: D. Arthur, S. Vassilvitskii, Proc. SODA, 1027 (2007); S. P. Lloyd, IEEE Trans. Inf. Theory 28,
 * 129 (1982), doi:10.1109/TIT.1982.1056489.
 * @param x n x d, finite
 * @throws InputError unless the rows have at least k different points and k is at least 1
 */
export function kMeans(
  x: Matrix,
  k: number,
  rng: Rng,
  { starts = 10, maxRounds = 100 }: KMeansOptions = {},
): Clustering {
  if (!(Number.isInteger(k) && k >= 1 && k <= x.rows)) {
    throw new InputError(`kMeans: expected 1 to ${x.rows} clusters for ${x.rows} rows, got ${k}.`, {
      expected: `1 ... ${x.rows}`,
      received: `${k}`,
    });
  }
  let best: Clustering | undefined;
  for (let s = 0; s < starts; s++) {
    const found = refine(x, firstCentres(x, k, rng.fork(`start ${s}`)), maxRounds);
    if (best === undefined || found.spread < best.spread) best = found;
  }
  return best!;
}

/** k-means++: each further centre is a row, drawn by its squared distance to the nearest one so far. */
function firstCentres(x: Matrix, k: number, rng: Rng): Matrix {
  const chosen = [rng.integer(x.rows)];
  const distance = Float64Array.from({ length: x.rows }, (_, i) => squared(x, i, x, chosen[0]));
  while (chosen.length < k) {
    const total = distance.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) {
      throw new InputError(
        `kMeans: expected at least ${k} different rows for ${k} clusters, got ${chosen.length}.`,
        { expected: `${k} different rows`, received: `${chosen.length}` },
      );
    }
    const next = drawn(distance, rng.uniform() * total);
    chosen.push(next);
    for (let i = 0; i < x.rows; i++) distance[i] = Math.min(distance[i], squared(x, i, x, next));
  }
  return takeRows(x, chosen);
}

/** The index at which the running sum passes `mark`; one of weight above 0. */
function drawn(weights: Float64Array, mark: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i];
    last = i;
    if (sum > mark) return i;
  }
  return last;
}

function refine(x: Matrix, start: Matrix, maxRounds: number): Clustering {
  const k = start.rows;
  let centres = start;
  const cluster = new Int32Array(x.rows).fill(-1);
  const distance = new Float64Array(x.rows);
  for (let round = 0; round < maxRounds; round++) {
    let moved = false;
    for (let i = 0; i < x.rows; i++) {
      let nearest = 0;
      distance[i] = Number.POSITIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        const d = squared(x, i, centres, c);
        if (d >= distance[i]) continue;
        distance[i] = d;
        nearest = c;
      }
      moved ||= cluster[i] !== nearest;
      cluster[i] = nearest;
    }
    fillEmpty(cluster, distance, k);
    if (!moved) break;
    centres = meansOf(x, cluster, k);
  }
  centres = meansOf(x, cluster, k);
  const spread = cluster.reduce((sum, c, i) => sum + squared(x, i, centres, c), 0);
  return { cluster, centres, spread };
}

/** Gives every cluster without rows the row farthest from its centre, out of a cluster with several. */
function fillEmpty(cluster: Int32Array, distance: Float64Array, k: number): void {
  const size = new Int32Array(k);
  for (const c of cluster) size[c]++;
  for (let c = 0; c < k; c++) {
    if (size[c] > 0) continue;
    let farthest = -1;
    for (let i = 0; i < cluster.length; i++) {
      if (size[cluster[i]] < 2) continue;
      if (farthest < 0 || distance[i] > distance[farthest]) farthest = i;
    }
    size[cluster[farthest]]--;
    cluster[farthest] = c;
    distance[farthest] = 0;
    size[c] = 1;
  }
}

function meansOf(x: Matrix, cluster: Int32Array, k: number): Matrix {
  const means = matrix(k, x.columns);
  const size = new Int32Array(k);
  cluster.forEach((c, i) => {
    size[c]++;
    const mean = rowOf(means, c);
    const row = rowOf(x, i);
    for (let j = 0; j < row.length; j++) mean[j] += row[j];
  });
  for (let c = 0; c < k; c++) {
    const mean = rowOf(means, c);
    for (let j = 0; j < mean.length; j++) mean[j] /= size[c];
  }
  return means;
}

function squared(a: Matrix, i: number, b: Matrix, k: number): number {
  const d = a.columns;
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = a.data[i * d + j] - b.data[k * d + j];
    sum += difference * difference;
  }
  return sum;
}

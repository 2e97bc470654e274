import type { Matrix } from "../../core/matrix.ts";
import { rowNumbers, sortByKey } from "./sort-by-key.ts";

/**
 * Crowding distance of the chosen rows among each other: for every objective the gap between the two
 * neighbours over the range, summed; infinite at both ends. An objective without spread adds nothing.
 * @param objectives n x m
 * @param rows which rows form the front
 * @returns one number per chosen row, in the order of `rows`
 * Source: K. Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017, section III-B.
 */
export function crowdingDistance(objectives: Matrix, rows: Int32Array): Float64Array {
  return crowdingChains(objectives, rows).distance;
}

/**
 * The `keep` least crowded of the chosen rows: the most crowded one is taken out, its neighbours'
 * distances are renewed, and so on. Ends of every objective stay while there is room.
 * @returns row numbers in the order of `rows`
 * Source: S. Kukkonen, K. Deb, Proc. IEEE CEC 2006, 1179, doi:10.1109/CEC.2006.1688443.
 */
export function pruneByCrowding(objectives: Matrix, rows: Int32Array, keep: number): Int32Array {
  const n = rows.length;
  if (n <= keep) return rows;
  const chains = crowdingChains(objectives, rows);
  const { distance } = chains;
  const alive = rowNumbers(n);
  let left = n;
  while (left > keep) {
    let worst = 0;
    for (let a = 1; a < left; a++) if (distance[alive[a]] < distance[alive[worst]]) worst = a;
    unlink(chains, alive[worst]);
    alive[worst] = alive[--left];
  }
  return alive
    .subarray(0, left)
    .sort()
    .map((i) => rows[i]);
}

/** For each objective a chain through the rows in ascending order; -1 marks an end. */
interface Chains {
  readonly values: Float64Array;
  readonly previous: Int32Array;
  readonly next: Int32Array;
  readonly scale: Float64Array;
  readonly distance: Float64Array;
  readonly n: number;
  readonly m: number;
}

function crowdingChains(objectives: Matrix, rows: Int32Array): Chains {
  const n = rows.length;
  const m = objectives.columns;
  // Two pieces of memory for all: taking one costs more than filling it for a front of usual size.
  const numbers = new Float64Array(m * n + n + m);
  const values = numbers.subarray(0, m * n);
  const distance = numbers.subarray(m * n, m * n + n);
  const scale = numbers.subarray(m * n + n);
  const links = new Int32Array(2 * m * n).fill(-1);
  const previous = links.subarray(0, m * n);
  const next = links.subarray(m * n);
  const order = rowNumbers(n);
  for (let k = 0; k < m; k++) {
    const column = values.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) column[i] = objectives.data[rows[i] * m + k];
    // From the order by the objective before: along a front of two it is this one's, turned.
    sortByKey(order, column);
    for (let a = 1; a < n; a++) {
      previous[k * n + order[a]] = order[a - 1];
      next[k * n + order[a - 1]] = order[a];
    }
    const range = n === 0 ? 0 : column[order[n - 1]] - column[order[0]];
    scale[k] = range > 0 ? 1 / range : 0;
  }
  const chains = { values, previous, next, scale, distance, n, m };
  for (let i = 0; i < n; i++) distance[i] = distanceOf(chains, i);
  return chains;
}

function distanceOf({ values, previous, next, scale, n, m }: Chains, i: number): number {
  let sum = 0;
  for (let k = 0, at = i; k < m; k++, at += n) {
    if (scale[k] === 0) continue;
    if (previous[at] < 0 || next[at] < 0) return Number.POSITIVE_INFINITY;
    sum += (values[k * n + next[at]] - values[k * n + previous[at]]) * scale[k];
  }
  return sum;
}

function unlink(chains: Chains, i: number): void {
  const { previous, next, distance, n, m } = chains;
  for (let k = 0, at = i; k < m; k++, at += n) {
    if (previous[at] >= 0) next[k * n + previous[at]] = next[at];
    if (next[at] >= 0) previous[k * n + next[at]] = previous[at];
  }
  for (let k = 0, at = i; k < m; k++, at += n) {
    if (previous[at] >= 0) distance[previous[at]] = distanceOf(chains, previous[at]);
    if (next[at] >= 0) distance[next[at]] = distanceOf(chains, next[at]);
  }
}

import { ShapeError } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { dominates } from "./dominance.ts";
import { sortByKey } from "./sort-by-key.ts";

/**
 * Rank of each row by repeated removal of the non-dominated ones: 1 = front. Equal rows share a rank.
 * With `violation` the order is Deb's constraint-domination: rows that meet every requirement (0) come
 * before all others, and those are ranked by their violation alone.
 *
 * One objective and two take O(n log n), more take the efficient non-dominated sort with binary search.
 * @param objectives n x m, minimised
 * @param violation n numbers >= 0
 * @throws ShapeError when `violation` has another length than the rows
 * Source: K. Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017, section VI;
 *   X. Zhang et al., IEEE Trans. Evol. Comput. 19, 201 (2015), doi:10.1109/TEVC.2014.2308305 (ENS-BS).
 */
export function nonDominatedSort(objectives: Matrix, violation?: Float64Array): Int32Array {
  const n = objectives.rows;
  if (violation !== undefined && violation.length !== n) {
    throw new ShapeError(
      `nonDominatedSort: expected ${n} violations (one a row), got ${violation.length}.`,
    );
  }
  const rank = new Int32Array(n);
  const meeting = indicesWhere(n, (i) => violation === undefined || violation[i] === 0);
  const fronts = rankMeeting(objectives, meeting, rank);
  if (violation !== undefined && meeting.length < n) {
    const failing = indicesWhere(n, (i) => violation[i] !== 0);
    rankAscending(violation, failing, rank, fronts);
  }
  return rank;
}

/** Row numbers of the front (rank 1), ascending. */
export function paretoFront(objectives: Matrix, violation?: Float64Array): Int32Array {
  const rank = nonDominatedSort(objectives, violation);
  return indicesWhere(rank.length, (i) => rank[i] === 1);
}

function indicesWhere(n: number, keep: (i: number) => boolean): Int32Array {
  const found = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (keep(i)) found[count++] = i;
  return found.subarray(0, count);
}

function rankMeeting(objectives: Matrix, rows: Int32Array, rank: Int32Array): number {
  const { data, columns } = objectives;
  if (columns === 0) {
    for (const i of rows) rank[i] = 1;
    return rows.length === 0 ? 0 : 1;
  }
  if (columns === 1) return rankAscending(data, rows, rank, 0);
  const order = lexicographic(objectives, rows);
  return columns === 2 ? rankPlane(data, order, rank) : rankGeneral(data, columns, order, rank);
}

/** Dense ranks by one value, counted on from `offset`; returns the last rank given. */
function rankAscending(
  values: Float64Array,
  rows: Int32Array,
  rank: Int32Array,
  offset: number,
): number {
  const order = sortByKey(rows.slice(), values);
  let last = offset;
  for (let k = 0; k < order.length; k++) {
    if (k === 0 || values[order[k]] > values[order[k - 1]]) last++;
    rank[order[k]] = last;
  }
  return last;
}

/** Ascending by the first objective, then the second, and so on; equal rows by number. */
function lexicographic({ data, rows: n, columns: m }: Matrix, rows: Int32Array): Int32Array {
  const key = new Float64Array(n);
  const order = rows.slice();
  sortFrom(order, 0);
  return order;

  /** Sorts rows that are equal in the objectives before the k-th. */
  function sortFrom(part: Int32Array, k: number): void {
    for (const i of part) key[i] = data[i * m + k];
    sortByKey(part, key);
    if (k === m - 1) return;
    for (let start = 0, end = 1; end <= part.length; end++) {
      if (end < part.length && data[part[end] * m + k] === data[part[start] * m + k]) continue;
      if (end - start > 1) sortFrom(part.subarray(start, end), k + 1);
      start = end;
    }
  }
}

/**
 * In lexicographic order the newest member of a front has its smallest second objective, so a front
 * dominates a row exactly when that member does, and fronts are searched by bisection.
 */
function rankPlane(data: Float64Array, order: Int32Array, rank: Int32Array): number {
  const newest = new Int32Array(order.length);
  let fronts = 0;
  for (const i of order) {
    let low = 0;
    let high = fronts;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dominates(data, 2, newest[middle], i)) low = middle + 1;
      else high = middle;
    }
    newest[low] = i;
    if (low === fronts) fronts++;
    rank[i] = low + 1;
  }
  return fronts;
}

function rankGeneral(data: Float64Array, m: number, order: Int32Array, rank: Int32Array): number {
  const fronts: number[][] = [];
  for (const i of order) {
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frontDominates(fronts[middle], data, m, i)) low = middle + 1;
      else high = middle;
    }
    if (low === fronts.length) fronts.push([i]);
    else fronts[low].push(i);
    rank[i] = low + 1;
  }
  return fronts.length;
}

function frontDominates(front: number[], data: Float64Array, m: number, i: number): boolean {
  for (let k = front.length - 1; k >= 0; k--) if (dominates(data, m, front[k], i)) return true;
  return false;
}

/** Rows grouped by rank, each group ascending: `groups[0]` is the front. */
export function groupByRank(rank: Int32Array): Int32Array[] {
  let fronts = 0;
  for (const r of rank) fronts = Math.max(fronts, r);
  const sizes = new Int32Array(fronts);
  for (const r of rank) sizes[r - 1]++;
  const rows = new Int32Array(rank.length);
  const groups: Int32Array[] = [];
  for (let g = 0, start = 0; g < fronts; g++) {
    groups.push(rows.subarray(start, start + sizes[g]));
    start += sizes[g];
    sizes[g] = start - sizes[g];
  }
  for (let i = 0; i < rank.length; i++) rows[sizes[rank[i] - 1]++] = i;
  return groups;
}

/** The smallest and largest value of each objective over the chosen rows. */
export function objectiveRanges(
  objectives: Matrix,
  rows: Int32Array,
): { readonly low: Float64Array; readonly high: Float64Array } {
  const low = new Float64Array(objectives.columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(objectives.columns).fill(Number.NEGATIVE_INFINITY);
  for (const i of rows) {
    const row = rowOf(objectives, i);
    for (let k = 0; k < row.length; k++) {
      if (row[k] < low[k]) low[k] = row[k];
      if (row[k] > high[k]) high[k] = row[k];
    }
  }
  return { low, high };
}

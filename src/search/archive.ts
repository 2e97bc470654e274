import { matrix, rowOf, takeRows } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Evaluation } from "./contract.ts";
import { pruneByCrowding } from "./pareto/crowding.ts";
import { rowNumbers, sortByKey } from "./pareto/sort-by-key.ts";
import { groupByRank, nonDominatedSort, paretoFront } from "./pareto/sort.ts";
import { createRowSet } from "./row-set.ts";

/** Scored designs with their ranks among each other. */
export interface RankedDesigns {
  readonly rows: Matrix;
  readonly evaluation: Evaluation;
  /** 1 = front; designs that miss a requirement come after all others. */
  readonly rank: Int32Array;
}

/** Keeps the best of any number of scored designs in constant memory. */
export interface Archive {
  /** Takes scored designs in; a row no better than one of its cell is left out. */
  offer(rows: Matrix, evaluation: Evaluation): void;
  /** The best `capacity` designs so far in the order they were taken in. */
  contents(): RankedDesigns;
  /** How many of them are on the front. */
  frontSize(): number;
}

export interface ArchiveOptions {
  readonly dimension: number;
  readonly objectives: number;
  /** How many designs are kept, at least 1. */
  readonly capacity: number;
  /**
   * Size of a cell in each column; of rows in the same cell only those that no other one equals or
   * dominates are kept, so that near copies of the best do not drive everything else out, and no row of
   * the front is lost. 0 or absent: a cell is a single row.
   */
  readonly cell?: Float64Array;
  /** Designs for which this is true are never kept, such as those already measured. */
  readonly isExcluded?: (row: Float64Array) => boolean;
}

/**
 * An archive of the `capacity` best designs: whole fronts by rank, the last one thinned where it is most
 * crowded. What is kept follows from the order of the rows alone, however they are cut into chunks. It is
 * exact for one objective and while fronts fit; a front longer than `capacity` is thinned, and what only
 * its dropped members dominate may then be kept, as in every bounded archive of more objectives.
 *
 * Between two truncations up to `capacity` further rows are collected, and a row that the last kept
 * front dominates is refused at once: it would rank behind `capacity` better ones.
 */
export function createArchive(options: ArchiveOptions): Archive {
  const { dimension, objectives, capacity, cell, isExcluded } = options;
  const rows = matrix(2 * capacity, dimension);
  const scores = matrix(2 * capacity, objectives);
  const violation = new Float64Array(2 * capacity);
  let size = 0;
  const cells = createRowSet(dimension);
  // The designs of each cell in a chain: first by number of the cell, then by design; -1 ends it.
  const first = new Int32Array(2 * capacity);
  const next = new Int32Array(2 * capacity);
  const corner = new Float64Array(dimension);
  let bar: Bar = { front: matrix(0, objectives), violation: Number.POSITIVE_INFINITY };

  /** Number of the cell of the row that begins at `start`; a new one is empty. */
  function cellNumber(values: Float64Array, start: number): number {
    const known = cells.size;
    if (cell === undefined) return begun(cells.place(values, start), known);
    for (let k = 0; k < dimension; k++) {
      const value = values[start + k];
      corner[k] = cell[k] > 0 ? Math.floor(value / cell[k]) : value;
    }
    return begun(cells.place(corner), known);
  }

  function begun(number: number, known: number): number {
    if (number === known) first[number] = -1;
    return number;
  }

  function put(slot: number, offered: Matrix, evaluation: Evaluation, i: number): void {
    copyRow(rows.data, slot, offered.data, i, dimension);
    copyRow(scores.data, slot, evaluation.objectives.data, i, objectives);
    violation[slot] = evaluation.violation[i];
  }

  function link(slot: number, number: number): void {
    next[slot] = first[number];
    first[number] = slot;
  }

  function truncate(): void {
    const kept = best(view(scores, size), violation.subarray(0, size), capacity);
    const { chosen, rank } = kept;
    // Ascending, so that nothing is overwritten before it is moved.
    for (let k = 0; k < chosen.length; k++) {
      const i = chosen[k];
      rows.data.copyWithin(k * dimension, i * dimension, (i + 1) * dimension);
      scores.data.copyWithin(k * objectives, i * objectives, (i + 1) * objectives);
      violation[k] = violation[i];
    }
    size = chosen.length;
    cells.clear();
    for (let i = 0; i < size; i++) link(i, cellNumber(rows.data, i * dimension));
    bar = barOf(scores, violation, rank, size);
  }

  return {
    offer(offered, evaluation) {
      for (let i = 0; i < offered.rows; i++) {
        const missed = evaluation.violation[i];
        if (isBelow(bar, evaluation.objectives.data, i, missed)) continue;
        if (isExcluded?.(rowOf(offered, i)) === true) continue;
        const number = cellNumber(offered.data, i * dimension);
        let slot = first[number];
        if (slot >= 0) {
          const score = rowOf(evaluation.objectives, i);
          while (slot >= 0 && !decides(score, missed, rowOf(scores, slot), violation[slot])) {
            slot = next[slot];
          }
          if (slot >= 0) {
            if (isAtLeast(rowOf(scores, slot), violation[slot], score, missed)) continue;
            put(slot, offered, evaluation, i);
            continue;
          }
        }
        put(size, offered, evaluation, i);
        link(size, number);
        size++;
        if (size === 2 * capacity) truncate();
      }
    },
    contents() {
      const { chosen, rank } = best(view(scores, size), violation.subarray(0, size), capacity);
      return {
        rows: takeRows(rows, chosen),
        evaluation: {
          objectives: takeRows(scores, chosen),
          violation: copyAt(violation, chosen, chosen.length),
        },
        rank,
      };
    },
    frontSize() {
      const front = paretoFront(view(scores, size), violation.subarray(0, size));
      return Math.min(capacity, front.length);
    },
  };
}

function copyRow(
  to: Float64Array,
  row: number,
  from: Float64Array,
  i: number,
  columns: number,
): void {
  for (let k = 0; k < columns; k++) to[row * columns + k] = from[i * columns + k];
}

/** What a new design has to pass while the archive is full. */
interface Bar {
  /** Objectives of the last kept front, ascending by the first, when all kept designs meet the requirements. */
  readonly front: Matrix;
  /** Largest kept violation. */
  readonly violation: number;
}

function barOf(scores: Matrix, violation: Float64Array, rank: Int32Array, size: number): Bar {
  let last = 0;
  let worst = 0;
  for (let i = 0; i < size; i++) {
    last = Math.max(last, rank[i]);
    worst = Math.max(worst, violation[i]);
  }
  if (worst > 0) return { front: matrix(0, scores.columns), violation: worst };
  const members = rowNumbers(size).filter((i) => rank[i] === last);
  const first = Float64Array.from({ length: size }, (_, i) => scores.data[i * scores.columns]);
  return { front: takeRows(scores, sortByKey(members, first)), violation: 0 };
}

/** Whether one of two scores is at least as good as the other, by constraint-domination. */
const decides = (a: Float64Array, missedA: number, b: Float64Array, missedB: number): boolean =>
  isAtLeast(a, missedA, b, missedB) || isAtLeast(b, missedB, a, missedA);

function isAtLeast(a: Float64Array, missedA: number, b: Float64Array, missedB: number): boolean {
  if (missedA > 0 || missedB > 0) return missedA <= missedB;
  for (let k = 0; k < a.length; k++) if (a[k] > b[k]) return false;
  return true;
}

function isBelow(bar: Bar, scores: Float64Array, i: number, missed: number): boolean {
  if (missed > bar.violation) return true;
  const { data, rows, columns: m } = bar.front;
  const first = scores[i * m];
  // Only members that are as small in the first objective can dominate.
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data[middle * m] <= first) low = middle + 1;
    else high = middle;
  }
  // Of two objectives the last of them has the smallest second one.
  const end = m === 2 ? Math.max(0, low - 1) : 0;
  for (let member = low - 1; member >= end; member--) {
    let smaller = false;
    let k = 0;
    for (let a = member * m, b = i * m; k < m; k++, a++, b++) {
      if (data[a] > scores[b]) break;
      if (data[a] < scores[b]) smaller = true;
    }
    if (k === m && smaller) return true;
  }
  return false;
}

/**
 * The best designs by rank, the last front that fits only in part thinned by crowding.
 * @returns row numbers ascending, and the rank of each
 */
export function best(
  objectives: Matrix,
  violation: Float64Array,
  keep: number,
): { readonly chosen: Int32Array; readonly rank: Int32Array } {
  const rank = nonDominatedSort(objectives, violation);
  if (rank.length <= keep) return { chosen: rowNumbers(rank.length), rank };
  const chosen = new Int32Array(keep);
  let count = 0;
  for (const group of groupByRank(rank)) {
    if (count === keep) break;
    const part = pruneByCrowding(objectives, group, keep - count);
    chosen.set(part, count);
    count += part.length;
  }
  chosen.sort();
  return { chosen, rank: chosen.map((i) => rank[i]) };
}

const view = (m: Matrix, rows: number): Matrix =>
  matrix(rows, m.columns, m.data.subarray(0, rows * m.columns));

function copyAt(values: Float64Array, indices: Int32Array, length: number): Float64Array {
  const result = new Float64Array(length);
  for (let k = 0; k < indices.length; k++) result[k] = values[indices[k]];
  return result;
}

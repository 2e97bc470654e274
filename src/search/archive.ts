import { matrix, rowOf, takeRows } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Evaluation } from "./contract.ts";
import { pruneByCrowding } from "./pareto/crowding.ts";
import { groupByRank, nonDominatedSort } from "./pareto/sort.ts";
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
  let rows = matrix(2 * capacity, dimension);
  let scores = matrix(2 * capacity, objectives);
  let violation: Float64Array = new Float64Array(2 * capacity);
  let size = 0;
  const cells = createRowSet(dimension);
  // The designs of each cell in a chain: first by number of the cell, then by design; -1 ends it.
  const first = new Int32Array(2 * capacity);
  const next = new Int32Array(2 * capacity);
  const corner = new Float64Array(dimension);
  let bar: Bar = { front: matrix(0, objectives), violation: Number.POSITIVE_INFINITY };

  function cellOf(row: Float64Array): Float64Array {
    if (cell === undefined) return row;
    for (let k = 0; k < dimension; k++) {
      corner[k] = cell[k] > 0 ? Math.floor(row[k] / cell[k]) : row[k];
    }
    return corner;
  }

  function put(slot: number, row: Float64Array, score: Float64Array, missed: number): void {
    rows.data.set(row, slot * dimension);
    scores.data.set(score, slot * objectives);
    violation[slot] = missed;
  }

  /** The first design of the row's cell, -1 when it is empty. */
  function firstOf(row: Float64Array): number {
    const cell = cells.indexOf(cellOf(row));
    return cell < 0 ? -1 : first[cell];
  }

  function link(slot: number): void {
    const corner = cellOf(rowOf(rows, slot));
    const known = cells.indexOf(corner);
    if (known < 0) cells.add(corner);
    next[slot] = known < 0 ? -1 : first[known];
    first[known < 0 ? cells.size - 1 : known] = slot;
  }

  function truncate(): void {
    const kept = best(view(scores, size), violation.subarray(0, size), capacity);
    const { chosen, rank } = kept;
    rows = resized(takeRows(rows, chosen), 2 * capacity);
    scores = resized(takeRows(scores, chosen), 2 * capacity);
    violation = copyAt(violation, chosen, 2 * capacity);
    size = chosen.length;
    cells.clear();
    for (let i = 0; i < size; i++) link(i);
    bar = barOf(scores, violation, rank, size);
  }

  return {
    offer(offered, evaluation) {
      for (let i = 0; i < offered.rows; i++) {
        const score = rowOf(evaluation.objectives, i);
        if (isBelow(bar, score, evaluation.violation[i])) continue;
        const row = rowOf(offered, i);
        if (isExcluded?.(row) === true) continue;
        const missed = evaluation.violation[i];
        let slot = firstOf(row);
        while (slot >= 0 && !decides(score, missed, rowOf(scores, slot), violation[slot])) {
          slot = next[slot];
        }
        if (slot >= 0) {
          if (isAtLeast(rowOf(scores, slot), violation[slot], score, missed)) continue;
          put(slot, row, score, missed);
          continue;
        }
        put(size, row, score, missed);
        link(size);
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
  };
}

/** What a new design has to pass while the archive is full. */
interface Bar {
  /** Objectives of the last kept front when all kept designs meet the requirements. */
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
  const members: number[] = [];
  for (let i = 0; i < size; i++) if (rank[i] === last) members.push(i);
  return { front: takeRows(scores, members), violation: 0 };
}

/** Whether one of two scores is at least as good as the other, by constraint-domination. */
const decides = (a: Float64Array, missedA: number, b: Float64Array, missedB: number): boolean =>
  isAtLeast(a, missedA, b, missedB) || isAtLeast(b, missedB, a, missedA);

function isAtLeast(a: Float64Array, missedA: number, b: Float64Array, missedB: number): boolean {
  if (missedA > 0 || missedB > 0) return missedA <= missedB;
  for (let k = 0; k < a.length; k++) if (a[k] > b[k]) return false;
  return true;
}

function isBelow({ front, violation }: Bar, score: Float64Array, scoreViolation: number): boolean {
  if (scoreViolation > violation) return true;
  const { data, rows, columns: m } = front;
  for (let i = 0, at = 0; i < rows; i++, at += m) {
    let smaller = false;
    let k = 0;
    for (; k < m; k++) {
      const member = data[at + k];
      if (member > score[k]) break;
      if (member < score[k]) smaller = true;
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
  if (rank.length <= keep) return { chosen: Int32Array.from(rank, (_, i) => i), rank };
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

function resized(m: Matrix, rows: number): Matrix {
  const result = matrix(rows, m.columns);
  result.data.set(m.data);
  return result;
}

function copyAt(values: Float64Array, indices: Int32Array, length: number): Float64Array {
  const result = new Float64Array(length);
  for (let k = 0; k < indices.length; k++) result[k] = values[indices[k]];
  return result;
}

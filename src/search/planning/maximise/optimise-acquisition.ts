import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { checkpoint, type Work } from "../../../core/work.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { Acquisition } from "../../acquisition/contract.ts";
import { columnWeights, isNearAny, isWithin } from "../../similarity.ts";
import { ascender } from "./ascend.ts";
import { neighbourMoves } from "./neighbours.ts";

/** Where an acquisition function is to be made large. */
export interface AcquisitionProblem {
  readonly space: SearchSpace;
  readonly acquisition: Acquisition;
  /** Feasible designs to look among first. */
  readonly raw: Matrix;
  /** Whether a design may be chosen. */
  isOpen(row: ArrayLike<number>): boolean;
  readonly work?: Work;
}

/** The rows of the best point, points x dimension, and its value. */
export interface BestPoint {
  readonly rows: Matrix;
  readonly value: number;
}

/** Points that are improved. */
const starts = 6;
/** Starts differ by at least this share of the range of some column. */
const apart = 0.05;
/** Exchanges in a row that a point may take. */
const mostExchanges = 40;
/** Points remembered, so that one that is taken already does not leave nothing. */
const remembered = 200;

/**
 * The open point of largest value that was found: the raw designs are scored together; the best of them that
 * lie apart are improved by ascent over what is continuous, in turn with exchanges in what is not, as long as
 * that gains. Undefined when nothing that was looked at is open.
 */
export async function optimiseAcquisition(
  problem: AcquisitionProblem,
): Promise<BestPoint | undefined> {
  const { space, acquisition, raw, work = {} } = problem;
  const label = "searching the next design";
  const known = new Known(problem);
  await checkpoint(work, { label, done: 0, total: starts + 1 });
  const singles = acquisition.points === 1 ? raw : sideBySide(raw, acquisition.points);
  const values = acquisition.values(singles);
  for (let i = 0; i < singles.rows; i++) known.add(rowOf(singles, i), values[i]);
  const ascend = ascender(space, acquisition);
  const moves = neighbourMoves(space);
  const chosen = startsOf(space, singles, values);
  for (const [k, start] of chosen.entries()) {
    await checkpoint(work, { label, done: k + 1, total: starts + 1 });
    let at = ascend(start.slice());
    known.add(at.point, at.value);
    for (let round = 0; round < mostExchanges; round++) {
      const better = bestExchange(problem, moves, at.point, known);
      if (better === undefined || !(better.value > at.value)) break;
      at = ascend(better.point);
      known.add(at.point, at.value);
    }
  }
  return known.best();
}

/** The designs of a list of largest values that are open, best first. */
export async function bestOfPool(
  acquisition: Acquisition,
  pool: Matrix,
  isOpen: (row: ArrayLike<number>) => boolean,
  work: Work = {},
): Promise<BestPoint | undefined> {
  const chunk = 4096;
  let best: BestPoint | undefined;
  for (let first = 0; first < pool.rows; first += chunk) {
    await checkpoint(work, { label: "scoring the pool", done: first, total: pool.rows });
    const count = Math.min(chunk, pool.rows - first);
    const data = pool.data.subarray(first * pool.columns, (first + count) * pool.columns);
    const values = acquisition.values(matrix(count, pool.columns, data));
    for (let i = 0; i < count; i++) {
      if (best !== undefined && !(values[i] > best.value)) continue;
      const row = rowOf(pool, first + i);
      if (!isOpen(row)) continue;
      best = { rows: matrix(1, pool.columns, Float64Array.from(row)), value: values[i] };
    }
  }
  return best;
}

/** Points of several rows: every design once in each place. */
function sideBySide(raw: Matrix, points: number): Matrix {
  const result = matrix(raw.rows, points * raw.columns);
  for (let i = 0; i < raw.rows; i++) {
    for (let p = 0; p < points; p++) {
      // Strides that are odd go through all designs when their number is even.
      const from = (i * (2 * p + 1) + 37 * p) % raw.rows;
      rowOf(result, i).set(rowOf(raw, from), p * raw.columns);
    }
  }
  return result;
}

/** The best points that lie apart. */
function startsOf(space: SearchSpace, points: Matrix, values: Float64Array): Float64Array[] {
  const weights = columnWeights(space.columns);
  const all = new Float64Array(points.columns);
  for (let first = 0; first < all.length; first += weights.length) all.set(weights, first);
  const order = Array.from(values.keys())
    .filter((i) => values[i] > Number.NEGATIVE_INFINITY)
    .sort((a, b) => values[b] - values[a]);
  const chosen: Float64Array[] = [];
  for (const i of order) {
    if (chosen.length === starts) break;
    const point = rowOf(points, i);
    if (!chosen.some((other) => isWithin(point, other, all, apart))) chosen.push(point);
  }
  return chosen;
}

/** The best point that differs by one exchange in one of its rows. */
function bestExchange(
  { acquisition, space }: AcquisitionProblem,
  moves: (row: Float64Array) => Float64Array[],
  point: Float64Array,
  known: Known,
): { point: Float64Array; value: number } | undefined {
  const d = space.dimension;
  const found: Float64Array[] = [];
  for (let first = 0; first < point.length; first += d) {
    for (const row of moves(point.slice(first, first + d))) {
      const moved = point.slice();
      moved.set(row, first);
      found.push(moved);
    }
  }
  if (found.length === 0) return undefined;
  const all = matrix(found.length, point.length);
  found.forEach((one, i) => all.data.set(one, i * point.length));
  const values = acquisition.values(all);
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    known.add(found[i], values[i]);
    if (values[i] > values[best]) best = i;
  }
  return { point: found[best], value: values[best] };
}

/** The best points seen, each once. */
class Known {
  private readonly problem: AcquisitionProblem;
  private points: { point: Float64Array; value: number }[] = [];

  constructor(problem: AcquisitionProblem) {
    this.problem = problem;
  }

  add(point: Float64Array, value: number): void {
    if (Number.isNaN(value)) return;
    this.points.push({ point: point.slice(), value });
    if (this.points.length > 4 * remembered) this.shorten();
  }

  /** The best point of which every row is open and no two rows are the same. */
  best(): BestPoint | undefined {
    this.shorten();
    const { space } = this.problem;
    const weights = columnWeights(space.columns);
    for (const { point, value } of this.points) {
      const rows = matrix(point.length / space.dimension, space.dimension, point);
      const isUsable = Array.from({ length: rows.rows }, (_, i) => i).every((i) => {
        const before = matrix(i, rows.columns, rows.data.subarray(0, i * rows.columns));
        return (
          this.problem.isOpen(rowOf(rows, i)) && !isNearAny(rowOf(rows, i), before, weights, 1e-6)
        );
      });
      if (isUsable) return { rows, value };
    }
    return undefined;
  }

  private shorten(): void {
    this.points.sort((a, b) => b.value - a.value);
    this.points.length = Math.min(this.points.length, remembered);
  }
}

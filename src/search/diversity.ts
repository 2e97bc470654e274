import { InputError } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { RankedDesigns } from "./archive.ts";
import { kneePoint } from "./pareto/knee.ts";
import { groupByRank, objectiveRanges } from "./pareto/sort.ts";
import { isWithin } from "./similarity.ts";

export interface DiversityOptions {
  /** How many designs to choose. */
  readonly count: number;
  /** Designs that differ in no column by more than this, once weighted, count as the same. */
  readonly tolerance: number;
  /** What each column's differences are multiplied with; one over the range of `rows` when absent. */
  readonly weights?: Float64Array;
}

/**
 * Chooses designs to hand to a person: best rank first, no two the same within the tolerance, and
 * spread out. A front is walked from its knee, always on to the member farthest from those chosen from
 * it, by objectives scaled to the front's ranges (by the designs themselves where the objectives have
 * no spread), so that every beginning of the list is diverse too.
 *
 * When that yields fewer than `count`, designs that differ from the chosen ones by less than the
 * tolerance fill the list (equal rows never), those that meet the requirements first; so `count`
 * are returned whenever there are as many different rows. The result is ordered by rank.
 * @returns row numbers, at most `count`
 * @throws InputError for a count or tolerance that is not a number of 0 or more
 */
export function selectDiverse(designs: RankedDesigns, options: DiversityOptions): Int32Array {
  const { count, tolerance } = options;
  if (!(Number.isInteger(count) && count >= 0)) {
    throw new InputError(`selectDiverse: expected a whole count of 0 or more, got ${count}.`);
  }
  if (!(tolerance >= 0)) {
    throw new InputError(`selectDiverse: expected a tolerance of 0 or more, got ${tolerance}.`);
  }
  const { rows, evaluation, rank } = designs;
  const weights = options.weights ?? rangeWeights(rows);
  const fronts = groupByRank(rank);
  const chosen: number[] = [];
  const take = (front: Int32Array, tolerance: number): void => {
    const isNew = (i: number): boolean =>
      !chosen.some((j) => isWithin(rowOf(rows, i), rowOf(rows, j), weights, tolerance));
    walk(rows, evaluation.objectives, weights, front, (i) => {
      if (isNew(i)) chosen.push(i);
      return chosen.length < count;
    });
  };

  const meets = (front: Int32Array): boolean => evaluation.violation[front[0]] === 0;
  const meeting = fronts.filter((front) => front.length > 0 && meets(front));
  const missing = fronts.filter((front) => front.length > 0 && !meets(front));
  for (const group of [meeting, missing]) {
    for (const allowed of tolerance > 0 ? [tolerance, 0] : [0]) {
      for (const front of group) {
        if (chosen.length >= count) break;
        take(front, allowed);
      }
    }
  }
  const place = new Map(chosen.map((i, k) => [i, k]));
  return Int32Array.from(chosen.sort((i, j) => rank[i] - rank[j] || place.get(i)! - place.get(j)!));
}

/** Visits a front from its knee, each time the member farthest from those visited, until told to stop. */
function walk(
  rows: Matrix,
  objectives: Matrix,
  weights: Float64Array,
  front: Int32Array,
  visit: (i: number) => boolean,
): void {
  const points = coordinates(rows, objectives, weights, front);
  const n = front.length;
  const gap = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let at = front.indexOf(kneePoint(objectives, front));
  for (let step = 0; step < n; step++) {
    gap[at] = -1;
    if (!visit(front[at])) return;
    let farthest = -1;
    for (let a = 0; a < n; a++) {
      if (gap[a] < 0) continue;
      let square = 0;
      for (const column of points) square += (column[a] - column[at]) * (column[a] - column[at]);
      if (square < gap[a]) gap[a] = square;
      if (farthest < 0 || gap[a] > gap[farthest]) farthest = a;
    }
    at = farthest;
  }
}

/** Scaled objectives of the front, one array each; the weighted columns where no objective varies. */
function coordinates(
  rows: Matrix,
  objectives: Matrix,
  weights: Float64Array,
  front: Int32Array,
): Float64Array[] {
  const { low, high } = objectiveRanges(objectives, front);
  const points: Float64Array[] = [];
  for (let k = 0; k < objectives.columns; k++) {
    const range = high[k] - low[k];
    if (!(range > 0)) continue;
    points.push(
      Float64Array.from(
        front,
        (i) => (objectives.data[i * objectives.columns + k] - low[k]) / range,
      ),
    );
  }
  if (points.length > 0) return points;
  return Array.from(weights, (weight, k) =>
    Float64Array.from(front, (i) => rows.data[i * rows.columns + k] * weight),
  );
}

function rangeWeights(rows: Matrix): Float64Array {
  const { low, high } = objectiveRanges(
    rows,
    Int32Array.from({ length: rows.rows }, (_, i) => i),
  );
  return low.map((value, k) => (high[k] > value ? 1 / (high[k] - value) : 0));
}

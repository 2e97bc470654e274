import { ShapeError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { paretoFront } from "./sort.ts";

/** Boxes that do not overlap: box i is `lower` <= y < `upper` in every objective; b x m each. */
export interface Boxes {
  /** -Infinity where a box is open. */
  readonly lower: Matrix;
  readonly upper: Matrix;
}

/**
 * Cuts what no row dominates below a reference point into boxes, exactly: the volume that a further point
 * would add is a sum over boxes of products over objectives. Two objectives take a sweep along the front;
 * more take the local upper bounds of the front and, once more, those of their mirror image.
 * Rows that are not below the reference in every objective change nothing.
 * @param objectives n x m, minimised
 * @param reference m numbers
 * @throws ShapeError when the reference has another length than the rows
 * Source: R. Lacour, K. Klamroth, C. M. Fonseca, Comput. Oper. Res. 79, 347 (2017),
 *   doi:10.1016/j.cor.2016.06.021; the mirror image after K. Yang et al., J. Glob. Optim. 75, 3 (2019).
 */
export function nonDominatedBoxes(objectives: Matrix, reference: ArrayLike<number>): Boxes {
  const m = objectives.columns;
  if (reference.length !== m) {
    throw new ShapeError(
      `nonDominatedBoxes: expected a reference of ${m} numbers, got ${reference.length}.`,
    );
  }
  const corner = Float64Array.from(reference);
  const inside: number[] = [];
  for (let i = 0; i < objectives.rows; i++) {
    if (rowOf(objectives, i).every((value, k) => value < corner[k])) inside.push(i);
  }
  const below = takeRows(objectives, inside);
  const front = takeRows(below, paretoFront(below));
  return m === 2 ? strips(front, corner) : mirrored(front, corner);
}

/** One strip between any two neighbours of the front, and one on either side. */
function strips(front: Matrix, reference: Float64Array): Boxes {
  const order = Array.from({ length: front.rows }, (_, i) => rowOf(front, i)).sort(
    (a, b) => a[0] - b[0],
  );
  const lower: number[] = [];
  const upper: number[] = [];
  let left = Number.NEGATIVE_INFINITY;
  let height = reference[1];
  for (const [x, y] of [...order, [reference[0], Number.NEGATIVE_INFINITY]]) {
    if (x > left) {
      lower.push(left, Number.NEGATIVE_INFINITY);
      upper.push(x, height);
    }
    left = x;
    height = y;
  }
  return boxesOf(2, lower, upper);
}

/** What lies below the local upper bounds is what their mirror image dominates. */
function mirrored(front: Matrix, reference: Float64Array): Boxes {
  const m = reference.length;
  const mirror = matrixOf(localUpperBounds(front, reference).map(({ bound }) => negated(bound)));
  const open = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const lower: number[] = [];
  const upper: number[] = [];
  for (const { bound, points } of localUpperBounds(mirror, open)) {
    // Coordinate j reaches from the highest of the points that fix the coordinates before it up to the bound.
    const from = Float64Array.from(bound, (value, j) => {
      if (j === 0) return value;
      let highest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < j; k++) highest = Math.max(highest, points[k][j]);
      return highest;
    });
    const to = Float64Array.from(bound, (value, j) => (j === 0 ? open[0] : value));
    if (from.some((value, j) => !(value < to[j]))) continue;
    lower.push(...negated(to));
    upper.push(...negated(from));
  }
  return boxesOf(m, lower, upper);
}

/** A corner of the region that no point dominates, with the point that fixes each of its coordinates. */
interface LocalUpperBound {
  readonly bound: Float64Array;
  readonly points: readonly ArrayLike<number>[];
}

function localUpperBounds(front: Matrix, reference: Float64Array): LocalUpperBound[] {
  const m = reference.length;
  const sides = Array.from(reference, (value, j) => {
    const side = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
    side[j] = value;
    return side;
  });
  let bounds: LocalUpperBound[] = [{ bound: reference, points: sides }];
  for (let i = 0; i < front.rows; i++) {
    const point = rowOf(front, i);
    const next: LocalUpperBound[] = [];
    for (const one of bounds) {
      if (!point.every((value, k) => value < one.bound[k])) {
        next.push(one);
        continue;
      }
      for (let j = 0; j < m; j++) {
        if (one.points.some((other, k) => k !== j && other[j] > point[j])) continue;
        const bound = one.bound.slice();
        bound[j] = point[j];
        next.push({ bound, points: one.points.map((other, k) => (k === j ? point : other)) });
      }
    }
    bounds = next;
  }
  return bounds;
}

const negated = (values: Float64Array): Float64Array => values.map((value) => -value);

const boxesOf = (m: number, lower: readonly number[], upper: readonly number[]): Boxes => ({
  lower: matrix(lower.length / m, m, Float64Array.from(lower)),
  upper: matrix(upper.length / m, m, Float64Array.from(upper)),
});

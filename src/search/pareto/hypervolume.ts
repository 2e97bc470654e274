import { ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { paretoFront } from "./sort.ts";

/**
 * Volume dominated by the rows up to a reference point, exactly: a sweep for two objectives, a sweep
 * over staircases for three, the WFG recursion for more. Rows that are not below the reference in
 * every objective add nothing; an empty set has volume 0.
 * @param objectives n x m, minimised
 * @param reference m numbers
 * @returns in the product of the objectives' units
 * @throws ShapeError when the reference has another length than the rows
 * Source: L. While, L. Bradstreet, L. Barone, IEEE Trans. Evol. Comput. 16, 86 (2012),
 *   doi:10.1109/TEVC.2010.2077298.
 */
export function hypervolume(objectives: Matrix, reference: ArrayLike<number>): number {
  const m = objectives.columns;
  if (reference.length !== m) {
    throw new ShapeError(
      `hypervolume: expected a reference of ${m} numbers, got ${reference.length}.`,
    );
  }
  // Gaps to the reference: larger is better, and the box of a row is the product of its gaps.
  const gaps: Float64Array[] = [];
  for (let i = 0; i < objectives.rows; i++) {
    const gap = new Float64Array(m);
    let inside = true;
    for (let k = 0; k < m; k++) {
      gap[k] = reference[k] - objectives.data[i * m + k];
      if (!(gap[k] > 0)) inside = false;
    }
    if (inside) gaps.push(gap);
  }
  return volume(nonDominated(gaps, m), m);
}

/** Volume of the union of boxes from the origin to each point; the points do not dominate each other. */
function volume(points: Float64Array[], m: number): number {
  if (points.length === 0) return 0;
  if (points.length === 1) return box(points[0], m);
  if (m === 1) return Math.max(...points.map((p) => p[0]));
  if (m === 2) return area(points);
  if (m === 3) return sweep(points);
  return recursion(points, m);
}

function box(point: Float64Array, m: number): number {
  let product = 1;
  for (let k = 0; k < m; k++) product *= point[k];
  return product;
}

function area(points: Float64Array[]): number {
  const order = points.slice().sort((a, b) => b[0] - a[0]);
  let height = 0;
  let sum = 0;
  for (const p of order) {
    if (p[1] <= height) continue;
    sum += p[0] * (p[1] - height);
    height = p[1];
  }
  return sum;
}

/** From the largest third coordinate down, a staircase of the first two grows; each slab adds its area. */
function sweep(points: Float64Array[]): number {
  const order = points.slice().sort((a, b) => b[2] - a[2]);
  // Staircase: x falls while y rises, between sentinels.
  const xs = [Number.POSITIVE_INFINITY, 0];
  const ys = [0, Number.POSITIVE_INFINITY];
  let stairs = 0;
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    const x = order[i][0];
    const y = order[i][1];
    let at = 1;
    for (let high = xs.length - 1; at < high;) {
      const middle = (at + high) >> 1;
      if (xs[middle] > x) at = middle + 1;
      else high = middle;
    }
    if (ys[at] < y || (xs[at] < x && ys[at - 1] < y)) {
      let end = at;
      let low = ys[at - 1];
      while (ys[end] <= y) {
        stairs += (x - xs[end]) * (ys[end] - low);
        low = ys[end];
        end++;
      }
      stairs += (x - xs[end]) * (y - low);
      xs.splice(at, end - at, x);
      ys.splice(at, end - at, y);
    }
    const below = i + 1 < order.length ? order[i + 1][2] : 0;
    sum += stairs * (order[i][2] - below);
  }
  return sum;
}

function recursion(points: Float64Array[], m: number): number {
  // Ascending in the last coordinate: limited sets share it, so they lose one dimension.
  const order = points.slice().sort((a, b) => a[m - 1] - b[m - 1]);
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    const p = order[i];
    const limited: Float64Array[] = [];
    for (let j = i + 1; j < order.length; j++) {
      limited.push(Float64Array.from({ length: m - 1 }, (_, k) => Math.min(p[k], order[j][k])));
    }
    const shared = volume(nonDominated(limited, m - 1), m - 1);
    sum += (box(p, m - 1) - shared) * p[m - 1];
  }
  return sum;
}

function nonDominated(points: Float64Array[], m: number): Float64Array[] {
  if (points.length < 2) return points;
  const negated = matrix(points.length, m);
  points.forEach((p, i) => {
    for (let k = 0; k < m; k++) negated.data[i * m + k] = -p[k];
  });
  return Array.from(paretoFront(negated), (i) => points[i]);
}

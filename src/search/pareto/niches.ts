import { NumericalError } from "../../core/errors.ts";
import { leastSquares } from "../../core/linalg/least-squares.ts";
import { matrix, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { groupByRank, nonDominatedSort } from "./sort.ts";

/** Chooses survivors so that every direction keeps designs near it. */
export interface Niches {
  /**
   * The `keep` best rows: whole fronts, and of the last one that fits in part those in the emptiest niches.
   * @returns row numbers ascending, and the rank of each
   */
  choose(
    objectives: Matrix,
    violation: Float64Array,
    keep: number,
  ): { readonly chosen: Int32Array; readonly rank: Int32Array };
}

/**
 * The niches of these directions. The scale of the objectives is that of the front found so far: the
 * plane through its extreme points, remembered from one call to the next.
 * @param directions k x m, not negative
 * Source: K. Deb, H. Jain, IEEE Trans. Evol. Comput. 18, 577 (2014), doi:10.1109/TEVC.2013.2281535,
 *   algorithms 1 to 4; requirements: H. Jain, K. Deb, same volume, 602, doi:10.1109/TEVC.2013.2281534.
 */
export function createNiches(directions: Matrix, rng: Rng): Niches {
  const m = directions.columns;
  const ideal = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  let extremes = matrix(0, m);

  return {
    choose(objectives, violation, keep) {
      const rank = nonDominatedSort(objectives, violation);
      const chosen: number[] = [];
      for (const group of groupByRank(rank)) {
        if (chosen.length === keep) break;
        if (violation[group[0]] === 0) widen(objectives, group);
        if (chosen.length + group.length <= keep || violation[group[0]] > 0) {
          chosen.push(...group.subarray(0, keep - chosen.length));
          continue;
        }
        const lower = Int32Array.from(chosen);
        chosen.push(...fill(objectives, rank, lower, group, keep - chosen.length));
      }
      const rows = Int32Array.from(chosen).sort();
      return { chosen: rows, rank: rows.map((i) => rank[i]) };
    },
  };

  /** Moves the ideal point to the least values of a front. */
  function widen({ data }: Matrix, rows: Int32Array): void {
    for (const i of rows) {
      for (let k = 0; k < m; k++) ideal[k] = Math.min(ideal[k], data[i * m + k]);
    }
  }

  function fill(
    objectives: Matrix,
    rank: Int32Array,
    lower: Int32Array,
    last: Int32Array,
    missing: number,
  ): number[] {
    const all = new Int32Array(lower.length + last.length);
    all.set(lower);
    all.set(last, lower.length);
    const scale = scales(objectives, all, rank);
    const counts = new Int32Array(directions.rows);
    for (const i of lower) counts[nearest(objectives, i, scale).direction]++;
    const members = Array.from(counts, (): { row: number; distance: number }[] => []);
    for (const row of last) {
      const { direction, distance } = nearest(objectives, row, scale);
      members[direction].push({ row, distance });
    }
    const taken: number[] = [];
    while (taken.length < missing) {
      const direction = emptiest(counts, members);
      const own = members[direction];
      // The first of a niche is the one nearest to its direction, the others come as they like.
      let at = rng.integer(own.length);
      if (counts[direction] === 0) {
        at = 0;
        for (let k = 1; k < own.length; k++) if (own[k].distance < own[at].distance) at = k;
      }
      taken.push(own[at].row);
      own.splice(at, 1);
      counts[direction]++;
    }
    return taken;
  }

  /** A direction with candidates and the fewest members; one of several at random. */
  function emptiest(counts: Int32Array, members: readonly (readonly unknown[])[]): number {
    let found = -1;
    let ties = 0;
    for (let j = 0; j < counts.length; j++) {
      if (members[j].length === 0) continue;
      if (found < 0 || counts[j] < counts[found]) {
        found = j;
        ties = 1;
      } else if (counts[j] === counts[found] && rng.integer(++ties) === 0) found = j;
    }
    return found;
  }

  /** One over the width of each objective: intercepts of the plane through the extreme points. */
  function scales(objectives: Matrix, rows: Int32Array, rank: Int32Array): Float64Array {
    const candidates = stacked(extremes, takeRows(objectives, rows));
    extremes = takeRows(
      candidates,
      Array.from({ length: m }, (_, k) => extremeOf(candidates, k)),
    );
    const front = rows.filter((i) => rank[i] === 1);
    const widest = new Float64Array(m);
    for (const i of front.length > 0 ? front : rows) {
      for (let k = 0; k < m; k++) {
        widest[k] = Math.max(widest[k], objectives.data[i * m + k] - ideal[k]);
      }
    }
    const plane = planeThrough(
      matrix(
        m,
        m,
        extremes.data.map((x, k) => x - ideal[k % m]),
      ),
    );
    return widest.map((width, k) => {
      // A plane that leaves the front or lies flat says nothing.
      const scale = plane?.[k] ?? 0;
      if (scale > 0 && scale * width >= 1e-6 && scale * width <= 1e6) return scale;
      return width > 0 ? 1 / width : 1;
    });
  }

  /** The row that lies nearest to an axis, by the largest of its other objectives. */
  function extremeOf({ data, rows }: Matrix, axis: number): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      let largest = 0;
      for (let k = 0; k < m; k++) {
        const gap = data[i * m + k] - ideal[k];
        largest = Math.max(largest, k === axis ? gap : 1e6 * gap);
      }
      if (largest >= least) continue;
      least = largest;
      best = i;
    }
    return best;
  }

  function nearest(
    { data }: Matrix,
    row: number,
    scale: Float64Array,
  ): { readonly direction: number; readonly distance: number } {
    const point = new Float64Array(m);
    let square = 0;
    for (let k = 0; k < m; k++) {
      point[k] = (data[row * m + k] - ideal[k]) * scale[k];
      square += point[k] * point[k];
    }
    let direction = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < directions.rows; j++) {
      let along = 0;
      let length = 0;
      for (let k = 0; k < m; k++) {
        const w = directions.data[j * m + k];
        along += w * point[k];
        length += w * w;
      }
      const distance = square - (along * along) / length;
      if (distance >= least) continue;
      least = distance;
      direction = j;
    }
    return { direction, distance: least };
  }
}

/** The b with rows . b = 1: one over each intercept; nothing where the rows do not span a plane. */
function planeThrough(rows: Matrix): Float64Array | undefined {
  try {
    return leastSquares(rows, new Float64Array(rows.rows).fill(1));
  } catch (error) {
    if (error instanceof NumericalError) return undefined;
    throw error;
  }
}

function stacked(top: Matrix, bottom: Matrix): Matrix {
  const data = new Float64Array(top.data.length + bottom.data.length);
  data.set(top.data);
  data.set(bottom.data, top.data.length);
  return matrix(top.rows + bottom.rows, bottom.columns, data);
}

import { rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createRowSet } from "../row-set.ts";
import type { Posterior } from "./contract.ts";

/** The different designs of a posterior that its modes are found among. */
export interface Points {
  readonly rows: Matrix;
  readonly logLikelihood: Float64Array;
  readonly weights: Float64Array;
  /** A row of the posterior for each point. */
  readonly first: Int32Array;
  /** The point of each row of the posterior; -1 for rows of negligible weight. */
  readonly pointOf: Int32Array;
}

/** Rows below this share of the mean weight count to no mode; together they weigh less than this. */
const negligible = 1e-3;
/** Rows that are assigned between two looks at the event loop. */
const assignedAtOnce = 2000;

/**
 * The different designs of a sample. Where there are too many, some stand for those nearest to them, chosen
 * by their weights.
 */
export async function distinctPoints(
  posterior: Posterior,
  most: number,
  work: Work,
): Promise<Points> {
  const { rows, weights, logLikelihood } = posterior;
  const known = createRowSet(rows.columns);
  const first: number[] = [];
  const distinct = new Int32Array(rows.rows).fill(-1);
  for (let i = 0; i < rows.rows; i++) {
    if (weights[i] * rows.rows < negligible) continue;
    const row = rowOf(rows, i);
    distinct[i] = known.place(row);
    if (distinct[i] === first.length) first.push(i);
  }
  const mass = new Float64Array(first.length);
  distinct.forEach((one, i) => {
    if (one >= 0) mass[one] += weights[i];
  });
  const kept = chosenByWeight(mass, most);
  const all = takeRows(rows, first);
  const points = takeRows(all, kept);
  const spread = rangeWeights(all);
  const place = new Int32Array(first.length).fill(-1);
  kept.forEach((one, k) => (place[one] = k));
  for (let k = 0; k < first.length; k++) {
    if (place[k] < 0) place[k] = nearestTo(rowOf(all, k), points, spread);
    if (k % assignedAtOnce === 0) {
      await checkpoint(work, { label: "families of solutions", done: k, total: first.length });
    }
  }
  const pointOf = distinct.map((one) => (one < 0 ? -1 : place[one]));
  const pointMass = new Float64Array(kept.length);
  mass.forEach((weight, k) => (pointMass[place[k]] += weight));
  return {
    rows: points,
    weights: pointMass,
    first: Int32Array.from(kept, (one) => first[one]),
    logLikelihood: Float64Array.from(kept, (one) => logLikelihood[first[one]]),
    pointOf,
  };
}

/** All, or at most `most` of them spread evenly over the sum of the weights, each once. */
function chosenByWeight(mass: Float64Array, most: number): number[] {
  if (mass.length <= most) return [...mass.keys()];
  const step = mass.reduce((sum, value) => sum + value, 0) / most;
  const chosen: number[] = [];
  let sum = 0;
  mass.forEach((value, k) => {
    const before = Math.floor(sum / step);
    sum += value;
    if (Math.floor(sum / step) > before) chosen.push(k);
  });
  return chosen;
}

function rangeWeights(rows: Matrix): Float64Array {
  return Float64Array.from({ length: rows.columns }, (_, j) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows.rows; i++) {
      low = Math.min(low, rows.data[i * rows.columns + j]);
      high = Math.max(high, rows.data[i * rows.columns + j]);
    }
    return high > low ? 1 / (high - low) : 0;
  });
}

function nearestTo(row: Float64Array, points: Matrix, scale: Float64Array): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < points.rows; k++) {
    let square = 0;
    for (let j = 0; j < row.length && square < least; j++) {
      const gap = (row[j] - points.data[k * points.columns + j]) * scale[j];
      square += gap * gap;
    }
    if (square < least) {
      least = square;
      nearest = k;
    }
  }
  return nearest;
}

/** Numbers of the nearest points of each point; different categories are one apart. */
export function nearestNeighbours(
  rows: Matrix,
  { columns }: SearchSpace,
  scale: Float64Array,
  k: number,
): readonly Int32Array[] {
  const { rows: n, columns: d, data } = rows;
  const isCategory = columns.map(({ kind }) => kind === "category");
  const count = Math.min(k, n - 1);
  return Array.from({ length: n }, (_, i) => {
    const index = new Int32Array(count);
    const square = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    for (let o = 0; o < n; o++) {
      if (o === i || count === 0) continue;
      let distance = 0;
      for (let j = 0; j < d && distance < square[count - 1]; j++) {
        const gap = (data[i * d + j] - data[o * d + j]) * scale[j];
        distance += isCategory[j] ? Number(gap !== 0) : gap * gap;
      }
      if (!(distance < square[count - 1])) continue;
      let at = count - 1;
      for (; at > 0 && square[at - 1] > distance; at--) {
        square[at] = square[at - 1];
        index[at] = index[at - 1];
      }
      square[at] = distance;
      index[at] = o;
    }
    return index;
  });
}

import { rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Column } from "../space/contract.ts";

/**
 * One over the width of each column, so that differences become shares of the range that may be
 * searched. Any two different categories differ by 1 or more; a fixed column counts 0.
 */
export function columnWeights(columns: readonly Column[]): Float64Array {
  return Float64Array.from(columns, ({ kind, min, max }) => {
    if (max === min) return 0;
    return kind === "category" ? 1 : 1 / (max - min);
  });
}

/** Whether no column differs by more than `tolerance` once weighted. */
export function isWithin(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights: Float64Array,
  tolerance: number,
): boolean {
  for (let k = 0; k < weights.length; k++) {
    if (!(Math.abs(a[k] - b[k]) * weights[k] <= tolerance)) return false;
  }
  return true;
}

/** Whether any row of `rows` is within the tolerance of `row`. */
export function isNearAny(
  row: ArrayLike<number>,
  rows: Matrix,
  weights: Float64Array,
  tolerance: number,
): boolean {
  for (let i = 0; i < rows.rows; i++) {
    if (isWithin(row, rowOf(rows, i), weights, tolerance)) return true;
  }
  return false;
}

/** Squared distance in shares of the ranges of the columns; different categories are 1 apart. */
export function squaredDistance(
  columns: readonly Column[],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  let sum = 0;
  for (let k = 0; k < columns.length; k++) {
    const { kind, min, max } = columns[k];
    if (!(max > min)) continue;
    const gap = kind === "category" ? Number(a[k] !== b[k]) : (a[k] - b[k]) / (max - min);
    sum += gap * gap;
  }
  return sum;
}

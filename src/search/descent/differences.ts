import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { ScaledColumns } from "./scaled-columns.ts";

/** Half the distance between the two designs of a difference, in scaled units. */
const step = 1e-5;

/** Designs around one, and how their values become a gradient. */
export interface Differences {
  /** Feasible designs; the first is the one in the middle. */
  readonly rows: Matrix;
  /** The derivative by each column from the values of the rows. */
  gradient(values: ArrayLike<number>): Float64Array;
}

/**
 * Central differences over feasible designs: each number goes up and down, each fraction in exchange with
 * the largest one, whose own derivative counts as zero (only differences between fractions matter where
 * they sum to one). Where one side is not feasible the other alone is taken; where neither is, the column
 * stays (0), and an element so held gets the largest derivative of the others, so that nothing draws it in.
 */
export function feasibleDifferences(
  space: SearchSpace,
  { moving, fractions, unit }: ScaledColumns,
  row: Float64Array,
): Differences {
  const points: Float64Array[] = [row];
  const sides: { readonly column: number; readonly at: number[]; readonly steps: number[] }[] = [];
  let partner = -1;
  for (const k of fractions) if (partner < 0 || row[k] > row[partner]) partner = k;
  const isFraction = new Set(fractions);
  for (const column of moving) {
    if (column === partner) continue;
    const side = { column, at: [] as number[], steps: [] as number[] };
    for (const sign of [1, -1]) {
      const moved = row.slice();
      moved[column] += sign * step * unit[column];
      if (isFraction.has(column)) moved[partner] -= sign * step;
      if (!isInBounds(space, moved, column) || !space.isFeasible(moved)) continue;
      side.at.push(points.length);
      side.steps.push(moved[column] - row[column]);
      points.push(moved);
    }
    sides.push(side);
  }
  const rows = matrix(points.length, row.length);
  points.forEach((point, i) => rowOf(rows, i).set(point));

  return {
    rows,
    gradient(values) {
      const gradient = new Float64Array(row.length);
      let largest = 0;
      for (const { column, at, steps } of sides) {
        if (at.length === 0) continue;
        const [other, behind] = at.length === 2 ? [values[at[1]], steps[1]] : [values[0], 0];
        gradient[column] = (values[at[0]] - other) / (steps[0] - behind);
        if (isFraction.has(column)) largest = Math.max(largest, gradient[column]);
      }
      for (const { column, at } of sides) {
        if (at.length === 0 && isFraction.has(column)) gradient[column] = largest;
      }
      return gradient;
    },
  };
}

/** Feasible designs may exceed a bound by rounding; differences should not. */
const isInBounds = ({ columns }: SearchSpace, row: Float64Array, k: number): boolean =>
  row[k] >= columns[k].min && row[k] <= columns[k].max;

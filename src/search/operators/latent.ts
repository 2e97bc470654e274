import { rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";

/**
 * Designs as points of a real vector space, for searches that add and scale differences: numbers and
 * fractions as shares of their column's range, each category as one coordinate per level (1 for the level
 * that it is, the largest one counts). Fixed columns have no coordinate.
 */
export interface LatentSpace {
  /** Number of coordinates; 0 where every column is fixed. */
  readonly dimension: number;
  /** The point of a design; coordinates are 0 ... 1. */
  encode(row: ArrayLike<number>): Float64Array;
  /** The feasible design nearest to a point. */
  decode(point: ArrayLike<number>): Float64Array;
  /**
   * The point to learn from after `row` was made of `point`: coordinates of continuous columns are those
   * of the design, others stay where they were drawn, inside 0 ... 1, so that rounding to a step or a level
   * does not hide how far a search has come. Written to `point`.
   */
  settle(point: Float64Array, row: ArrayLike<number>): void;
}

/** One column that is not fixed, and the first of its coordinates. */
interface Place {
  readonly column: number;
  readonly at: number;
  readonly levels: number;
  readonly min: number;
  readonly range: number;
  readonly isContinuous: boolean;
}

/** The latent space of a search space. */
export function latentSpace(space: SearchSpace): LatentSpace {
  const places: Place[] = [];
  let dimension = 0;
  space.columns.forEach(({ kind, parameter, min, max }, column) => {
    if (!(max > min)) return;
    const own = space.parameters.find(({ name }) => name === parameter);
    const levels = kind === "category" ? max - min + 1 : 1;
    const isContinuous =
      own?.kind === "continuous" || (own?.kind === "composition" && own.step === undefined);
    places.push({ column, at: dimension, levels, min, range: max - min, isContinuous });
    dimension += levels;
  });
  const fixed = Float64Array.from(space.columns, ({ min }) => min);

  return {
    dimension,
    encode(row) {
      const point = new Float64Array(dimension);
      for (const { column, at, levels, min, range } of places) {
        if (levels === 1) point[at] = (row[column] - min) / range;
        else point[at + row[column] - min] = 1;
      }
      return point;
    },
    decode(point) {
      const row = fixed.slice();
      for (const { column, at, levels, min, range } of places) {
        let value = point[at];
        if (levels > 1) {
          let largest = 0;
          for (let k = 1; k < levels; k++) if (point[at + k] > point[at + largest]) largest = k;
          value = largest / range;
        }
        row[column] = min + range * value;
      }
      return space.repair(row, row);
    },
    settle(point, row) {
      for (const { column, at, levels, min, range, isContinuous } of places) {
        if (isContinuous) point[at] = (row[column] - min) / range;
        else {
          for (let k = at; k < at + levels; k++) point[k] = Math.min(1, Math.max(0, point[k]));
        }
      }
    },
  };
}

/** The points of rows. */
export const encodeRows = (latent: LatentSpace, rows: Matrix): Float64Array[] =>
  Array.from({ length: rows.rows }, (_, i) => latent.encode(rowOf(rows, i)));

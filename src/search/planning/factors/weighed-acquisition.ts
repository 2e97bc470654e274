import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { Acquisition } from "../../acquisition/contract.ts";

/** A factor of what a design is worth, as its logarithm at each of n rows. */
export type LogFactor = (rows: Matrix) => Float64Array;

/** Half the distance of differences, as a share of a column's range. */
const step = 1e-5;

/**
 * An acquisition function times a factor that is known by its values only; derivatives of the factor by central
 * differences within the ranges of the columns.
 */
export function weighed(
  acquisition: Acquisition,
  factor: LogFactor,
  { columns, dimension }: SearchSpace,
): Acquisition {
  const { points, logWeight = 1 } = acquisition;
  /** Sum over the rows of each point. */
  const summed = (rows: Matrix): Float64Array => {
    const each = factor(matrix(rows.rows * points, dimension, rows.data));
    const sums = new Float64Array(rows.rows);
    for (let i = 0; i < each.length; i++) sums[Math.floor(i / points)] += each[i];
    return sums;
  };
  const free = columns.flatMap(({ kind, min, max }, k) =>
    kind !== "category" && max > min ? [{ k, min, max, h: step * (max - min) }] : [],
  );
  return {
    points,
    logWeight,
    values(rows) {
      const factors = summed(rows);
      return acquisition.values(rows).map((value, i) => value + logWeight * factors[i]);
    },
    slope(row, gradient) {
      const value = acquisition.slope(row, gradient);
      const places = Array.from({ length: points }, (_, p) =>
        free.map((one) => ({ ...one, at: p * dimension + one.k })),
      ).flat();
      // The point itself, then a row up and a row down for every place.
      const all = matrix(1 + 2 * places.length, row.length);
      for (let i = 0; i < all.rows; i++) rowOf(all, i).set(row);
      places.forEach(({ at, min, max, h }, i) => {
        rowOf(all, 1 + 2 * i)[at] = Math.min(max, row[at] + h);
        rowOf(all, 2 + 2 * i)[at] = Math.max(min, row[at] - h);
      });
      const factors = summed(all);
      places.forEach(({ at }, i) => {
        const width = rowOf(all, 1 + 2 * i)[at] - rowOf(all, 2 + 2 * i)[at];
        gradient[at] += (logWeight * (factors[1 + 2 * i] - factors[2 + 2 * i])) / width;
      });
      return value + logWeight * factors[0];
    },
  };
}

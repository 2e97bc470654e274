import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { CovarianceModel } from "./covariance-model.ts";
import { covarianceBetween } from "./posterior.ts";

/** A remaining variance (of 1) below this is explained by the points chosen before. */
const leastVariance = 1e-6;

/**
 * Rows that are good inducing points: each is the one whose function value is least known from those chosen
 * before (pivoted Cholesky), until none is unknown or `count` are chosen.
 * Source: D. R. Burt, C. E. Rasmussen, M. van der Wilk, J. Mach. Learn. Res. 21, 131 (2020), section 3.2;
 * S. Fine, K. Scheinberg, J. Mach. Learn. Res. 2, 243 (2001).
 */
export function chooseInducing(
  model: CovarianceModel,
  parameters: Float64Array,
  points: Matrix,
  count: number,
): Matrix {
  const between = covarianceBetween(model, parameters);
  const n = points.rows;
  const rest = new Float64Array(n).fill(1);
  const chosen: number[] = [];
  const columns: Float64Array[] = [];
  while (chosen.length < Math.min(count, n)) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (rest[i] > rest[pivot]) pivot = i;
    if (rest[pivot] < leastVariance) break;
    chosen.push(pivot);
    const root = Math.sqrt(rest[pivot]);
    const column = between({ points: takeRows(points, [pivot]) }, { points }).data;
    for (const before of columns) {
      const factor = before[pivot];
      for (let i = 0; i < n; i++) column[i] -= factor * before[i];
    }
    for (let i = 0; i < n; i++) {
      column[i] /= root;
      rest[i] = Math.max(0, rest[i] - column[i] * column[i]);
    }
    rest[pivot] = 0;
    columns.push(column);
  }
  return takeRows(points, chosen);
}

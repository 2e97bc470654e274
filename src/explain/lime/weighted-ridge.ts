import { choleskySolve, choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** A weighted ridge regression with a free intercept. */
export interface WeightedRidge {
  readonly intercept: number;
  /** One for each chosen column. */
  readonly coefficients: Float64Array;
  /** Weighted R^2; 1 when the targets are all equal and fitted. */
  readonly r2: number;
}

/**
 * Minimises `sum_i w_i (y_i - intercept - sum_j b_j x_ij)^2 + alpha |b|^2` over the chosen columns.
 * @param x n x d @param columns which of the d columns to use
 */
export function weightedRidge(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array,
  columns: readonly number[],
  alpha: number,
): WeightedRidge {
  const n = x.rows;
  const k = columns.length;
  let total = 0;
  let meanY = 0;
  const meanX = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    total += weights[i];
    meanY += weights[i] * y[i];
    for (let a = 0; a < k; a++) meanX[a] += weights[i] * x.data[i * x.columns + columns[a]];
  }
  meanY /= total;
  for (let a = 0; a < k; a++) meanX[a] /= total;

  const normal = matrix(k, k);
  const right = new Float64Array(k);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i];
    const dy = y[i] - meanY;
    squares += w * dy * dy;
    for (let a = 0; a < k; a++) {
      const da = w * (x.data[i * x.columns + columns[a]] - meanX[a]);
      right[a] += da * dy;
      for (let b = 0; b <= a; b++) {
        normal.data[a * k + b] += da * (x.data[i * x.columns + columns[b]] - meanX[b]);
      }
    }
  }
  for (let a = 0; a < k; a++) {
    normal.data[a * k + a] += alpha;
    for (let b = 0; b < a; b++) normal.data[b * k + a] = normal.data[a * k + b];
  }
  const coefficients =
    k === 0 ? new Float64Array(0) : choleskySolve(choleskyWithJitter(normal).factor, right);
  let intercept = meanY;
  for (let a = 0; a < k; a++) intercept -= coefficients[a] * meanX[a];

  let errors = 0;
  for (let i = 0; i < n; i++) {
    let fitted = intercept;
    for (let a = 0; a < k; a++) fitted += coefficients[a] * x.data[i * x.columns + columns[a]];
    errors += weights[i] * (y[i] - fitted) * (y[i] - fitted);
  }
  const isConstant = !(squares > total * (1e-14 * meanY) * (1e-14 * meanY));
  return { intercept, coefficients, r2: isConstant ? 1 : 1 - errors / squares };
}

import { choleskySolve } from "../../core/linalg/cholesky.ts";
import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { CrossBelief } from "./contract.ts";
import { correlate } from "./correlate.ts";
import { addColumnGradient, placeRow, placeRows } from "./embedding.ts";
import type { GaussianState } from "./gaussian-belief.ts";

/**
 * Covariances with r fixed rows: k(x, R) - k(x, X) K^-1 k(X, R), with K^-1 k(X, R) solved once.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eq. 2.24.
 */
export function crossBelief(state: GaussianState, rows: Matrix): CrossBelief {
  const { embedding, correlation, points, factor, variance, unit } = state;
  const { coordinates, dimension } = embedding;
  const [n, r, c] = [points.rows, rows.rows, points.columns];
  const placed = placeRows(embedding, rows);
  const ones = new Float64Array(c).fill(1);
  const cross = correlationMatrix({ name: correlation }, points, ones, placed);
  const solved = choleskySolve(factor, cross).data;
  const scale = unit.scale * unit.scale * variance;

  const point = new Float64Array(c);
  const [measured, measuredSlopes] = [new Float64Array(n), new Float64Array(n)];
  const [fixed, fixedSlopes] = [new Float64Array(r), new Float64Array(r)];
  const byPoint = matrix(r, c);
  return {
    at(row, gradient) {
      placeRow(coordinates, row, point);
      correlate(correlation, points, point, measured, measuredSlopes);
      correlate(correlation, placed, point, fixed, fixedSlopes);
      const covariances = fixed.slice();
      for (let i = 0, at = 0; i < n; i++) {
        for (let j = 0; j < r; j++) covariances[j] -= measured[i] * solved[at++];
      }
      for (let j = 0; j < r; j++) covariances[j] *= scale;
      if (gradient === undefined) return covariances;

      for (let j = 0, at = 0; j < r; j++) {
        const factor = -fixedSlopes[j];
        for (let k = 0; k < c; k++, at++) {
          byPoint.data[at] = factor * (point[k] - placed.data[at]);
        }
      }
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < c; k++) {
          const slope = measuredSlopes[i] * (point[k] - points.data[i * c + k]);
          for (let j = 0; j < r; j++) byPoint.data[j * c + k] += slope * solved[i * r + j];
        }
      }
      gradient.fill(0);
      for (let j = 0; j < r; j++) {
        const own = rowOf(byPoint, j);
        for (let k = 0; k < c; k++) own[k] *= scale;
        addColumnGradient(coordinates, own, gradient.subarray(j * dimension, (j + 1) * dimension));
      }
      return covariances;
    },
  };
}

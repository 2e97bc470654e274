import { exp } from "../../core/elementary.ts";
import type { Matrix } from "../../core/matrix.ts";

/**
 * Correlations of beliefs, all with derivatives, of points that are divided by their length scales already; r is the
 * distance. Functions of `matern-5/2`, (1 + s + s^2 / 3) e^-s with s = sqrt(5) r, have two derivatives; those of
 * `rbf`, e^(-r^2 / 2), have all, so that fewer measurements say more of places between and beyond them.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eqs. 4.9 and 4.17.
 */
export type SmoothCorrelation = "matern-5/2" | "rbf";

/**
 * Correlations of one point with n points; `slopes` receives -(d correlation / dr) / r, so that the derivative of
 * entry i by coordinate k of the point is `-slopes[i] (point[k] - points[i, k])`.
 */
export function correlate(
  correlation: SmoothCorrelation,
  points: Matrix,
  point: ArrayLike<number>,
  correlations: Float64Array,
  slopes: Float64Array,
): void {
  const { data, rows, columns } = points;
  const isRbf = correlation === "rbf";
  for (let i = 0, at = 0; i < rows; i++) {
    let square = 0;
    for (let k = 0; k < columns; k++, at++) {
      const gap = point[k] - data[at];
      square += gap * gap;
    }
    if (isRbf) {
      correlations[i] = exp(-0.5 * square);
      slopes[i] = correlations[i];
      continue;
    }
    const s = Math.sqrt(5 * square);
    const decay = exp(-s);
    correlations[i] = (1 + s + (s * s) / 3) * decay;
    slopes[i] = (5 / 3) * (1 + s) * decay;
  }
}

/** Adds the derivatives by the coordinates of `point` of `sum over i of weights[i] r(point, points[i])`. */
export function addCorrelationGradient(
  points: Matrix,
  point: ArrayLike<number>,
  slopes: Float64Array,
  weights: ArrayLike<number>,
  out: Float64Array,
): void {
  const { data, rows, columns } = points;
  for (let i = 0, at = 0; i < rows; i++) {
    const factor = -slopes[i] * weights[i];
    for (let k = 0; k < columns; k++, at++) out[k] += factor * (point[k] - data[at]);
  }
}

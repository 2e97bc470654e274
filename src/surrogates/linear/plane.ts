import type { Matrix } from "../../core/matrix.ts";
import type { ColumnScaling } from "../standardise.ts";
import type { Plane } from "../structure.ts";

/** The plane over the caller's inputs, from coefficients between standardised numbers. */
export function planeOf(
  standardised: Float64Array,
  target: { readonly mean: number; readonly scale: number },
  { mean, scale }: ColumnScaling,
): Plane {
  const coefficients = standardised.map((value, j) => (target.scale * value) / scale[j]);
  const atMean = coefficients.reduce((sum, value, j) => sum + value * mean[j], 0);
  return { intercept: target.mean - atMean, coefficients };
}

/** Sum of coefficients times inputs for every row. */
export function answersOf(coefficients: Float64Array, x: Matrix): Float64Array {
  const result = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let z = 0;
    for (let j = 0; j < x.columns; j++) z += coefficients[j] * x.data[i * x.columns + j];
    result[i] = z;
  }
  return result;
}

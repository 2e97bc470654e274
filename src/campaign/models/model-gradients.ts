import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { feasibleDifferences } from "../../search/descent/differences.ts";
import { scaledColumns } from "../../search/descent/scaled-columns.ts";
import type { SearchSpace } from "../../space/contract.ts";

/** The gradient of a number of each design by central differences over feasible designs, n x dimension. */
export function gradientByDifferences(
  space: SearchSpace,
  rows: Matrix,
  valuesOf: (rows: Matrix) => Float64Array,
): Matrix {
  const scaled = scaledColumns(space);
  const result = matrix(rows.rows, rows.columns);
  for (let i = 0; i < rows.rows; i++) {
    const differences = feasibleDifferences(space, scaled, rowOf(rows, i));
    rowOf(result, i).set(differences.gradient(valuesOf(differences.rows)));
  }
  return result;
}

/**
 * The gradient of a learned number by the chain rule, n x dimension: the model's own gradient by its
 * inputs, and central differences of the inputs (features of the composition, process values) over
 * feasible designs, for which no prediction is needed.
 * @param encode the model's inputs of designs
 * @param slope the derivative of the mean by each input
 */
export function gradientThroughInputs(
  space: SearchSpace,
  rows: Matrix,
  encode: (rows: Matrix) => Matrix,
  slope: (x: Matrix) => Matrix,
): Matrix {
  const slopes = slope(encode(rows));
  const scaled = scaledColumns(space);
  const result = matrix(rows.rows, rows.columns);
  for (let i = 0; i < rows.rows; i++) {
    const differences = feasibleDifferences(space, scaled, rowOf(rows, i));
    const x = encode(differences.rows);
    const own = rowOf(slopes, i);
    // Differences to the first row, which is the design itself, lose no digits to large inputs.
    const linear = Float64Array.from({ length: x.rows }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < x.columns; j++) {
        sum += own[j]! * (x.data[k * x.columns + j]! - x.data[j]!);
      }
      return sum;
    });
    rowOf(result, i).set(differences.gradient(linear));
  }
  return result;
}

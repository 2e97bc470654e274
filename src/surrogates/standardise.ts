import { log2, pow } from "../core/elementary.ts";
import { matrix, type Matrix } from "../core/matrix.ts";

/** Numbers with mean 0 and standard deviation 1, and the way back: `mean + scale z`. */
export interface Standardised {
  readonly values: Float64Array;
  readonly mean: number;
  /** Population standard deviation; 1 when all numbers are equal. */
  readonly scale: number;
}

/** Standardises n numbers; equal ones become zeros. */
export function standardise(numbers: Float64Array): Standardised {
  const { mean, scale } = momentsOf(numbers.length, (i) => numbers[i]);
  return { values: numbers.map((value) => (value - mean) / scale), mean, scale };
}

/** How columns were scaled: column j of a row becomes `(x - mean[j]) / scale[j]`. */
export interface ColumnScaling {
  readonly mean: Float64Array;
  /** Population standard deviation of the column; 1 for a constant column. */
  readonly scale: Float64Array;
}

/** Mean and scale of every column of an n x d matrix. */
export function columnScaling(x: Matrix): ColumnScaling {
  const mean = new Float64Array(x.columns);
  const scale = new Float64Array(x.columns);
  for (let j = 0; j < x.columns; j++) {
    const moments = momentsOf(x.rows, (i) => x.data[i * x.columns + j]);
    mean[j] = moments.mean;
    scale[j] = moments.scale;
  }
  return { mean, scale };
}

/** The matrix scaled column by column, n x d. */
export function scaleColumns(x: Matrix, { mean, scale }: ColumnScaling): Matrix {
  const result = matrix(x.rows, x.columns);
  for (let i = 0, k = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, k++) result.data[k] = (x.data[k] - mean[j]) / scale[j];
  }
  return result;
}

/** A spread below this share of the largest magnitude is rounding error of equal numbers. */
const roundingSpread = 1e-14;

function momentsOf(n: number, value: (i: number) => number): { mean: number; scale: number } {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(value(i)));
  // A power of two as the unit changes no digit, and no square overflows or vanishes.
  const unit = largest > 0 ? pow(2, Math.floor(log2(largest))) : 1;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i) / unit;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const rest = value(i) / unit - mean;
    squares += rest * rest;
  }
  const deviation = Math.sqrt(squares / n);
  return deviation > roundingSpread * (largest / unit)
    ? { mean: mean * unit, scale: deviation * unit }
    : { mean: value(0), scale: 1 };
}

import type { Matrix } from "../../core/matrix.ts";

/** Training data laid out for growing trees: columns, and every column's rows in ascending order. */
export interface TrainingSet {
  readonly rows: number;
  readonly features: number;
  /** Classes, or 1 for a number. */
  readonly outputs: number;
  /** Number of input j of row i at `j * rows + i`. */
  readonly columns: Float64Array;
  /** Rows sorted by input j at `j * rows ... (j + 1) * rows - 1`; equal values in row order. */
  readonly order: Int32Array;
  /** Target per row: a number, or the class index. */
  readonly target: Float64Array;
}

/** Turns the rows into columns and sorts each of them once. */
export function trainingSet(x: Matrix, target: Float64Array, outputs: number): TrainingSet {
  const { rows, columns: features } = x;
  const columns = columnsOf(x);
  const order = new Int32Array(rows * features);
  for (let j = 0; j < features; j++) {
    const column = columns.subarray(j * rows, (j + 1) * rows);
    order.set(
      Int32Array.from({ length: rows }, (_, i) => i).sort((a, b) => column[a] - column[b] || a - b),
      j * rows,
    );
  }
  return { rows, features, outputs, columns, order, target };
}

/** The numbers of n rows column by column: input j of row i at `j n + i`. */
export function columnsOf(x: Matrix): Float64Array {
  const columns = new Float64Array(x.data.length);
  for (let i = 0, k = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, k++) columns[j * x.rows + i] = x.data[k]!;
  }
  return columns;
}

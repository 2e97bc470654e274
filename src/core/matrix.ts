import { ShapeError } from "./errors.ts";

/** A dense real matrix, row-major: element (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * A matrix over the given values (not copied), or of zeros.
 * @throws ShapeError when `data` does not hold rows x columns numbers.
 */
export function matrix(rows: number, columns: number, data?: Float64Array): Matrix {
  const values = data ?? new Float64Array(rows * columns);
  if (values.length !== rows * columns) {
    throw new ShapeError(
      `matrix: expected ${rows} x ${columns} = ${rows * columns} numbers, got ${values.length}.`,
    );
  }
  return { data: values, rows, columns };
}

/** A matrix from rows of equal length. */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const result = matrix(rows.length, columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new ShapeError(`matrixOf: row ${i} has ${row.length} numbers, row 0 has ${columns}.`);
    }
    result.data.set(Array.from(row), i * columns);
  });
  return result;
}

/** Row i as a view: writing to it writes to the matrix. */
export function rowOf(m: Matrix, i: number): Float64Array {
  return m.data.subarray(i * m.columns, (i + 1) * m.columns);
}

/** The chosen rows, copied, in the order given. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const result = matrix(indices.length, m.columns);
  for (let k = 0; k < indices.length; k++) result.data.set(rowOf(m, indices[k]), k * m.columns);
  return result;
}

/** Matrices of equally many rows side by side. */
export function joinColumns(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const result = matrix(rows, columns);
  let offset = 0;
  for (const part of parts) {
    if (part.rows !== rows) {
      throw new ShapeError(`joinColumns: expected ${rows} rows in every part, got ${part.rows}.`);
    }
    for (let i = 0; i < rows; i++) result.data.set(rowOf(part, i), i * columns + offset);
    offset += part.columns;
  }
  return result;
}

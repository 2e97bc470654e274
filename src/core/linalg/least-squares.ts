import { InputError, NumericalError, ShapeError } from "../errors.ts";
import { matrix, type Matrix } from "../matrix.ts";

/** A pivot below this share of its column's length means that the column depends on those before it. */
const rankTolerance = 1e-12;

/**
 * The x (d numbers) that minimises |A x - b|^2 for an n x d matrix with n >= d, by Householder's QR; with
 * `ridge` > 0 that minimises |A x - b|^2 + ridge |x|^2, then for any n and d.
 * Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed. (2013), algorithms 5.2.1 and 5.3.2.
 * @throws NumericalError when the columns are linearly dependent, naming the first one that is
 */
export function leastSquares(
  a: Matrix,
  b: ArrayLike<number>,
  { ridge = 0 }: { ridge?: number } = {},
): Float64Array {
  const { rows, columns: d } = a;
  if (b.length !== rows) {
    throw new ShapeError(`leastSquares: expected ${rows} numbers on the right, got ${b.length}.`);
  }
  if (!(ridge >= 0))
    throw new InputError(`leastSquares: expected a ridge of 0 or more, got ${ridge}.`);
  if (ridge === 0 && rows < d) {
    throw new ShapeError(
      `leastSquares: expected at least ${d} rows for ${d} columns, got ${rows}.`,
    );
  }
  // The ridge is d more equations sqrt(ridge) x_j = 0. Columns are stored one behind the other.
  const n = ridge > 0 ? rows + d : rows;
  const columns = matrix(d, n);
  for (let j = 0; j < d; j++) {
    for (let i = 0; i < rows; i++) columns.data[j * n + i] = a.data[i * d + j];
    if (ridge > 0) columns.data[j * n + rows + j] = Math.sqrt(ridge);
  }
  const right = new Float64Array(n);
  right.set(b);
  const column = (j: number): Float64Array => columns.data.subarray(j * n, (j + 1) * n);

  const diagonal = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const v = column(j);
    const norm = Math.sqrt(dotFrom(v, v, j));
    if (!(norm > rankTolerance * Math.sqrt(dotFrom(v, v, 0)))) {
      throw new NumericalError(
        `leastSquares: expected independent columns, column ${j} of ${d} depends on those before it.`,
        { path: `column ${j}`, hint: "Remove the column or use a ridge above 0." },
      );
    }
    // Reflect v to (alpha, 0, ...); v itself becomes the normal of the mirror.
    const alpha = v[j] > 0 ? -norm : norm;
    diagonal[j] = alpha;
    v[j] -= alpha;
    const scale = 2 / dotFrom(v, v, j);
    for (let k = j + 1; k < d; k++) reflect(column(k), v, scale, j);
    reflect(right, v, scale, j);
  }

  const x = new Float64Array(d);
  for (let j = d - 1; j >= 0; j--) {
    let rest = right[j];
    for (let k = j + 1; k < d; k++) rest -= columns.data[k * n + j] * x[k];
    x[j] = rest / diagonal[j];
  }
  return x;
}

function dotFrom(u: Float64Array, v: Float64Array, start: number): number {
  let sum = 0;
  for (let i = start; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}

function reflect(target: Float64Array, normal: Float64Array, scale: number, start: number): void {
  const factor = scale * dotFrom(target, normal, start);
  for (let i = start; i < target.length; i++) target[i] -= factor * normal[i];
}

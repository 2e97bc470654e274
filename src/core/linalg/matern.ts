import { kernels, type Kernels } from "../../kernels/instance.ts";
import { ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";

/**
 * Covariance n x m of the points x (n x d) and y (m x d; x itself when left out) under the Matern kernel with
 * nu = 5/2 and one length scale per dimension: variance (1 + s + s^2 / 3) e^-s,
 * s^2 = 5 sum_k ((x_k - y_k) / lengthScale_k)^2. With y left out the result is exactly symmetric.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eq. 4.17.
 * @param lengthScales d positive numbers, in the units of the columns
 */
export function maternCovariance(
  x: Matrix,
  lengthScales: ArrayLike<number>,
  variance: number,
  y: Matrix = x,
): Matrix {
  checkColumns("maternCovariance", x, lengthScales);
  checkColumns("maternCovariance", y, lengthScales);
  const isOwn = x === y;
  const [n, m] = [x.rows, y.rows];
  const ld = even(m);
  const k = kernels();
  return k.heap.scope(() => {
    const rows = scaledRows(k, x, lengthScales);
    const columns = scaledColumns(k, y, lengthScales);
    const out = k.heap.allocate(n * ld);
    k.functions.maternCovariance(
      n,
      m,
      x.columns,
      variance,
      rows,
      columns,
      ld,
      out,
      ld,
      isOwn ? 1 : 0,
    );
    if (isOwn) k.functions.mirrorLower(n, out, ld);
    return unpad(k, out, n, m, ld);
  });
}

/**
 * Sum over i, j of w[i, j] dK[i, j] / d log lengthScale[k], for each k (d numbers), where K is
 * `maternCovariance(x, lengthScales, variance)` and w a symmetric n x n matrix: the gradient of anything
 * whose derivative with respect to K is w.
 */
export function maternGradient(
  x: Matrix,
  lengthScales: ArrayLike<number>,
  variance: number,
  w: Matrix,
): Float64Array {
  checkColumns("maternGradient", x, lengthScales);
  const [n, d] = [x.rows, x.columns];
  if (w.rows !== n || w.columns !== n) {
    throw new ShapeError(
      `maternGradient: expected ${n} x ${n} weights, got ${w.rows} x ${w.columns}.`,
    );
  }
  const k = kernels();
  return k.heap.scope(() => {
    const rows = scaledRows(k, x, lengthScales);
    const columns = scaledColumns(k, x, lengthScales);
    const weights = k.heap.store(w.data);
    const out = k.heap.allocate(d);
    const scratch = k.heap.allocate(n + 1);
    k.functions.maternGradient(n, d, variance, rows, columns, even(n), weights, n, out, scratch);
    return k.heap.copy(out, d);
  });
}

/**
 * Squared distances n x m of the points x (n x d) and y (m x d), each difference divided by the length
 * scale of its column. Computed from the differences, so that near points lose no digits.
 */
export function squaredDistances(
  x: Matrix,
  y: Matrix,
  lengthScales: ArrayLike<number> = new Float64Array(x.columns).fill(1),
): Matrix {
  checkColumns("squaredDistances", x, lengthScales);
  checkColumns("squaredDistances", y, lengthScales);
  const [n, m] = [x.rows, y.rows];
  const ld = even(m);
  const k = kernels();
  return k.heap.scope(() => {
    const rows = scaledRows(k, x, lengthScales);
    const columns = scaledColumns(k, y, lengthScales);
    const out = k.heap.allocate(n * ld);
    k.functions.distanceMatrix(n, m, x.columns, rows, columns, ld, out, ld);
    return unpad(k, out, n, m, ld);
  });
}

const even = (n: number): number => n + (n % 2);

function checkColumns(who: string, x: Matrix, lengthScales: ArrayLike<number>): void {
  if (x.columns !== lengthScales.length) {
    throw new ShapeError(
      `${who}: expected ${lengthScales.length} columns, one per length scale, got ${x.columns}.`,
    );
  }
}

function scaledRows(k: Kernels, x: Matrix, lengthScales: ArrayLike<number>): number {
  const address = k.heap.store(x.data);
  const values = k.heap.view(address, x.data.length);
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, at++) values[at] /= lengthScales[j];
  }
  return address;
}

/** One row of scaled coordinates per dimension, padded to an even number. */
function scaledColumns(k: Kernels, x: Matrix, lengthScales: ArrayLike<number>): number {
  const ld = even(x.rows);
  const address = k.heap.allocate(x.columns * ld);
  const values = k.heap.view(address, x.columns * ld).fill(0);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) {
      values[j * ld + i] = x.data[i * x.columns + j] / lengthScales[j];
    }
  }
  return address;
}

function unpad(k: Kernels, out: number, n: number, m: number, ld: number): Matrix {
  if (ld === m) return { data: k.heap.copy(out, n * m), rows: n, columns: m };
  const data = new Float64Array(n * m);
  const padded = k.heap.view(out, n * ld);
  for (let i = 0; i < n; i++) data.set(padded.subarray(i * ld, i * ld + m), i * m);
  return { data, rows: n, columns: m };
}

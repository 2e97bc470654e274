import { kernels, type Kernels } from "../../kernels/instance.ts";
import { exp, pow } from "../elementary.ts";
import { ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";

/**
 * Correlations as functions of the distance r in length scales, by the number that the kernels know them by.
 * Each is positive definite in any number of dimensions, being a mixture of squared exponentials.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), section 4.2.
 */
export const correlations = {
  /** e^-r */
  "matern-1/2": { code: 0, hasShape: false },
  /** (1 + s) e^-s, s = sqrt(3) r */
  "matern-3/2": { code: 1, hasShape: false },
  /** (1 + s + s^2 / 3) e^-s, s = sqrt(5) r */
  "matern-5/2": { code: 2, hasShape: false },
  /** e^(-r^2 / 2) */
  rbf: { code: 3, hasShape: false },
  /** (1 + r^2 / (2 shape))^-shape */
  "rational-quadratic": { code: 4, hasShape: true },
} as const;

export type CorrelationName = keyof typeof correlations;

/** A correlation with its shape (1 where it has none). */
export interface Correlation {
  readonly name: CorrelationName;
  readonly shape?: number;
}

/**
 * Correlation n x m of the points x (n x d) and y (m x d; x itself when left out) with one length scale
 * per dimension. With y left out the result is exactly symmetric.
 * @param lengthScales d positive numbers, in the units of the columns
 */
export function correlationMatrix(
  { name, shape = 1 }: Correlation,
  x: Matrix,
  lengthScales: ArrayLike<number>,
  y: Matrix = x,
): Matrix {
  checkColumns("correlationMatrix", x, lengthScales);
  checkColumns("correlationMatrix", y, lengthScales);
  const isOwn = x === y;
  const [n, m, d] = [x.rows, y.rows, x.columns];
  const ld = even(m);
  const k = kernels();
  const { code } = correlations[name];
  return k.heap.scope(() => {
    const rows = scaledRows(k, x, lengthScales);
    const columns = scaledColumns(k, y, lengthScales);
    const out = k.heap.allocate(n * ld);
    k.functions.covariance(code, shape, n, m, d, 1, rows, columns, ld, out, ld, isOwn ? 1 : 0);
    if (isOwn) k.functions.mirrorLower(n, out, ld);
    return unpad(k, out, n, m, ld);
  });
}

/**
 * Derivative of a correlation by the distance r in length scales, over r: times a coordinate's difference
 * over its squared length scale it is the derivative by that coordinate. At r = 0, where matern-1/2 has a
 * kink, 0 is taken for it.
 * @param square r^2
 */
export function correlationSlope({ name, shape = 1 }: Correlation, square: number): number {
  const r = Math.sqrt(square);
  switch (name) {
    case "matern-1/2":
      return r > 0 ? -exp(-r) / r : 0;
    case "matern-3/2":
      return -3 * exp(-Math.sqrt(3) * r);
    case "matern-5/2":
      return (-5 / 3) * (1 + Math.sqrt(5) * r) * exp(-Math.sqrt(5) * r);
    case "rbf":
      return -exp(-0.5 * square);
    default:
      return -pow(1 + square / (2 * shape), -shape - 1);
  }
}

/** Derivatives of a weighted sum of correlations. */
export interface CorrelationGradient {
  /** With respect to each log length scale (d numbers). */
  readonly lengthScales: Float64Array;
  /** With respect to log shape; 0 for a correlation without. */
  readonly shape: number;
}

/**
 * Gradient of the sum over i, j of w[i, j] R[i, j], R being `correlationMatrix(..., x, lengthScales, y)`:
 * the gradient of anything whose derivative with respect to R is w (n x m; symmetric with y left out).
 */
export function correlationGradient(
  { name, shape = 1 }: Correlation,
  x: Matrix,
  lengthScales: ArrayLike<number>,
  w: Matrix,
  y: Matrix = x,
): CorrelationGradient {
  checkColumns("correlationGradient", x, lengthScales);
  checkColumns("correlationGradient", y, lengthScales);
  const [n, m, d] = [x.rows, y.rows, x.columns];
  if (w.rows !== n || w.columns !== m) {
    throw new ShapeError(
      `correlationGradient: expected ${n} x ${m} weights, got ${w.rows} x ${w.columns}.`,
    );
  }
  const k = kernels();
  const { code } = correlations[name];
  return k.heap.scope(() => {
    const rows = scaledRows(k, x, lengthScales);
    const columns = scaledColumns(k, y, lengthScales);
    const weights = k.heap.store(w.data);
    const out = k.heap.allocate(d + 1);
    const scratch = k.heap.allocate(m + 2);
    const ld = even(m);
    const isOwn = x === y ? 1 : 0;
    k.functions.covarianceGradient(
      code,
      shape,
      n,
      m,
      d,
      1,
      rows,
      columns,
      ld,
      weights,
      m,
      out,
      scratch,
      isOwn,
    );
    const all = k.heap.copy(out, d + 1);
    return { lengthScales: all.slice(0, d), shape: all[d] };
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

/** Rows of the kernels are padded to an even length. */
export const even = (n: number): number => n + (n % 2);

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

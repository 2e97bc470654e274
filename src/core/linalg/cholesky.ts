import { cholesky as factorise } from "../../kernels/dense.ts";
import { kernels } from "../../kernels/instance.ts";
import { log } from "../elementary.ts";
import { NumericalError, ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";
import type { KernelOptions } from "./multiply.ts";
import { solveOnHeap } from "./triangular.ts";

/**
 * Lower Cholesky factor L of a symmetric positive definite matrix, A = L L^T, n x n. Only the lower
 * triangle of A is read; the upper one of L is zero.
 * @throws NumericalError when a pivot is not positive, naming it
 * @throws ShapeError when A is not square
 */
export function cholesky(a: Matrix, options: KernelOptions = {}): Matrix {
  const { factor, failedPivot } = tryCholesky(a, 0, options);
  if (factor === undefined) {
    throw new NumericalError(
      `cholesky: expected a positive definite matrix, pivot ${failedPivot} of ${a.rows} is not positive.`,
      {
        path: `row ${failedPivot}`,
        hint: "Remove duplicate or linearly dependent rows, or add a small number to the diagonal.",
      },
    );
  }
  return factor;
}

export interface JitterOptions extends KernelOptions {
  /** Largest jitter tried, as a fraction of the mean of the diagonal. */
  readonly maxRelativeJitter?: number;
}

/**
 * Cholesky factor of A + jitter I with the smallest jitter of 0, 1e-12, 1e-11, ... times the mean of the
 * diagonal that succeeds. The jitter used (in the unit of A's entries) is reported, never hidden.
 * @throws NumericalError when even the largest jitter fails
 */
export function choleskyWithJitter(
  a: Matrix,
  { maxRelativeJitter = 1e-4, ...options }: JitterOptions = {},
): { readonly factor: Matrix; readonly jitter: number } {
  let mean = 0;
  for (let i = 0; i < a.rows; i++) mean += a.data[i * a.columns + i] / a.rows;
  let relative = 0;
  while (relative <= maxRelativeJitter * 1.0001) {
    const jitter = relative * mean;
    const { factor } = tryCholesky(a, jitter, options);
    if (factor !== undefined) return { factor, jitter };
    relative = relative === 0 ? 1e-12 : relative * 10;
  }
  throw new NumericalError(
    `choleskyWithJitter: expected a positive definite matrix, ${a.rows} x ${a.rows} failed with ` +
      `${maxRelativeJitter} of the mean diagonal added.`,
    { hint: "The matrix has clearly negative eigenvalues or entries that are not finite." },
  );
}

function tryCholesky(
  a: Matrix,
  jitter: number,
  { kernels: k = kernels() }: KernelOptions,
): { factor?: Matrix; failedPivot: number } {
  const n = a.rows;
  if (a.columns !== n) {
    throw new ShapeError(`cholesky: expected a square matrix, got ${n} x ${a.columns}.`);
  }
  return k.heap.scope(() => {
    const l = k.heap.store(a.data);
    if (jitter > 0) {
      const values = k.heap.view(l, n * n);
      for (let i = 0; i < n; i++) values[i * n + i] += jitter;
    }
    const failed = factorise(k, n, l, n);
    if (failed > 0) return { failedPivot: failed - 1 };
    k.functions.clearUpper(n, l, n);
    return { factor: { data: k.heap.copy(l, n * n), rows: n, columns: n }, failedPivot: -1 };
  });
}

/**
 * Solution X of A X = B given the Cholesky factor L of A (n x n). B is a vector of n numbers or an n x m
 * matrix; X has its shape.
 * @throws ShapeError when the sizes do not fit
 */
export function choleskySolve(l: Matrix, b: Float64Array): Float64Array;
export function choleskySolve(l: Matrix, b: Matrix): Matrix;
export function choleskySolve(l: Matrix, b: Float64Array | Matrix): Float64Array | Matrix {
  return solveOnHeap("choleskySolve", l, b, (k, lower, x, columns) => {
    const n = l.rows;
    k.functions.solveLeftLower(n, columns, lower, n, x, columns, k.scratch);
    k.functions.solveLeftTransposed(n, columns, lower, n, x, columns, k.scratch);
  });
}

/** Inverse of A given its Cholesky factor L (n x n); exactly symmetric. */
export function choleskyInverse(l: Matrix): Matrix {
  const n = l.rows;
  if (l.columns !== n) {
    throw new ShapeError(`choleskyInverse: expected a square factor, got ${n} x ${l.columns}.`);
  }
  const k = kernels();
  return k.heap.scope(() => {
    const inverse = k.heap.store(l.data);
    k.functions.invertLower(n, inverse, n, k.scratch);
    k.functions.multiplyOwnTransposed(n, inverse, n, k.scratch);
    k.functions.mirrorLower(n, inverse, n);
    return { data: k.heap.copy(inverse, n * n), rows: n, columns: n };
  });
}

/** log det A given the Cholesky factor L of A (n x n). */
export function logDeterminant(l: Matrix): number {
  let sum = 0;
  for (let i = 0; i < l.rows; i++) sum += log(l.data[i * l.columns + i]);
  return 2 * sum;
}

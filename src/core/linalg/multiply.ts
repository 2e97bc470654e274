import { gemm, rowMajor, transposed } from "../../kernels/dense.ts";
import { kernels, type Kernels } from "../../kernels/instance.ts";
import { ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";

/** Kernels with two threads, when the caller made some; one thread otherwise. */
export interface KernelOptions {
  readonly kernels?: Kernels | undefined;
}

export interface MultiplyOptions extends KernelOptions {
  /** Uses the transpose of the first factor. */
  readonly transposeA?: boolean;
  /** Uses the transpose of the second factor. */
  readonly transposeB?: boolean;
}

/**
 * Product of two matrices, m x k and k x n after the transposes that the options ask for.
 * @throws ShapeError when the inner sizes differ
 */
export function multiply(
  a: Matrix,
  b: Matrix,
  { transposeA = false, transposeB = false, kernels: k = kernels() }: MultiplyOptions = {},
): Matrix {
  const [m, inner] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
  const [innerB, n] = transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
  if (inner !== innerB) {
    throw new ShapeError(
      `multiply: expected ${inner} rows in the second factor, got ${m} x ${inner} times ${innerB} x ${n}.`,
    );
  }
  return k.heap.scope(() => {
    const first = rowMajor(k.heap.store(a.data), a.columns);
    const second = rowMajor(k.heap.store(b.data), b.columns);
    const c = k.heap.allocate(m * n);
    k.heap.view(c, m * n).fill(0);
    gemm(
      k,
      m,
      n,
      inner,
      1,
      transposeA ? transposed(first) : first,
      transposeB ? transposed(second) : second,
      c,
      n,
    );
    return { data: k.heap.copy(c, m * n), rows: m, columns: n };
  });
}

/** Product A^T A of an n x d matrix: d x d, exactly symmetric, at half the work of `multiply`. */
export function gram(a: Matrix, { kernels: k = kernels() }: KernelOptions = {}): Matrix {
  const d = a.columns;
  return k.heap.scope(() => {
    const operand = rowMajor(k.heap.store(a.data), d);
    const c = k.heap.allocate(d * d);
    k.heap.view(c, d * d).fill(0);
    gemm(k, d, d, a.rows, 1, transposed(operand), operand, c, d, { lowerOnly: true });
    k.functions.mirrorLower(d, c, d);
    return { data: k.heap.copy(c, d * d), rows: d, columns: d };
  });
}

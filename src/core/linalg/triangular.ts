import { kernels, type Kernels } from "../../kernels/instance.ts";
import { ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";

export interface TriangularOptions {
  /** Solves with the transpose of the triangle. */
  readonly transpose?: boolean;
}

/**
 * Solution X of L X = B (or L^T X = B) for a lower triangle L, n x n; entries above its diagonal are not
 * read. B is a vector of n numbers or an n x m matrix; X has its shape.
 * @throws ShapeError when L is not square or B has not n rows
 */
export function solveTriangular(
  l: Matrix,
  b: Float64Array,
  options?: TriangularOptions,
): Float64Array;
export function solveTriangular(l: Matrix, b: Matrix, options?: TriangularOptions): Matrix;
export function solveTriangular(
  l: Matrix,
  b: Float64Array | Matrix,
  { transpose = false }: TriangularOptions = {},
): Float64Array | Matrix {
  return solveOnHeap("solveTriangular", l, b, (k, lower, x, columns) => {
    const { solveLeftLower, solveLeftTransposed } = k.functions;
    const solve = transpose ? solveLeftTransposed : solveLeftLower;
    solve(l.rows, columns, lower, l.rows, x, columns, k.scratch);
  });
}

/** Checks the shapes, copies both to the heap, solves in place and copies the solution back. */
export function solveOnHeap(
  who: string,
  l: Matrix,
  b: Float64Array | Matrix,
  solve: (k: Kernels, lower: number, x: number, columns: number) => void,
): Float64Array | Matrix {
  const n = l.rows;
  if (l.columns !== n) {
    throw new ShapeError(`${who}: expected a square triangle, got ${n} x ${l.columns}.`);
  }
  const isVector = b instanceof Float64Array;
  const rows = isVector ? b.length : b.rows;
  if (rows !== n)
    throw new ShapeError(`${who}: expected ${n} rows on the right side, got ${rows}.`);
  const columns = isVector ? 1 : b.columns;
  const k = kernels();
  return k.heap.scope(() => {
    const lower = k.heap.store(l.data);
    const x = k.heap.store(isVector ? b : b.data);
    solve(k, lower, x, columns);
    const data = k.heap.copy(x, n * columns);
    return isVector ? data : { data, rows: n, columns };
  });
}

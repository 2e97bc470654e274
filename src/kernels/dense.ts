import type { Kernels } from "./instance.ts";

/** A matrix on the heap with any strides (counted in numbers); a transpose swaps the strides. */
export interface Operand {
  readonly address: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

const everywhere = 0x3fffffff;

/** Row-major matrix with the given row length. */
export function rowMajor(address: number, rowLength: number): Operand {
  return { address, rowStride: rowLength, columnStride: 1 };
}

/** The same numbers with rows and columns exchanged. */
export function transposed({ address, rowStride, columnStride }: Operand): Operand {
  return { address, rowStride: columnStride, columnStride: rowStride };
}

/**
 * C += alpha A B on the heap, in two threads when the kernels have two and the product is large; the
 * bits are the same either way. With `lowerOnly` entries above the diagonal of C are undefined.
 * @param m rows of A and C @param n columns of B and C @param k columns of A, rows of B
 */
export function gemm(
  { functions, scratch, partner }: Kernels,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Operand,
  b: Operand,
  c: number,
  ldc: number,
  { lowerOnly = false }: { lowerOnly?: boolean } = {},
): void {
  const part = (
    firstRow: number,
    rows: number,
    columns: number,
    threadScratch: number,
  ): Parameters<typeof functions.gemm> => [
    rows,
    columns,
    k,
    alpha,
    a.address + 8 * firstRow * a.rowStride,
    a.rowStride,
    a.columnStride,
    b.address,
    b.rowStride,
    b.columnStride,
    c + 8 * firstRow * ldc,
    ldc,
    lowerOnly ? firstRow : everywhere,
    threadScratch,
  ];
  if (partner === undefined || m * n * k < partner.leastWork) {
    functions.gemm(...part(0, m, n, scratch));
    return;
  }
  // Equal shares of the rectangle, or of the triangle; whole tiles, so that both give the same bits.
  const split = Math.floor((lowerOnly ? m * Math.SQRT1_2 : m / 2) / 4) * 4;
  const columns = lowerOnly ? Math.min(n, split) : n;
  partner.runBoth(
    "gemm",
    part(0, split, columns, scratch),
    part(split, m - split, n, partner.scratch),
  );
}

/** X L^T = B solved for X (m x n, row length `ldx`) in place, by rows in two threads when large. */
function solveRightTransposed(
  { functions, scratch, partner }: Kernels,
  m: number,
  n: number,
  l: number,
  ldl: number,
  x: number,
  ldx: number,
): void {
  if (partner === undefined || (m * n * n) / 2 < partner.leastWork) {
    functions.solveRightTransposed(m, n, l, ldl, x, ldx, scratch);
    return;
  }
  const split = Math.floor(m / 16) * 8;
  partner.runBoth(
    "solveRightTransposed",
    [split, n, l, ldl, x, ldx, scratch],
    [m - split, n, l, ldl, x + 8 * split * ldx, ldx, partner.scratch],
  );
}

/**
 * Cholesky factor of the lower triangle in place; entries above the diagonal are undefined after.
 * The recursion is that of the binary, so one and two threads give the same bits.
 * @returns 0, or 1 + the index of the first pivot that is not positive
 */
export function cholesky(k: Kernels, n: number, a: number, lda: number): number {
  if (k.partner === undefined || n <= 128) return k.functions.cholesky(n, a, lda, k.scratch);
  const n1 = Math.floor((Math.floor(n / 2) + 15) / 16) * 16;
  const n2 = n - n1;
  const a21 = a + 8 * n1 * lda;
  const a22 = a21 + 8 * n1;
  const failed = cholesky(k, n1, a, lda);
  if (failed) return failed;
  solveRightTransposed(k, n2, n1, a, lda, a21, lda);
  const below = rowMajor(a21, lda);
  gemm(k, n2, n2, n1, -1, below, transposed(below), a22, lda, { lowerOnly: true });
  const failedBelow = cholesky(k, n2, a22, lda);
  return failedBelow ? failedBelow + n1 : 0;
}

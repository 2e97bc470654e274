import { NumericalError, ShapeError } from "../errors.ts";
import { matrix, type Matrix } from "../matrix.ts";

export interface SymmetricEigen {
  /** Eigenvalues in ascending order (n numbers). */
  readonly values: Float64Array;
  /** Row k is the eigenvector of value k, of length one (n x n). */
  readonly vectors: Matrix;
}

const maxSweeps = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix (n x n; its lower triangle is read) by Jacobi's
 * rotations: slow for n of many hundreds, accurate to the last digits also for small eigenvalues of
 * positive definite matrices. The largest entry of each vector is positive.
 * Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 8.5.
 * @throws ShapeError when the matrix is not square
 * @throws NumericalError when it holds a number that is not finite
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  if (a.columns !== n) {
    throw new ShapeError(`symmetricEigen: expected a square matrix, got ${n} x ${a.columns}.`);
  }
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) work[i * n + j] = work[j * n + i] = a.data[i * n + j];
  }
  if (!work.every(Number.isFinite)) {
    throw new NumericalError("symmetricEigen: expected finite numbers.");
  }
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;

  let sweeps = 0;
  while (sweep(work, vectors, n)) {
    if (++sweeps > maxSweeps) {
      throw new NumericalError(`symmetricEigen: no convergence in ${maxSweeps} sweeps.`);
    }
  }

  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => work[i * n + i] - work[j * n + j],
  );
  const result = matrix(n, n);
  order.forEach((from, k) => {
    const vector = vectors.subarray(from * n, (from + 1) * n);
    let largest = 0;
    for (let i = 1; i < n; i++) if (Math.abs(vector[i]) > Math.abs(vector[largest])) largest = i;
    const sign = vector[largest] < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) result.data[k * n + i] = sign * vector[i];
  });
  return { values: Float64Array.from(order, (i) => work[i * n + i]), vectors: result };
}

/** Rotates every pair of rows once; false when nothing was left to rotate. */
function sweep(work: Float64Array, vectors: Float64Array, n: number): boolean {
  let rotated = false;
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
      const entry = work[p * n + q];
      const [pp, qq] = [work[p * n + p], work[q * n + q]];
      if (Math.abs(entry) <= 1e-17 * Math.sqrt(Math.abs(pp)) * Math.sqrt(Math.abs(qq))) continue;
      if (entry === 0) continue;
      rotated = true;
      const theta = (qq - pp) / (2 * entry);
      const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(1 + theta * theta));
      const c = 1 / Math.sqrt(1 + t * t);
      const s = t * c;
      rotateRows(work, n, p, q, c, s);
      for (let k = 0; k < n; k++) {
        const [kp, kq] = [work[k * n + p], work[k * n + q]];
        work[k * n + p] = c * kp - s * kq;
        work[k * n + q] = s * kp + c * kq;
      }
      work[p * n + p] = pp - t * entry;
      work[q * n + q] = qq + t * entry;
      work[p * n + q] = work[q * n + p] = 0;
      rotateRows(vectors, n, p, q, c, s);
    }
  }
  return rotated;
}

function rotateRows(
  data: Float64Array,
  n: number,
  p: number,
  q: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [data[p * n + k], data[q * n + k]];
    data[p * n + k] = c * pk - s * qk;
    data[q * n + k] = s * pk + c * qk;
  }
}

import { at, splitPoint } from "./address";
import { gemm } from "./gemm";
import {
  multiplyLeftTransposed,
  solveLeftLower,
  solveRightLower,
  solveRightTransposed,
} from "./triangular";
import { dot, scale } from "./vector";

const leaf: i32 = 16;

/**
 * Overwrites the lower triangle of a symmetric positive definite matrix (n x n, row length `lda`) with
 * its Cholesky factor L, A = L L^T; entries above the diagonal are neither read nor meaningful after.
 * @returns 0, or 1 + the index of the first pivot that is not positive
 */
export function cholesky(n: i32, a: usize, lda: i32, scratch: usize): i32 {
  if (n <= leaf) return choleskyLeaf(n, a, lda);
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const a21 = at(a, n1 * lda);
  const a22 = at(a21, n1);
  const failed = cholesky(n1, a, lda, scratch);
  if (failed) return failed;
  solveRightTransposed(n2, n1, a, lda, a21, lda, scratch);
  gemm(n2, n2, n1, -1, a21, lda, 1, a21, 1, lda, a22, lda, 0, scratch);
  const failedBelow = cholesky(n2, a22, lda, scratch);
  return failedBelow ? failedBelow + n1 : 0;
}

function choleskyLeaf(n: i32, a: usize, lda: i32): i32 {
  for (let j = 0; j < n; j++) {
    const row = at(a, j * lda);
    const pivot = load<f64>(at(row, j)) - dot(j, row, row);
    if (!(pivot > 0 && pivot < Infinity)) return j + 1;
    const root = sqrt(pivot);
    store<f64>(at(row, j), root);
    for (let i = j + 1; i < n; i++) {
      const below = at(a, i * lda);
      store<f64>(at(below, j), (load<f64>(at(below, j)) - dot(j, below, row)) / root);
    }
  }
  return 0;
}

/** Overwrites a lower triangle L with its inverse. */
export function invertLower(n: i32, l: usize, ldl: i32, scratch: usize): void {
  if (n <= leaf) {
    for (let j = 0; j < n; j++) {
      const diagonal = 1 / load<f64>(at(l, j * ldl + j));
      store<f64>(at(l, j * ldl + j), diagonal);
      for (let i = j + 1; i < n; i++) {
        // The entries (i, p > j) still belong to L, the column j above i is already inverted.
        let sum: f64 = 0;
        for (let p = j; p < i; p++)
          sum += load<f64>(at(l, i * ldl + p)) * load<f64>(at(l, p * ldl + j));
        store<f64>(at(l, i * ldl + j), -sum / load<f64>(at(l, i * ldl + i)));
      }
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const l21 = at(l, n1 * ldl);
  const l22 = at(l21, n1);
  solveRightLower(n2, n1, l, ldl, l21, ldl, scratch);
  solveLeftLower(n2, n1, l22, ldl, l21, ldl, scratch);
  for (let i = 0; i < n2; i++) scale(n1, -1, at(l21, i * ldl));
  invertLower(n1, l, ldl, scratch);
  invertLower(n2, l22, ldl, scratch);
}

/** Overwrites a lower triangle L with the lower triangle of L^T L. */
export function multiplyOwnTransposed(n: i32, l: usize, ldl: i32, scratch: usize): void {
  if (n <= leaf) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum: f64 = 0;
        for (let p = i; p < n; p++)
          sum += load<f64>(at(l, p * ldl + i)) * load<f64>(at(l, p * ldl + j));
        store<f64>(at(l, i * ldl + j), sum);
      }
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const l21 = at(l, n1 * ldl);
  const l22 = at(l21, n1);
  multiplyOwnTransposed(n1, l, ldl, scratch);
  gemm(n1, n1, n2, 1, l21, 1, ldl, l21, ldl, 1, l, ldl, 0, scratch);
  multiplyLeftTransposed(n2, n1, l22, ldl, l21, ldl, scratch);
  multiplyOwnTransposed(n2, l22, ldl, scratch);
}

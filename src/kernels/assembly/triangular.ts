import { at, smaller, splitPoint } from "./address";
import { everywhere, gemm } from "./gemm";
import { axpy, dot, scale } from "./vector";

// Each solve splits the triangle in two, so that almost all work is in `gemm`. L is lower triangular,
// n x n, row-major with row length `ldl`; the right side X is overwritten by the solution.

const leaf: i32 = 16;

/** Solves L X = B, X being n x m. */
export function solveLeftLower(
  n: i32,
  m: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (m == 1 && ldx == 1) {
    for (let i = 0; i < n; i++) {
      const rest = load<f64>(at(x, i)) - dot(i, at(l, i * ldl), x);
      store<f64>(at(x, i), rest / load<f64>(at(l, i * ldl + i)));
    }
    return;
  }
  if (n <= leaf) {
    for (let i = 0; i < n; i++) {
      const row = at(x, i * ldx);
      for (let p = 0; p < i; p++) axpy(m, -load<f64>(at(l, i * ldl + p)), at(x, p * ldx), row);
      scale(m, 1 / load<f64>(at(l, i * ldl + i)), row);
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const x2 = at(x, n1 * ldx);
  solveLeftLower(n1, m, l, ldl, x, ldx, scratch);
  gemm(n2, m, n1, -1, at(l, n1 * ldl), ldl, 1, x, ldx, 1, x2, ldx, everywhere, scratch);
  solveLeftLower(n2, m, at(l, n1 * ldl + n1), ldl, x2, ldx, scratch);
}

/** Solves L^T X = B, X being n x m. */
export function solveLeftTransposed(
  n: i32,
  m: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (m == 1 && ldx == 1) {
    for (let i = n - 1; i >= 0; i--) {
      const value = load<f64>(at(x, i)) / load<f64>(at(l, i * ldl + i));
      store<f64>(at(x, i), value);
      axpy(i, -value, at(l, i * ldl), x);
    }
    return;
  }
  if (n <= leaf) {
    for (let i = n - 1; i >= 0; i--) {
      const row = at(x, i * ldx);
      for (let p = i + 1; p < n; p++) axpy(m, -load<f64>(at(l, p * ldl + i)), at(x, p * ldx), row);
      scale(m, 1 / load<f64>(at(l, i * ldl + i)), row);
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const x2 = at(x, n1 * ldx);
  solveLeftTransposed(n2, m, at(l, n1 * ldl + n1), ldl, x2, ldx, scratch);
  gemm(n1, m, n2, -1, at(l, n1 * ldl), 1, ldl, x2, ldx, 1, x, ldx, everywhere, scratch);
  solveLeftTransposed(n1, m, l, ldl, x, ldx, scratch);
}

/** Solves X L^T = B, X being m x n; rows are independent of each other. */
export function solveRightTransposed(
  m: i32,
  n: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (n <= leaf) {
    for (let i = 0; i < m; i += 8) {
      solveEightRows(smaller(8, m - i), n, l, ldl, at(x, i * ldx), ldx, scratch);
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const x2 = at(x, n1);
  solveRightTransposed(m, n1, l, ldl, x, ldx, scratch);
  gemm(m, n2, n1, -1, x, ldx, 1, at(l, n1 * ldl), 1, ldl, x2, ldx, everywhere, scratch);
  solveRightTransposed(m, n2, at(l, n1 * ldl + n1), ldl, x2, ldx, scratch);
}

/** Up to eight rows of X L^T = B, turned so that one vector register holds two rows of one column. */
function solveEightRows(
  rows: i32,
  n: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (rows < 8) memory.fill(scratch, 0, (<usize>n) << 6);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < n; j++) store<f64>(at(scratch, j * 8 + r), load<f64>(at(x, r * ldx + j)));
  }
  for (let j = 0; j < n; j++) {
    const column = at(scratch, j * 8);
    let s0 = v128.load(column);
    let s1 = v128.load(column, 16);
    let s2 = v128.load(column, 32);
    let s3 = v128.load(column, 48);
    let done = scratch;
    let entry = at(l, j * ldl);
    for (let p = 0; p < j; p++) {
      const factor = v128.load64_splat(entry);
      s0 = f64x2.sub(s0, f64x2.mul(factor, v128.load(done)));
      s1 = f64x2.sub(s1, f64x2.mul(factor, v128.load(done, 16)));
      s2 = f64x2.sub(s2, f64x2.mul(factor, v128.load(done, 32)));
      s3 = f64x2.sub(s3, f64x2.mul(factor, v128.load(done, 48)));
      done += 64;
      entry += 8;
    }
    const diagonal = v128.load64_splat(entry);
    v128.store(column, f64x2.div(s0, diagonal));
    v128.store(column, f64x2.div(s1, diagonal), 16);
    v128.store(column, f64x2.div(s2, diagonal), 32);
    v128.store(column, f64x2.div(s3, diagonal), 48);
  }
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < n; j++) store<f64>(at(x, r * ldx + j), load<f64>(at(scratch, j * 8 + r)));
  }
}

/** Solves X L = B, X being m x n; rows are independent of each other. */
export function solveRightLower(
  m: i32,
  n: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (n <= leaf) {
    for (let i = 0; i < m; i++) {
      const row = at(x, i * ldx);
      for (let j = n - 1; j >= 0; j--) {
        const value = load<f64>(at(row, j)) / load<f64>(at(l, j * ldl + j));
        store<f64>(at(row, j), value);
        axpy(j, -value, at(l, j * ldl), row);
      }
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const x2 = at(x, n1);
  solveRightLower(m, n2, at(l, n1 * ldl + n1), ldl, x2, ldx, scratch);
  gemm(m, n1, n2, -1, x2, ldx, 1, at(l, n1 * ldl), ldl, 1, x, ldx, everywhere, scratch);
  solveRightLower(m, n1, l, ldl, x, ldx, scratch);
}

/** X = L^T X, X being n x m. */
export function multiplyLeftTransposed(
  n: i32,
  m: i32,
  l: usize,
  ldl: i32,
  x: usize,
  ldx: i32,
  scratch: usize,
): void {
  if (n <= leaf) {
    for (let i = 0; i < n; i++) {
      const row = at(x, i * ldx);
      scale(m, load<f64>(at(l, i * ldl + i)), row);
      for (let p = i + 1; p < n; p++) axpy(m, load<f64>(at(l, p * ldl + i)), at(x, p * ldx), row);
    }
    return;
  }
  const n1 = splitPoint(n);
  const n2 = n - n1;
  const x2 = at(x, n1 * ldx);
  multiplyLeftTransposed(n1, m, l, ldl, x, ldx, scratch);
  gemm(n1, m, n2, 1, at(l, n1 * ldl), 1, ldl, x2, ldx, 1, x, ldx, everywhere, scratch);
  multiplyLeftTransposed(n2, m, at(l, n1 * ldl + n1), ldl, x2, ldx, scratch);
}

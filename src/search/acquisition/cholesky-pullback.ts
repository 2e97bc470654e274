import { matrix, type Matrix } from "../../core/matrix.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";

/**
 * Derivatives by a covariance of anything whose derivatives by its lower Cholesky factor L are known:
 * `L^-T P(L' G) L^-1`, P taking the lower triangle with half the diagonal, made symmetric.
 * Source: I. Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527 (2016), eq. 10.
 * @param byFactor lower triangle, q x q
 * @returns symmetric, q x q
 */
export function choleskyPullback(factor: Matrix, byFactor: Matrix): Matrix {
  const q = factor.rows;
  const inner = matrix(q, q);
  for (let i = 0; i < q; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < q; k++) sum += factor.data[k * q + i] * byFactor.data[k * q + j];
      inner.data[i * q + j] = i === j ? sum / 2 : sum;
    }
  }
  // S = L^-T P L^-1, as the transpose of L^-T (L^-T P)'.
  const left = solveTriangular(factor, inner, { transpose: true });
  const turned = matrix(q, q);
  for (let i = 0; i < q; i++) {
    for (let j = 0; j < q; j++) turned.data[j * q + i] = left.data[i * q + j];
  }
  const s = solveTriangular(factor, turned, { transpose: true });
  const symmetric = matrix(q, q);
  for (let i = 0; i < q; i++) {
    for (let j = 0; j < q; j++) {
      symmetric.data[i * q + j] = (s.data[i * q + j] + s.data[j * q + i]) / 2;
    }
  }
  return symmetric;
}

import { choleskySolve, choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { gram } from "../../core/linalg/multiply.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** A ridge regression in standardised units; targets have mean 0. */
export interface Ridge {
  /** One coefficient per input. */
  readonly coefficients: Float64Array;
  /** Residual variance: squared residuals over n less the effective number of parameters. */
  readonly noiseVariance: number;
  /** Variance of the fitted plane at m rows: noise variance (1 / n + x' (X' X + penalty)^-1 x). */
  variance(x: Matrix): Float64Array;
}

/**
 * Minimises `|y - X b|^2 + n penalty |b|^2`, exactly.
 * Source: A. E. Hoerl, R. W. Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634;
 * the variance is that of the Bayesian linear model with this prior.
 * @param x standardised inputs, n x d @param y n numbers of mean 0
 */
export function ridge(x: Matrix, y: Float64Array, penalty: number): Ridge {
  const { rows: n, columns: d } = x;
  const normal = gram(x);
  for (let j = 0; j < d; j++) normal.data[j * d + j] += n * penalty;
  const { factor } = choleskyWithJitter(normal);
  const right = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) right[j] += x.data[i * d + j] * y[i];
  }
  const coefficients = choleskySolve(factor, right);

  const leverage = quadraticForms(factor, x);
  let parameters = 1;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    parameters += leverage[i];
    let fitted = 0;
    for (let j = 0; j < d; j++) fitted += x.data[i * d + j] * coefficients[j];
    squares += (y[i] - fitted) * (y[i] - fitted);
  }
  // More parameters than rows leave no degree of freedom; one is the least that can be counted.
  const noiseVariance = squares / Math.max(1, n - parameters);
  return {
    coefficients,
    noiseVariance,
    variance: (rows) => quadraticForms(factor, rows).map((q) => noiseVariance * (1 / n + q)),
  };
}

/** x' (L L')^-1 x for every row of x. */
function quadraticForms(factor: Matrix, x: Matrix): Float64Array {
  const turned = matrix(x.columns, x.rows);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) turned.data[j * x.rows + i] = x.data[i * x.columns + j]!;
  }
  const solved = solveTriangular(factor, turned);
  const forms = new Float64Array(x.rows);
  for (let k = 0; k < solved.data.length; k++) {
    forms[k % x.rows] += solved.data[k] * solved.data[k];
  }
  return forms;
}

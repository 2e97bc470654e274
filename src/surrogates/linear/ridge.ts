import { choleskySolve, choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { gram, multiply } from "../../core/linalg/multiply.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** All that a ridge regression follows from, in standardised units; targets have mean 0. */
export interface RidgeState {
  /** One coefficient per input. */
  readonly coefficients: Float64Array;
  /**
   * Mean of `residual^2 / (1 - leverage)`: the noise with which the errors of rows left out one by one are as large
   * as foretold. Without penalty it is free of bias, and it stays true where the plane goes through all rows.
   */
  readonly noiseVariance: number;
  readonly rows: number;
  readonly penalty: number;
  /**
   * `inputs`: the normal matrix X' X + n penalty, d x d, was solved; `rows`: there were fewer rows than
   * inputs, and the training inputs, n x d, tell the same through X X'.
   */
  readonly solved: "inputs" | "rows";
  readonly basis: Matrix;
  /** Added to the diagonal so that it could be factorised; mostly 0. */
  readonly jitter: number;
}

/** A ridge regression with what tells its penalty. */
export interface Ridge {
  readonly state: RidgeState;
  /** Mean squared error of each row by the plane without it. */
  readonly leaveOneOut: number;
}

/**
 * Minimises `|y - X b|^2 + n penalty |b|^2`, exactly: through the d x d normal matrix, or with fewer rows than
 * inputs through the n x n one of the dual, `b = X' (X X' + n penalty)^-1 y`.
 * Source: A. E. Hoerl, R. W. Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634;
 * leave-one-out errors: R. D. Cook, Technometrics 19, 15 (1977).
 * @param x standardised inputs, n x d @param y n numbers of mean 0
 */
export function ridge(x: Matrix, y: Float64Array, penalty: number): Ridge {
  const { rows: n, columns: d } = x;
  const solved = d > n ? "rows" : "inputs";
  const basis = solved === "rows" ? x : addToDiagonal(gram(x), n * penalty);
  const { factor, jitter } = choleskyWithJitter(solved === "rows" ? outer(x, n * penalty) : basis);
  const coefficients =
    solved === "rows"
      ? timesTransposed(x, choleskySolve(factor, y))
      : choleskySolve(factor, timesTransposed(x, y));
  const weight = n * penalty + jitter;
  const leverage =
    solved === "rows" ? dualForms(factor, x, x, weight) : quadraticForms(factor, transpose(x));
  let noiseVariance = 0;
  let leaveOneOut = 0;
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    for (let j = 0; j < d; j++) fitted += x.data[i * d + j] * coefficients[j];
    const residual = y[i] - fitted;
    const rest = Math.max(1e-10, 1 - 1 / n - leverage[i]);
    noiseVariance += (residual * residual) / (rest * n);
    leaveOneOut += (residual * residual) / (rest * rest * n);
  }
  const state = { coefficients, noiseVariance, rows: n, penalty, solved, basis, jitter } as const;
  return { state, leaveOneOut };
}

/**
 * Variance of the fitted plane at rows, that of the Bayesian linear model with this prior:
 * noise variance (1 / n + x' (X' X + n penalty)^-1 x). With fewer rows than inputs it is
 * `(x' x - x' X' (X X' + n penalty)^-1 X x) / (n penalty)`.
 */
export function ridgeVariance(state: RidgeState): (x: Matrix) => Float64Array {
  const { noiseVariance, rows: n, penalty, solved, basis } = state;
  const weight = n * penalty + state.jitter;
  const { factor } = choleskyWithJitter(solved === "rows" ? outer(basis, n * penalty) : basis);
  return (x) => {
    const forms =
      solved === "rows"
        ? dualForms(factor, basis, x, weight)
        : quadraticForms(factor, transpose(x));
    return forms.map((q) => noiseVariance * (1 / n + q));
  };
}

/** X X' + weight on the diagonal. */
function outer(x: Matrix, weight: number): Matrix {
  return addToDiagonal(multiply(x, x, { transposeB: true }), weight);
}

function addToDiagonal(a: Matrix, value: number): Matrix {
  for (let i = 0; i < a.rows; i++) a.data[i * (a.columns + 1)] += value;
  return a;
}

/** X' v. */
function timesTransposed(x: Matrix, v: Float64Array): Float64Array {
  const result = new Float64Array(x.columns);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) result[j] += x.data[i * x.columns + j] * v[i];
  }
  return result;
}

function transpose(x: Matrix): Matrix {
  const turned = matrix(x.columns, x.rows);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) turned.data[j * x.rows + i] = x.data[i * x.columns + j];
  }
  return turned;
}

/** c' (L L')^-1 c for every column c. */
function quadraticForms(factor: Matrix, columns: Matrix): Float64Array {
  const solved = solveTriangular(factor, columns);
  const forms = new Float64Array(columns.columns);
  for (let k = 0; k < solved.data.length; k++) {
    forms[k % columns.columns] += solved.data[k] * solved.data[k];
  }
  return forms;
}

/** x' (T' T + weight)^-1 x for every row of x through the factor of T T' + weight. */
function dualForms(factor: Matrix, t: Matrix, x: Matrix, weight: number): Float64Array {
  const explained = quadraticForms(factor, multiply(t, x, { transposeB: true }));
  return explained.map((value, i) => {
    let square = 0;
    for (let j = 0; j < x.columns; j++)
      square += x.data[i * x.columns + j] * x.data[i * x.columns + j];
    return Math.max(0, square - value) / weight;
  });
}

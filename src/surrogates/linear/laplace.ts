import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { multiply } from "../../core/linalg/multiply.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { softmaxInto } from "./logistic.ts";

/**
 * What the training rows say of the coefficients of a logistic regression: the matrix of second derivatives of the
 * penalised loss of all rows at its minimum. Only differences of classes count, so that it is over contrasts of the
 * classes (orthonormal, each of sum 0): (classes - 1) (used + 1) on either side, used inputs and the intercept.
 */
export interface LogisticInformation {
  /** Inputs with a coefficient that is not 0. */
  readonly used: Int32Array;
  readonly information: Matrix;
}

/** Rows whose variance is computed at a time. */
const blockRows = 256;

/** Most coefficients of which the covariance is computed; the cost grows with their third power. */
export const mostCoefficients = 2000;

/**
 * The information at the fitted coefficients; undefined where there are more than `mostCoefficients`.
 * @param x standardised inputs, n x d @param coefficients classes x (d + 1)
 * @param squared weight of the squared penalty in the mean loss
 */
export function logisticInformation(
  x: Matrix,
  coefficients: Float64Array,
  classes: number,
  squared: number,
): LogisticInformation | undefined {
  const width = x.columns + 1;
  const used = Int32Array.from({ length: x.columns }, (_, j) => j).filter((j) =>
    Array.from({ length: classes }, (_, k) => coefficients[k * width + j]).some((one) => one !== 0),
  );
  const size = used.length + 1;
  const contrasts = classes - 1;
  if (contrasts * size > mostCoefficients) return undefined;
  const rows = designOf(x, used);
  const basis = contrastsOf(classes);
  const weights = Array.from({ length: contrasts * contrasts }, () => new Float64Array(x.rows));
  const p = new Float64Array(classes);
  for (let i = 0; i < x.rows; i++) {
    softmaxInto(p, coefficients, x, i);
    for (let a = 0; a < contrasts; a++) {
      for (let b = 0; b <= a; b++)
        weights[a * contrasts + b][i] = covarianceOf(p, basis[a], basis[b]);
    }
  }
  const information = matrix(contrasts * size, contrasts * size);
  for (let a = 0; a < contrasts; a++) {
    for (let b = 0; b <= a; b++) {
      const weight = weights[a * contrasts + b];
      const weighted = matrix(
        rows.rows,
        size,
        rows.data.map((value, k) => value * weight[Math.floor(k / size)]),
      );
      const block = multiply(weighted, rows, { transposeA: true });
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const value = block.data[i * size + j];
          information.data[(a * size + i) * information.columns + b * size + j] = value;
          information.data[(b * size + j) * information.columns + a * size + i] = value;
        }
      }
    }
    for (let j = 0; j < used.length; j++) {
      information.data[(a * size + j) * (information.columns + 1)] += x.rows * squared;
    }
  }
  return { used, information };
}

/**
 * Variance of class probabilities by what is not known of the coefficients: their covariance is the inverse of the
 * information (Laplace's approximation of the posterior, the penalty being the prior), and probabilities follow it
 * in a straight line. It is at most p (1 - p), the variance of the class itself.
 * Source: D. J. C. MacKay, Neural Comput. 4, 720 (1992), doi:10.1162/neco.1992.4.5.720.
 * @returns for standardised inputs n x d and their probabilities n x classes: n x classes
 */
export function probabilityVariance({
  used,
  information,
}: LogisticInformation): (x: Matrix, probabilities: Matrix) => Float64Array {
  const { factor } = choleskyWithJitter(information);
  return (x, probabilities) => {
    const classes = probabilities.columns;
    const variance = new Float64Array(x.rows * classes);
    for (let first = 0; first < x.rows; first += blockRows) {
      const rows = Int32Array.from(
        { length: Math.min(blockRows, x.rows - first) },
        (_, i) => first + i,
      );
      const slopes = slopesOf(designOf(takeRows(x, rows), used), takeRows(probabilities, rows));
      const solved = solveTriangular(factor, slopes);
      for (let k = 0; k < solved.data.length; k++) {
        variance[first * classes + (k % solved.columns)] += solved.data[k] * solved.data[k];
      }
    }
    return variance.map((value, k) => {
      const p = probabilities.data[k];
      return Math.min(value, p * (1 - p));
    });
  };
}

/** How the probability of class k of row i changes with each coefficient, in column i classes + k. */
function slopesOf(design: Matrix, probabilities: Matrix): Matrix {
  const { rows, columns: classes } = probabilities;
  const size = design.columns;
  const basis = contrastsOf(classes);
  const slopes = matrix(basis.length * size, rows * classes);
  for (let i = 0; i < rows; i++) {
    const p = probabilities.data.subarray(i * classes, (i + 1) * classes);
    for (const [a, contrast] of basis.entries()) {
      const mean = p.reduce((sum, one, k) => sum + one * contrast[k], 0);
      for (let k = 0; k < classes; k++) {
        const slope = p[k] * (contrast[k] - mean);
        for (let j = 0; j < size; j++) {
          slopes.data[(a * size + j) * slopes.columns + i * classes + k] =
            slope * design.data[i * size + j];
        }
      }
    }
  }
  return slopes;
}

/** The used inputs and a 1 for the intercept, n x (used + 1). */
function designOf(x: Matrix, used: Int32Array): Matrix {
  const size = used.length + 1;
  const rows = matrix(x.rows, size);
  for (let i = 0; i < x.rows; i++) {
    used.forEach((j, u) => (rows.data[i * size + u] = x.data[i * x.columns + j]));
    rows.data[i * size + used.length] = 1;
  }
  return rows;
}

/** Orthonormal contrasts of classes after Helmert: contrast a sets class a + 1 against the mean of those before. */
function contrastsOf(classes: number): Float64Array[] {
  return Array.from({ length: classes - 1 }, (_, a) => {
    const contrast = new Float64Array(classes).fill(-1 / Math.sqrt((a + 1) * (a + 2)), 0, a + 1);
    contrast[a + 1] = Math.sqrt((a + 1) / (a + 2));
    return contrast;
  });
}

/** u' (diag(p) - p p') v. */
function covarianceOf(p: Float64Array, u: Float64Array, v: Float64Array): number {
  let [product, first, second] = [0, 0, 0];
  for (let k = 0; k < p.length; k++) {
    product += p[k] * u[k] * v[k];
    first += p[k] * u[k];
    second += p[k] * v[k];
  }
  return product - first * second;
}

import { exp, log } from "../../core/elementary.ts";
import type { Matrix } from "../../core/matrix.ts";
import { minimise } from "../../core/optimise/minimise.ts";

/** A multinomial logistic regression. */
export interface Logistic {
  /** Classes x (inputs + 1); the last column is the intercept. */
  readonly coefficients: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Softmax regression: minimises the mean -log probability of the right class plus
 * `penalty / 2 |coefficients|^2` (intercepts are not penalised), a convex problem, by L-BFGS.
 * Source: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2009), section 4.4.
 * @param x standardised inputs, n x d @param labels class index of each row
 */
export function logistic(
  x: Matrix,
  labels: Float64Array,
  classes: number,
  penalty: number,
): Logistic {
  const width = x.columns + 1;
  const p = new Float64Array(classes);
  const found = minimise(
    (coefficients, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let i = 0; i < x.rows; i++) {
        softmaxInto(p, coefficients, x, i);
        const label = labels[i];
        loss -= log(Math.max(p[label], Number.MIN_VALUE)) / x.rows;
        for (let k = 0; k < classes; k++) {
          const error = (p[k] - (k === label ? 1 : 0)) / x.rows;
          const offset = k * width;
          for (let j = 0; j < x.columns; j++) {
            gradient[offset + j] += error * x.data[i * x.columns + j];
          }
          gradient[offset + x.columns] += error;
        }
      }
      for (let k = 0; k < coefficients.length; k++) {
        if (k % width === x.columns) continue;
        loss += (penalty / 2) * coefficients[k] * coefficients[k];
        gradient[k] += penalty * coefficients[k];
      }
      return loss;
    },
    new Float64Array(classes * width),
    { maxIterations: 500, tolerance: 1e-7, functionTolerance: 1e-14 },
  );
  return { coefficients: found.x, iterations: found.iterations, converged: found.converged };
}

/** Class probabilities of row i of x, written to `out`. */
export function softmaxInto(
  out: Float64Array,
  coefficients: Float64Array,
  x: Matrix,
  i: number,
): void {
  const width = x.columns + 1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < out.length; k++) {
    let score = coefficients[k * width + x.columns];
    for (let j = 0; j < x.columns; j++) {
      score += coefficients[k * width + j] * x.data[i * x.columns + j];
    }
    out[k] = score;
    largest = Math.max(largest, score);
  }
  let sum = 0;
  for (let k = 0; k < out.length; k++) sum += out[k] = exp(out[k] - largest);
  for (let k = 0; k < out.length; k++) out[k] /= sum;
}

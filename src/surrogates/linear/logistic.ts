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

/** What keeps the coefficients small. */
export interface LogisticPenalty {
  readonly penalty: number;
  /** Share of the absolute penalty; 0 = squared alone. */
  readonly mix: number;
}

const limits = { maxIterations: 500, tolerance: 1e-7, functionTolerance: 1e-14 };
/** With bounds the search takes more steps. */
const boundedLimits = { ...limits, maxIterations: 5000 };

/**
 * Softmax regression: minimises the mean -log probability of the right class plus
 * `penalty (mix |coefficients|_1 + (1 - mix) / 2 |coefficients|^2)` (intercepts are not penalised), a convex
 * problem, by L-BFGS. With an absolute penalty each coefficient is the difference of two numbers of at least
 * 0, which makes the problem smooth inside bounds and coefficients exactly 0.
 * Source: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2009), section 4.4;
 * the split: R. Tibshirani, J. R. Stat. Soc. B 58, 267 (1996), section 6.
 * @param x standardised inputs, n x d @param labels class index of each row
 */
export function logistic(
  x: Matrix,
  labels: Float64Array,
  classes: number,
  { penalty, mix }: LogisticPenalty,
): Logistic {
  const width = x.columns + 1;
  const size = classes * width;
  const isPenalised = (k: number): boolean => k % width !== x.columns;
  const squared = penalty * (1 - mix);
  const smooth = (coefficients: Float64Array, gradient: Float64Array): number => {
    let loss = meanLoss(x, labels, classes, coefficients, gradient);
    for (let k = 0; k < size; k++) {
      if (!isPenalised(k)) continue;
      loss += (squared / 2) * coefficients[k] * coefficients[k];
      gradient[k] += squared * coefficients[k];
    }
    return loss;
  };
  if (mix === 0) {
    const found = minimise(smooth, new Float64Array(size), limits);
    return { coefficients: found.x, iterations: found.iterations, converged: found.converged };
  }
  const difference = (split: Float64Array): Float64Array =>
    split.slice(0, size).map((value, k) => (isPenalised(k) ? value - split[size + k] : value));
  const slope = new Float64Array(size);
  const lower = new Float64Array(2 * size).map((_, k) =>
    isPenalised(k % size) ? 0 : Number.NEGATIVE_INFINITY,
  );
  const found = minimise(
    (split, gradient) => {
      let loss = smooth(difference(split), slope);
      gradient.fill(0);
      for (let k = 0; k < size; k++) {
        gradient[k] = slope[k];
        if (!isPenalised(k)) continue;
        gradient[k] += penalty * mix;
        gradient[size + k] = penalty * mix - slope[k];
        loss += penalty * mix * (split[k] + split[size + k]);
      }
      return loss;
    },
    new Float64Array(2 * size),
    { ...boundedLimits, lower },
  );
  return {
    coefficients: difference(found.x),
    iterations: found.iterations,
    converged: found.converged,
  };
}

/** Mean -log probability of the right class; writes its gradient. */
function meanLoss(
  x: Matrix,
  labels: Float64Array,
  classes: number,
  coefficients: Float64Array,
  gradient: Float64Array,
): number {
  const width = x.columns + 1;
  const p = new Float64Array(classes);
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
  return loss;
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

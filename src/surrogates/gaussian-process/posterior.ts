import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { maternCovariance } from "../../core/linalg/matern.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { HyperParameters } from "./fit-hyper-parameters.ts";
import { noisyCorrelation, removeMean } from "./marginal-likelihood.ts";

/** A Gaussian process conditioned on its training rows, in standardised units. */
export interface Posterior {
  readonly mean: number;
  readonly signalVariance: number;
  readonly noiseVariance: number;
  /** Added to the diagonal of the correlation matrix so that it could be factorised; mostly 0. */
  readonly jitter: number;
  /** Mean and variance of the noise-free function at m rows. */
  at(rows: Matrix): { mean: Float64Array; variance: Float64Array };
}

/**
 * Conditions on n rows.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithm
 * 2.1, with the generalised least-squares mean taken as known.
 * @param x standardised inputs, n x d
 * @param signalVariance the maximum-likelihood one when left out
 */
export function condition(
  x: Matrix,
  y: Float64Array,
  { lengthScales, noiseRatio }: HyperParameters,
  signalVariance?: number,
): Posterior {
  const n = x.rows;
  const { factor, jitter } = choleskyWithJitter(noisyCorrelation(x, lengthScales, noiseRatio));
  const { mean, residual, weights } = removeMean(factor, y);
  const quadratic = residual.reduce((sum, r, i) => sum + r * weights[i], 0);
  const variance = signalVariance ?? quadratic / n;
  return {
    mean,
    signalVariance: variance,
    noiseVariance: variance * noiseRatio,
    jitter,
    at: (rows) => {
      const cross = maternCovariance(x, lengthScales, 1, rows);
      const means = new Float64Array(rows.rows).fill(mean);
      addColumnSums(means, cross, (i, value) => weights[i] * value);
      const solved = solveTriangular(factor, cross);
      const explained = new Float64Array(rows.rows);
      addColumnSums(explained, solved, (_, value) => value * value);
      return { mean: means, variance: explained.map((e) => variance * Math.max(0, 1 - e)) };
    },
  };
}

/** Adds `term(i, m[i, j])` over all rows i to `sums[j]`. */
function addColumnSums(sums: Float64Array, m: Matrix, term: (i: number, value: number) => number) {
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) sums[j] += term(i, m.data[i * m.columns + j]);
  }
}

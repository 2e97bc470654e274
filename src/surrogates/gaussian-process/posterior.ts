import { choleskySolve, choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import {
  correlationMatrix,
  correlationSlope,
  squaredDistances,
} from "../../core/linalg/covariance.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import {
  coregionalisation,
  lengthScalesOf,
  shapeOf,
  type CovarianceModel,
  type Places,
} from "./covariance-model.ts";
import { designOf, joined, meansFrom, presentSources } from "./marginal-likelihood.ts";

/** All that a posterior follows from, in standardised units; what a saved model keeps. */
export interface PosteriorState {
  readonly model: CovarianceModel;
  /** Parameters of the covariance. */
  readonly parameters: Float64Array;
  readonly places: Places;
  /** Target of each place. */
  readonly target: Float64Array;
  /** Noise variance of each place in units of the signal variance. */
  readonly noise: Float64Array;
  readonly signalVariance: number;
}

/** A Gaussian process conditioned on its training rows, in standardised units. */
export interface Posterior {
  /** Mean of each source; a source without rows has the average of the others. */
  readonly means: Float64Array;
  /** Covariance of the means of the sources that have rows; NaN elsewhere. */
  readonly meanCovariance: Matrix;
  /** Added to the diagonal of the correlation matrix so that it could be factorised; mostly 0. */
  readonly jitter: number;
  /** Mean and variance of the noise-free function. */
  at(rows: Places): { mean: Float64Array; variance: Float64Array };
  /** Derivative of the mean by each coordinate, n x q. */
  slopeAt(rows: Places): Matrix;
}

/**
 * Conditions on the places of the state.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithm
 * 2.1, with the generalised least-squares means taken as known.
 */
export function condition(state: PosteriorState): Posterior {
  const { model, parameters, places, target, noise, signalVariance } = state;
  const covariance = covarianceBetween(model, parameters);
  const correlation = covariance(places, places);
  const u = target.length;
  for (let i = 0; i < u; i++) correlation.data[i * u + i] += noise[i];
  const { factor, jitter } = choleskyWithJitter(correlation);
  const design = designOf(places.source, u);
  const solved = choleskySolve(factor, joined(target, design));
  const found = meansFrom(solved.data, target, design);
  const { weights } = found;
  const { means, meanCovariance, spread } = meansOfSources(state, found);
  const diagonal = coregionalisation(model, parameters);
  return {
    means,
    meanCovariance,
    jitter,
    at: (rows) => {
      const count = rows.points.rows;
      const sourceOf = (i: number): number => (rows.source === undefined ? 0 : rows.source[i]);
      const cross = covariance(places, rows);
      const mean = Float64Array.from({ length: count }, (_, i) => means[sourceOf(i)]);
      addColumnSums(mean, cross, (i, value) => weights[i] * value);
      const explained = new Float64Array(count);
      addColumnSums(explained, solveTriangular(factor, cross), (_, value) => value * value);
      const variance = explained.map((e, i) => {
        const s = sourceOf(i);
        return signalVariance * Math.max(0, diagonal[s * (model.sources + 1)] - e) + spread[s];
      });
      return { mean, variance };
    },
    slopeAt: (rows) => slopeOf(state, weights, rows),
  };
}

/** Derivative of `sum over i of weight_i B R(place_i, x)` by the coordinates of each row x. */
function slopeOf(
  { model, parameters, places }: PosteriorState,
  weights: Float64Array,
  { points, source }: Places,
): Matrix {
  const correlation = { name: model.kernel, shape: shapeOf(model, parameters) };
  const scales = lengthScalesOf(model, parameters);
  const b = coregionalisation(model, parameters);
  const q = points.columns;
  const distances = squaredDistances(points, places.points, scales);
  const result = matrix(points.rows, q);
  for (let i = 0; i < points.rows; i++) {
    const first = (source?.[i] ?? 0) * model.sources;
    for (let k = 0; k < places.points.rows; k++) {
      const shared = b[first + (places.source?.[k] ?? 0)];
      const square = distances.data[i * places.points.rows + k];
      const pull = weights[k] * shared * correlationSlope(correlation, square);
      if (pull === 0) continue;
      for (let j = 0; j < q; j++) {
        const gap = points.data[i * q + j] - places.points.data[k * q + j];
        result.data[i * q + j] += (pull * gap) / (scales[j] * scales[j]);
      }
    }
  }
  return result;
}

/** `B[s, t] R(x, y)` between two sets of rows. */
export function covarianceBetween(
  model: CovarianceModel,
  parameters: Float64Array,
): (x: Places, y: Places) => Matrix {
  const correlation = { name: model.kernel, shape: shapeOf(model, parameters) };
  const scales = lengthScalesOf(model, parameters);
  const b = coregionalisation(model, parameters);
  return (x, y) => {
    const result = correlationMatrix(correlation, x.points, scales, y.points);
    if (x.source === undefined || y.source === undefined) return result;
    for (let i = 0; i < result.rows; i++) {
      const first = x.source[i] * model.sources;
      for (let j = 0; j < result.columns; j++) {
        result.data[i * result.columns + j] *= b[first + y.source[j]];
      }
    }
    return result;
  };
}

/** Means of all sources; one without rows may have any mean like those of the others. */
function meansOfSources(
  { model, places, signalVariance }: PosteriorState,
  { beta, factor }: ReturnType<typeof meansFrom>,
) {
  const present = places.source === undefined ? [0] : presentSources(places.source);
  const average = beta.reduce((sum, value) => sum + value / beta.length, 0);
  const between = beta.reduce((sum, b) => sum + ((b - average) * (b - average)) / beta.length, 0);
  const means = new Float64Array(model.sources).fill(average);
  const spread = new Float64Array(model.sources).fill(between);
  const unit = (k: number) => Float64Array.from(beta, (_, j) => (j === k ? signalVariance : 0));
  const meanCovariance = {
    data: new Float64Array(model.sources * model.sources).fill(Number.NaN),
    rows: model.sources,
    columns: model.sources,
  };
  present.forEach((s, k) => {
    means[s] = beta[k];
    spread[s] = 0;
    const column = choleskySolve(factor, unit(k));
    present.forEach((t, j) => (meanCovariance.data[t * model.sources + s] = column[j]));
  });
  return { means, meanCovariance, spread };
}

/** Adds `term(i, m[i, j])` over all rows i to `sums[j]`. */
function addColumnSums(sums: Float64Array, m: Matrix, term: (i: number, value: number) => number) {
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) sums[j] += term(i, m.data[i * m.columns + j]);
  }
}

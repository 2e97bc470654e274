import { choleskySolve, choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { multiply } from "../../core/linalg/multiply.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Belief, JointBelief, Marginal, Slope } from "./contract.ts";
import { addCorrelationGradient, correlate, type SmoothCorrelation } from "./correlate.ts";
import { crossBelief } from "./cross-belief.ts";
import { addColumnGradient, dividedBy, placeRow, placeRows, type Embedding } from "./embedding.ts";
import { drawPaths } from "./paths.ts";
import { solveLower, solveLowerTransposed } from "./substitution.ts";

/** All that a Gaussian belief follows from; points, targets and variances in standardised units. */
export interface GaussianBeliefInput {
  readonly embedding: Embedding;
  /** `matern-5/2` when absent. */
  readonly correlation?: SmoothCorrelation;
  readonly lengthScales: Float64Array;
  /** Signal variance. */
  readonly variance: number;
  /** Variance of the noise of one measurement, over the signal variance. */
  readonly noise: number;
  /** n x coordinates, as `placeRows` gives them. */
  readonly points: Matrix;
  /** n values, and the noise variance of each over the signal variance. */
  readonly targets: Float64Array;
  readonly noises: Float64Array;
  /** Mean of the process; estimated when absent. */
  readonly mean?: number;
  /** A value is `offset + scale * standardised value`. */
  readonly unit: { readonly offset: number; readonly scale: number };
  readonly summary?: Readonly<Record<string, number | string>>;
}

/** A Gaussian process after its measurements; in standardised units and points divided by length scales. */
export interface GaussianState {
  readonly embedding: Embedding;
  readonly correlation: SmoothCorrelation;
  readonly points: Matrix;
  /** Cholesky factor L of the correlations plus noises, n x n. */
  readonly factor: Matrix;
  /** L^-1 (targets - mean). */
  readonly whitened: Float64Array;
  /** L'^-1 L^-1 (targets - mean). */
  readonly weights: Float64Array;
  readonly noises: Float64Array;
  readonly mean: number;
  readonly variance: number;
  readonly noise: number;
  readonly unit: { readonly offset: number; readonly scale: number };
  readonly summary: Readonly<Record<string, number | string>>;
}

/** A normal distribution's least std, over that of the signal: below it rounding decides. */
const leastStd = 1e-9;

/**
 * The belief at given hyper-parameters: a Gaussian process with a constant mean, which, unless given, is estimated by
 * generalised least squares and then taken as known.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), eqs. 2.25,
 * 2.26 and algorithm 2.1.
 */
export function gaussianBelief(input: GaussianBeliefInput): Belief {
  const { correlation = "matern-5/2", targets, noises, variance, noise, unit } = input;
  const embedding = dividedBy(input.embedding, input.lengthScales);
  const scales = Float64Array.from(input.embedding.scaleOf, (scale) => input.lengthScales[scale]);
  const points = matrix(
    input.points.rows,
    input.points.columns,
    input.points.data.map((value, at) => value / scales[at % scales.length]),
  );
  const covariance = correlationsOf(correlation, points);
  const n = points.rows;
  for (let i = 0; i < n; i++) covariance.data[i * n + i] += noises[i];
  const { factor, jitter } = choleskyWithJitter(covariance);
  const mean = input.mean ?? weightedMean(factor, targets);
  const whitened = solveTriangular(
    factor,
    targets.map((target) => target - mean),
  );
  return beliefOf({
    embedding,
    correlation,
    points,
    factor,
    whitened,
    weights: solveTriangular(factor, whitened, { transpose: true }),
    noises,
    mean,
    variance,
    noise,
    unit,
    summary: {
      ...input.summary,
      correlation,
      lengthScales: Array.from(input.lengthScales, (scale) => scale.toPrecision(4)).join(" "),
      signalStd: unit.scale * Math.sqrt(variance),
      noiseStd: unit.scale * Math.sqrt(noise * variance),
      jitter,
    },
  });
}

/** The constant mean by generalised least squares. */
function weightedMean(factor: Matrix, targets: Float64Array): number {
  const byOnes = choleskySolve(factor, new Float64Array(targets.length).fill(1));
  let [top, bottom] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    top += byOnes[i] * targets[i];
    bottom += byOnes[i];
  }
  return top / bottom;
}

/** Correlations of points that are divided by their length scales. */
function correlationsOf(name: SmoothCorrelation, x: Matrix, y: Matrix = x): Matrix {
  return correlationMatrix({ name }, x, new Float64Array(x.columns).fill(1), y);
}

function beliefOf(state: GaussianState): Belief {
  const { embedding, correlation, points, factor, weights, mean, variance, noise, unit, summary } =
    state;
  const { coordinates, dimension } = embedding;
  const n = points.rows;
  const signalStd = Math.sqrt(variance);
  const toUnit = (value: number): number => unit.offset + unit.scale * value;
  // Reused by `slope`, which is called most often.
  const point = new Float64Array(points.columns);
  const [correlations, slopes] = [new Float64Array(n), new Float64Array(n)];

  const marginal = (rows: Matrix): Marginal => {
    const means = new Float64Array(rows.rows);
    const stds = new Float64Array(rows.rows);
    // In blocks, so that memory stays small.
    const block = 1024;
    for (let first = 0; first < rows.rows; first += block) {
      const count = Math.min(block, rows.rows - first);
      const part = matrix(
        count,
        dimension,
        rows.data.subarray(first * dimension, (first + count) * dimension),
      );
      const cross = correlationsOf(correlation, points, placeRows(embedding, part));
      const explained = new Float64Array(count);
      const sums = new Float64Array(count);
      const solved = solveTriangular(factor, cross).data;
      for (let i = 0, at = 0; i < n; i++) {
        const weight = weights[i];
        for (let j = 0; j < count; j++, at++) {
          sums[j] += weight * cross.data[at];
          explained[j] += solved[at] * solved[at];
        }
      }
      for (let j = 0; j < count; j++) {
        means[first + j] = toUnit(mean + sums[j]);
        stds[first + j] = unit.scale * signalStd * stdOf(explained[j]);
      }
    }
    return { mean: means, std: stds };
  };

  const slope = (row: ArrayLike<number>): Slope => {
    placeRow(coordinates, row, point);
    correlate(correlation, points, point, correlations, slopes);
    const byWeights = new Float64Array(points.columns);
    addCorrelationGradient(points, point, slopes, weights, byWeights);
    let value = mean;
    for (let i = 0; i < n; i++) value += weights[i] * correlations[i];
    solveLower(factor, correlations);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += correlations[i] * correlations[i];
    solveLowerTransposed(factor, correlations);
    const byExplained = new Float64Array(points.columns);
    addCorrelationGradient(points, point, slopes, correlations, byExplained);
    const std = stdOf(explained);
    const meanGradient = new Float64Array(dimension);
    const stdGradient = new Float64Array(dimension);
    for (let k = 0; k < byWeights.length; k++) {
      byWeights[k] *= unit.scale;
      byExplained[k] *= std > leastStd ? (-unit.scale * signalStd) / std : 0;
    }
    addColumnGradient(coordinates, byWeights, meanGradient);
    addColumnGradient(coordinates, byExplained, stdGradient);
    return { mean: toUnit(value), std: unit.scale * signalStd * std, meanGradient, stdGradient };
  };

  const joint = (rows: Matrix): JointBelief => {
    const q = rows.rows;
    const placed = placeRows(embedding, rows);
    const cross = correlationsOf(correlation, points, placed);
    const explained = multiply(solveTriangular(factor, cross), solveTriangular(factor, cross), {
      transposeA: true,
    });
    const own = correlationsOf(correlation, placed);
    const scale = unit.scale * unit.scale * variance;
    const covariance = matrix(q, q);
    for (let k = 0; k < q * q; k++) covariance.data[k] = scale * (own.data[k] - explained.data[k]);
    const means = new Float64Array(q);
    for (let j = 0; j < q; j++) {
      let sum = mean;
      for (let i = 0; i < n; i++) sum += weights[i] * cross.data[i * q + j];
      means[j] = toUnit(sum);
    }
    return {
      mean: means,
      covariance,
      pullback(byMean, byCovariance) {
        const solved = choleskySolve(factor, cross).data;
        const gradient = matrix(q, dimension);
        const byTraining = new Float64Array(n);
        const byOthers = new Float64Array(q);
        const otherSlopes = new Float64Array(q);
        const others = new Float64Array(q);
        for (let j = 0; j < q; j++) {
          byTraining.fill(0);
          for (let b = 0; b < q; b++) {
            const twice = byCovariance.data[j * q + b] + byCovariance.data[b * q + j];
            byOthers[b] = b === j ? 0 : scale * twice;
            for (let i = 0; i < n; i++) byTraining[i] -= scale * twice * solved[i * q + b];
          }
          for (let i = 0; i < n; i++) byTraining[i] += unit.scale * byMean[j] * weights[i];
          const at = rowOf(placed, j);
          const byPoint = new Float64Array(points.columns);
          correlate(correlation, points, at, correlations, slopes);
          addCorrelationGradient(points, at, slopes, byTraining, byPoint);
          correlate(correlation, placed, at, others, otherSlopes);
          addCorrelationGradient(placed, at, otherSlopes, byOthers, byPoint);
          addColumnGradient(coordinates, byPoint, rowOf(gradient, j));
        }
        return gradient;
      },
    };
  };

  return {
    dimension,
    noiseStd: unit.scale * signalStd * Math.sqrt(noise),
    summary,
    marginal,
    slope,
    joint,
    against: (rows) => crossBelief(state, rows),
    condition: (rows, values, noiseStd) => beliefOf(conditioned(state, rows, values, noiseStd)),
    paths: (count, rng) => drawPaths(state, count, rng),
  };
}

/** Std over that of the signal, from the share of the variance that the measurements explain. */
const stdOf = (explained: number): number =>
  Math.sqrt(Math.max(leastStd * leastStd, 1 - explained));

/** The Cholesky factor with q rows more: `[L 0; B C]`, B L' = cross covariance, C C' = what B leaves. */
function conditioned(
  state: GaussianState,
  rows: Matrix,
  values: Float64Array,
  noiseStd: number | undefined,
): GaussianState {
  const { embedding, correlation, points, factor, noises, mean, variance, unit } = state;
  const [n, q] = [points.rows, rows.rows];
  const size = n + q;
  const placed = placeRows(embedding, rows);
  const below = solveTriangular(factor, correlationsOf(correlation, points, placed)); // n x q, the transpose of B
  const left = correlationsOf(correlation, placed);
  const explained = multiply(below, below, { transposeA: true });
  const noise =
    noiseStd === undefined
      ? state.noise
      : (noiseStd * noiseStd) / (unit.scale * unit.scale * variance);
  for (let k = 0; k < q * q; k++) left.data[k] -= explained.data[k];
  // The least noise keeps the factor regular where a row is measured again.
  for (let k = 0; k < q; k++) left.data[k * (q + 1)] += Math.max(noise, leastNoise);
  const corner = choleskyWithJitter(left, { maxRelativeJitter: 1 }).factor;

  const grown = matrix(size, size);
  for (let i = 0; i < n; i++) grown.data.set(rowOf(factor, i), i * size);
  for (let k = 0; k < q; k++) {
    const row = rowOf(grown, n + k);
    for (let i = 0; i < n; i++) row[i] = below.data[i * q + k];
    row.set(rowOf(corner, k), n);
  }
  const whitened = new Float64Array(size);
  whitened.set(state.whitened);
  const rest = values.map((value, k) => {
    let sum = (value - unit.offset) / unit.scale - mean;
    for (let i = 0; i < n; i++) sum -= below.data[i * q + k] * whitened[i];
    return sum;
  });
  whitened.set(solveTriangular(corner, rest), n);
  const all = matrix(size, points.columns);
  all.data.set(points.data);
  all.data.set(placed.data, points.data.length);
  const allNoises = new Float64Array(size).fill(noise);
  allNoises.set(noises);
  return {
    ...state,
    points: all,
    factor: grown,
    whitened,
    weights: solveTriangular(grown, whitened, { transpose: true }),
    noises: allNoises,
  };
}

const leastNoise = 1e-8;

import { cos, sin } from "../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Path } from "./contract.ts";
import { addCorrelationGradient, correlate, type SmoothCorrelation } from "./correlate.ts";
import { addColumnGradient, placeRow } from "./embedding.ts";
import type { GaussianState } from "./gaussian-belief.ts";
import { solveLower, solveLowerTransposed } from "./substitution.ts";

/** Random Fourier features of a drawn function. */
const features = 512;

/**
 * Functions drawn from the belief: one from the prior as a sum of random waves, corrected by what the
 * measurements (with noise drawn for each) say against it (Matheron's rule).
 * Source: J. T. Wilson et al., Efficiently sampling functions from Gaussian process posteriors, ICML 2020,
 * eqs. 12 and 13; A. Rahimi, B. Recht, Random features for large-scale kernel machines, NIPS 20 (2007).
 */
export function drawPaths(state: GaussianState, count: number, rng: Rng): readonly Path[] {
  return Array.from({ length: count }, (_, k) => drawPath(state, rng.fork(`path ${k}`)));
}

function drawPath(state: GaussianState, rng: Rng): Path {
  const { embedding, correlation, points, factor, whitened, noises, mean, variance, unit } = state;
  const { coordinates, dimension } = embedding;
  const [n, d] = [points.rows, points.columns];
  const waves = drawWaves(d, correlation, rng);
  const signal = Math.sqrt(variance);
  const update = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const noise = noises[i] > 0 ? Math.sqrt(noises[i]) * rng.normal() : 0;
    update[i] = waves.at(rowOf(points, i)) + noise;
  }
  // weights = K^-1 (targets - mean - prior), and L^-1 (targets - mean) is known.
  solveLower(factor, update);
  for (let i = 0; i < n; i++) update[i] = whitened[i] - signal * update[i];
  solveLowerTransposed(factor, update);

  const point = new Float64Array(d);
  const byPoint = new Float64Array(d);
  const [correlations, slopes] = [new Float64Array(n), new Float64Array(n)];
  const slope = (row: ArrayLike<number>, gradient?: Float64Array): number => {
    placeRow(coordinates, row, point);
    correlate(correlation, points, point, correlations, slopes);
    byPoint.fill(0);
    let value = mean + signal * waves.at(point, gradient && byPoint);
    for (let i = 0; i < n; i++) value += update[i] * correlations[i];
    if (gradient !== undefined) {
      for (let k = 0; k < d; k++) byPoint[k] *= signal;
      addCorrelationGradient(points, point, slopes, update, byPoint);
      for (let k = 0; k < d; k++) byPoint[k] *= unit.scale;
      gradient.fill(0);
      addColumnGradient(coordinates, byPoint, gradient);
    }
    return unit.offset + unit.scale * value;
  };
  return {
    at: (rows: Matrix) =>
      Float64Array.from({ length: rows.rows }, (_, i) =>
        slope(rows.data.subarray(i * dimension, (i + 1) * dimension)),
      ),
    slope,
  };
}

interface Waves {
  /** Value at a point; adds the derivatives by its coordinates to `gradient` where given. */
  at(point: ArrayLike<number>, gradient?: Float64Array): number;
}

/** A draw from the prior with variance 1: frequencies are normal, those of Matern-5/2 Student's t with 5 degrees. */
function drawWaves(d: number, correlation: SmoothCorrelation, rng: Rng): Waves {
  const frequencies = matrix(features, d);
  const [phases, amplitudes] = [new Float64Array(features), new Float64Array(features)];
  for (let f = 0; f < features; f++) {
    // A chi-square number of 5 degrees is twice a gamma one of shape 5 / 2.
    const stretch = correlation === "rbf" ? 1 : Math.sqrt(2.5 / rng.gamma(2.5));
    for (let k = 0; k < d; k++) frequencies.data[f * d + k] = stretch * rng.normal();
    phases[f] = 2 * Math.PI * rng.uniform();
    amplitudes[f] = Math.sqrt(2 / features) * rng.normal();
  }
  return {
    at(point, gradient) {
      let value = 0;
      for (let f = 0, first = 0; f < features; f++, first += d) {
        let angle = phases[f];
        for (let k = 0; k < d; k++) angle += frequencies.data[first + k] * point[k];
        value += amplitudes[f] * cos(angle);
        if (gradient === undefined) continue;
        const turn = -amplitudes[f] * sin(angle);
        for (let k = 0; k < d; k++) gradient[k] += turn * frequencies.data[first + k];
      }
      return value;
    },
  };
}

import { log } from "../../core/elementary.ts";
import type { Matrix } from "../../core/matrix.ts";

/** Passes over all pairs of members, or over the rows, at the most. */
const mostPasses = 2000;

/**
 * The weights, none negative and adding up to one, whose mixture of predictions has the least squared error.
 * A convex problem, solved by moving weight between two members at a time, exactly, until nothing is gained.
 * Source: L. Breiman, Mach. Learn. 24, 49 (1996), doi:10.1007/BF00117832.
 * @param predictions members x n @param y n numbers
 */
export function leastSquaresWeights(
  predictions: readonly Float64Array[],
  y: Float64Array,
): Float64Array {
  const m = predictions.length;
  const weights = new Float64Array(m).fill(1 / m);
  // Errors mixed with weights that add up to one are the errors of the mixture.
  const errors = predictions.map((values) => values.map((value, i) => value - y[i]));
  const products = errors.map((a) =>
    errors.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)),
  );
  const size = products.reduce((largest, row, k) => Math.max(largest, row[k]), 0);
  for (let pass = 0; pass < mostPasses; pass++) {
    let moved = 0;
    for (let a = 0; a < m; a++) {
      for (let b = a + 1; b < m; b++) {
        const curvature = products[a][a] - 2 * products[a][b] + products[b][b];
        if (!(curvature > 1e-14 * size)) continue;
        let slope = 0;
        for (let k = 0; k < m; k++) slope += weights[k] * (products[a][k] - products[b][k]);
        const step = Math.min(weights[b], Math.max(-weights[a], -slope / curvature));
        weights[a] += step;
        weights[b] -= step;
        moved = Math.max(moved, Math.abs(step));
      }
    }
    if (moved < 1e-10) break;
  }
  return weights;
}

/** A probability below this counts as this: one confident miss must not decide alone. */
const leastProbability = 1e-6;

/**
 * The weights, none negative and adding up to one, whose mixture gives the observed classes the highest
 * likelihood; a convex problem, climbed by expectation-maximisation.
 * Source: A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Stat. Soc. B 39, 1 (1977).
 * @param predictions of each member, n x classes @param labels class of each row
 */
export function likelihoodWeights(
  predictions: readonly Matrix[],
  labels: Float64Array,
): Float64Array {
  const m = predictions.length;
  const n = labels.length;
  const right = predictions.map(({ data, columns }) =>
    Float64Array.from(labels, (label, i) => Math.max(leastProbability, data[i * columns + label])),
  );
  let weights = new Float64Array(m).fill(1 / m);
  let before = Number.NEGATIVE_INFINITY;
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = new Float64Array(m);
    let likelihood = 0;
    for (let i = 0; i < n; i++) {
      let mixed = 0;
      for (let k = 0; k < m; k++) mixed += weights[k] * right[k][i];
      for (let k = 0; k < m; k++) next[k] += (weights[k] * right[k][i]) / (mixed * n);
      likelihood += log(mixed);
    }
    weights = next;
    if (likelihood - before < 1e-9 * n) break;
    before = likelihood;
  }
  return weights;
}

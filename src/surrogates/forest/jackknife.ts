import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { leafOf, type Forest } from "./forest.ts";

const probeCount = 32;

/**
 * How much of the spread between bootstrapped trees is left in their mean: the sampling variance of
 * the forest over the variance between its trees, averaged over probe points. The sampling variance
 * is the bias-corrected infinitesimal jackknife
 * `V(x) = sum_i cov_b(N_bi, t_b(x))^2 - n / B var_b(t_b(x))`
 * with N_bi the times row i is in the sample of tree b, and B trees. One ratio for the whole forest
 * costs a few probes in `fit` and nothing in `predict`, where the jackknife itself would need n x B
 * steps a row.
 * Source: S. Wager, T. Hastie, B. Efron, J. Mach. Learn. Res. 15, 1625 (2014), eqs. 5 and 7.
 */
export class JackknifeShare {
  private readonly probes: Matrix;
  private readonly rows: number;
  /** Probes x rows: sum over trees of t_b(probe) N_bi. */
  private readonly cross: Float64Array;
  private readonly drawn: Float64Array;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private trees = 0;

  constructor(x: Matrix, rng: Rng) {
    this.rows = x.rows;
    this.probes = midpoints(x, probeCount, rng);
    this.cross = new Float64Array(probeCount * x.rows);
    this.drawn = new Float64Array(x.rows);
    this.sum = new Float64Array(probeCount);
    this.squares = new Float64Array(probeCount);
  }

  /** Takes one tree (as a forest of one) and the sample that it grew on. */
  add(tree: Forest, weight: Float64Array): void {
    const { rows, probes, cross, drawn } = this;
    this.trees++;
    for (let i = 0; i < rows; i++) drawn[i] += weight[i];
    for (let j = 0; j < probeCount; j++) {
      const leaf = leafOf(tree, 0, probes.data, j * probes.columns);
      // One class a probe, taking turns.
      const value = tree.leafMean[leaf * tree.outputs + (j % tree.outputs)];
      this.sum[j] += value;
      this.squares[j] += value * value;
      if (value === 0) continue;
      const offset = j * rows;
      for (let i = 0; i < rows; i++) cross[offset + i] += value * weight[i];
    }
  }

  /** In [1 / trees, 1]: the mean of B trees is never surer than B independent ones would make it. */
  share(): number {
    const { rows, cross, drawn, trees } = this;
    let jackknife = 0;
    let between = 0;
    for (let j = 0; j < probeCount; j++) {
      const mean = this.sum[j] / trees;
      const variance = Math.max(0, this.squares[j] / trees - mean * mean);
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const covariance = cross[j * rows + i] / trees - (mean * drawn[i]) / trees;
        sum += covariance * covariance;
      }
      jackknife += sum - (rows / trees) * variance;
      between += variance;
    }
    if (between === 0) return 1;
    return Math.min(1, Math.max(1 / trees, jackknife / between));
  }
}

/** Points halfway between random pairs of rows: near the data, but none that a tree was grown on. */
function midpoints(x: Matrix, n: number, rng: Rng): Matrix {
  const one = takeRows(
    x,
    Int32Array.from({ length: n }, () => rng.integer(x.rows)),
  );
  const other = takeRows(
    x,
    Int32Array.from({ length: n }, () => rng.integer(x.rows)),
  );
  for (let k = 0; k < one.data.length; k++) one.data[k] = one.data[k] / 2 + other.data[k] / 2;
  return one;
}

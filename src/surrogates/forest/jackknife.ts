import { multiply } from "../../core/linalg/multiply.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { leafOf, type Forest } from "./forest.ts";

/** Trees whose samples are multiplied at once. */
const block = 64;

/** More probes average the estimate's noise away; probes x rows numbers are held in memory. */
const probesFor = (rows: number): number => Math.min(256, Math.max(32, Math.floor(4e6 / rows)));

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
  /** Predictions (trees x probes) and samples (trees x rows) that wait to be multiplied. */
  private readonly values: Matrix;
  private readonly samples: Matrix;
  private trees = 0;

  constructor(x: Matrix, rng: Rng) {
    const count = probesFor(x.rows);
    this.rows = x.rows;
    this.probes = midpoints(x, count, rng);
    this.cross = new Float64Array(count * x.rows);
    this.drawn = new Float64Array(x.rows);
    this.sum = new Float64Array(count);
    this.squares = new Float64Array(count);
    this.values = matrix(block, count);
    this.samples = matrix(block, x.rows);
  }

  /** Takes one tree (as a forest of one) and the sample that it grew on. */
  add(tree: Forest, weight: Float64Array): void {
    const { probes, drawn, sum, squares } = this;
    const values = rowOf(this.values, this.trees % block);
    rowOf(this.samples, this.trees % block).set(weight);
    this.trees++;
    for (let i = 0; i < drawn.length; i++) drawn[i] += weight[i];
    for (let j = 0; j < probes.rows; j++) {
      const leaf = leafOf(tree, 0, probes.data, j * probes.columns);
      // One class a probe, taking turns.
      const value = tree.leafMean[leaf * tree.outputs + (j % tree.outputs)];
      values[j] = value;
      sum[j] += value;
      squares[j] += value * value;
    }
    if (this.trees % block === 0) this.multiplyWaiting();
  }

  private multiplyWaiting(): void {
    const { data } = multiply(this.values, this.samples, { transposeA: true });
    for (let k = 0; k < data.length; k++) this.cross[k] += data[k];
    this.values.data.fill(0);
  }

  /** In [1 / trees, 1]: the mean of B trees is never surer than B independent ones would make it. */
  share(): number {
    this.multiplyWaiting();
    const { rows, cross, drawn, trees } = this;
    let jackknife = 0;
    let between = 0;
    for (let j = 0; j < this.sum.length; j++) {
      const mean = this.sum[j] / trees;
      const variance = Math.max(0, this.squares[j] / trees - mean * mean);
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const covariance = (cross[j * rows + i] - mean * drawn[i]) / trees;
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

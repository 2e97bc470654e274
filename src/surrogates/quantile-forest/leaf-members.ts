import type { Matrix } from "../../core/matrix.ts";
import { leafOf, type Splits } from "../forest/forest.ts";

/** The training rows in each leaf of an ensemble of trees, leaf after leaf. */
export interface LeafMembers {
  /** First place of each leaf in `rows`; one more than there are leaves. */
  readonly start: Int32Array;
  /** Trees x n training rows. */
  readonly rows: Int32Array;
}

/** Sends all training rows down all trees. @param x n x inputs */
export function leafMembers(trees: Splits, x: Matrix): LeafMembers {
  const leaves = trees.feature.reduce((count, feature) => count + (feature < 0 ? 1 : 0), 0);
  const reached = new Int32Array(trees.roots.length * x.rows);
  const start = new Int32Array(leaves + 1);
  for (let t = 0; t < trees.roots.length; t++) {
    for (let i = 0; i < x.rows; i++) {
      const leaf = leafOf(trees, t, x.data, i * x.columns);
      reached[t * x.rows + i] = leaf;
      start[leaf + 1]++;
    }
  }
  for (let leaf = 0; leaf < leaves; leaf++) start[leaf + 1] += start[leaf];
  const next = start.slice(0, leaves);
  const rows = new Int32Array(reached.length);
  for (let k = 0; k < reached.length; k++) rows[next[reached[k]]++] = k % x.rows;
  return { start, rows };
}

/**
 * How much each training row counts for one input row: the mean over the trees of 1 / (rows in the leaf)
 * for the training rows that share its leaf. Adds up to one.
 * Source: N. Meinshausen, J. Mach. Learn. Res. 7, 983 (2006), eq. 4.
 * @param weights n numbers, overwritten
 */
export function neighbourWeights(
  trees: Splits,
  members: LeafMembers,
  data: Float64Array,
  at: number,
  weights: Float64Array,
): void {
  weights.fill(0);
  const count = trees.roots.length;
  for (let t = 0; t < count; t++) {
    const leaf = leafOf(trees, t, data, at);
    const [from, to] = [members.start[leaf], members.start[leaf + 1]];
    const share = 1 / (count * (to - from));
    for (let k = from; k < to; k++) weights[members.rows[k]] += share;
  }
}

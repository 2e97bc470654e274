import { takeRows, type Matrix } from "../../core/matrix.ts";
import { rowsOfFold } from "../folds.ts";
import { joinTrees, leafOf, type Forest } from "../forest/forest.ts";
import type { LeafSums, Variances } from "../forest/leaf-sums.ts";
import { blockRows, walkOf } from "../forest/walk.ts";
import type { RandomTree } from "./grow-random-tree.ts";
import { SharedRows } from "./shared-rows.ts";

/** Trees with a row named by each leaf, counted over all leaves. */
export interface NamedForest {
  readonly forest: Forest;
  readonly leafRow: Int32Array;
  /** Rows that leaves may name. */
  readonly trainingRows: number;
}

/** Sums over the trees, and how much the trees lean on the same rows (`SharedRows`). */
export interface SharedSums {
  readonly sums: LeafSums;
  readonly shared: Float64Array;
}

export function nameRows(
  trees: readonly RandomTree[],
  inputs: number,
  trainingRows: number,
): NamedForest {
  const forest = joinTrees(trees, inputs, 1);
  const leafRow = new Int32Array(forest.leafMean.length);
  let next = 0;
  for (const tree of trees) {
    leafRow.set(tree.leafRow, next);
    next += tree.leafRow.length;
  }
  return { forest, leafRow, trainingRows };
}

/** Lays a forest out for sums and shares. */
export function sharingWalk({
  forest,
  leafRow,
  trainingRows,
}: NamedForest): (x: Matrix) => SharedSums {
  const walk = walkOf(forest);
  const { trees } = forest;
  const counter = new SharedRows(trainingRows);
  const named = new Int32Array(trees * blockRows);
  return (x) => {
    const shared = new Float64Array(x.rows);
    const sums = walk(x, (tree, first, leaves) => {
      const base = tree * blockRows;
      for (let p = 0; p < leaves.length; p++) named[base + p] = leafRow[leaves[p]];
      if (tree < trees - 1) return;
      for (let p = 0; p < leaves.length; p++) {
        shared[first + p] = counter.of(named, p, blockRows, trees);
      }
    });
    return { sums, shared };
  };
}

/**
 * Variances of numbers: the squared error that neighbours had when held out, times one factor, is the noise
 * of one measurement; the mean leans on measurements, so `shared` times that noise is the least that is not
 * known of it.
 */
export function sharedVariances(
  shared: Float64Array,
  {
    epistemicShare,
    noiseFactor,
  }: { readonly epistemicShare: number; readonly noiseFactor: number },
): Variances {
  return (sums, row, k) => {
    const noise = (noiseFactor * sums.inside[row]) / sums.trees[row];
    const total = noise * (1 + shared[row]);
    const between = epistemicShare * sums.moments(row, k).between;
    return { total, epistemic: Math.min(total, Math.max(between, noise * shared[row])) };
  };
}

/**
 * Learns the noise of numbers from held-out errors. Every leaf of the trees gets, in place of the variance
 * of its own rows (none at all where it holds one), the error expected of them: what the trees that did not
 * see a row say of the errors of its neighbours.
 * Source: errors of rows that share a leaf: B. Lu, J. Hardin, J. Mach. Learn. Res. 22(8) (2021).
 * @param trees changed: their leaf variances @param judges of each fold, grown on the rows outside of it
 * @param fold of each row @returns the factor that makes expected and held-out errors agree
 */
export function learnSpread(
  trees: RandomTree[],
  judges: readonly RandomTree[][],
  fold: Int32Array,
  x: Matrix,
  target: Float64Array,
): number {
  const errors = new Float64Array(x.rows);
  const expected = new Float64Array(x.rows);
  let found = 0;
  let claimed = 0;
  const sides = judges.map((_, f) => rowsOfFold(fold, f));
  sides.forEach(({ inside }, f) => {
    const sums = walkOf(joinTrees(judges[f], x.columns, 1))(takeRows(x, inside));
    inside.forEach((row, p) => {
      const error = target[row] - sums.moments(p, 0).mean;
      errors[row] = error * error;
      found += error * error;
    });
  });
  sides.forEach(({ inside, outside }, f) => {
    const informed = judges[f].map((tree) => takeLeafErrors(tree, x, outside, errors));
    const walk = sharingWalk(nameRows(informed, x.columns, x.rows));
    const { sums, shared } = walk(takeRows(x, inside));
    inside.forEach((row, p) => {
      expected[row] = sums.inside[p] / sums.trees[p];
      claimed += expected[row] * (1 + shared[p]);
    });
  });
  const everyRow = Int32Array.from(target.keys());
  trees.forEach((tree, t) => (trees[t] = takeLeafErrors(tree, x, everyRow, expected)));
  return claimed > 0 ? found / claimed : 1;
}

/** Turns the variance inside each leaf into the mean of what is given for its rows. */
function takeLeafErrors(
  tree: RandomTree,
  x: Matrix,
  rows: Int32Array,
  errors: Float64Array,
): RandomTree {
  const single = joinTrees([tree], x.columns, 1);
  const leafVariance = new Float64Array(tree.leafMean.length);
  const count = new Int32Array(tree.leafMean.length);
  for (const row of rows) {
    const leaf = leafOf(single, 0, x.data, row * x.columns);
    leafVariance[leaf] += errors[row];
    count[leaf]++;
  }
  for (let leaf = 0; leaf < count.length; leaf++) leafVariance[leaf] /= count[leaf];
  return { ...tree, leafVariance };
}

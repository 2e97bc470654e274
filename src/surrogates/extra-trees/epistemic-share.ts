import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { joinTrees, leafOf } from "../forest/forest.ts";
import type { RandomTreeGrower } from "./grow-random-tree.ts";

/** Divisions of the rows, and the trees of each of the two small forests of a division. */
const divisions = 8;
const treesPerPart = 8;

/** Rows that a small forest grows on; what is left of the two parts is where they are compared. */
const partShare = 0.4;

/** Fewer rows are not divided. */
const leastRows = 10;

/**
 * How much of the variance between trees stays in the mean of endlessly many, because it comes from the
 * rows that happened to be measured. Pairs of small forests are grown on disjoint parts of the rows and
 * compared on rows that neither has seen: their means over k trees differ by twice the sampling variance
 * of the mean and twice the variance between trees over k. The share depends little on the number of
 * rows, unlike the variances themselves. It may exceed 1, because trees on the same rows differ only by
 * their random thresholds; 1 for fewer than 10 rows or trees that do not differ.
 * Source: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd edition
 * (2009), section 15.4.1, eq. 15.5.
 * @param draw weights of a tree's sample from some rows @param x the rows of `grower`, n x d
 */
export function epistemicShare(
  grower: RandomTreeGrower,
  draw: (rows: Int32Array, rng: Rng) => Float64Array,
  x: Matrix,
  outputs: number,
  rng: Rng,
): number {
  if (x.rows < leastRows) return 1;
  let ofMean = 0;
  let between = 0;
  for (let r = 0; r < divisions; r++) {
    const divide = rng.fork(`division ${r}`);
    const order = divide.permutation(x.rows);
    const size = Math.floor(partShare * x.rows);
    const unseen = takeRows(x, order.subarray(2 * size));
    const [here, there] = [0, 1].map((part) => {
      const rows = order.slice(part * size, (part + 1) * size).sort();
      return moments(unseen, outputs, () => grower.grow(draw(rows, divide), divide));
    });
    for (let i = 0; i < here.mean.length; i++) {
      const difference = here.mean[i] - there.mean[i];
      const spread = (here.variance[i] + there.variance[i]) / 2;
      ofMean += (difference * difference) / 2 - spread / treesPerPart;
      between += spread;
    }
  }
  return between > 0 ? Math.max(0, ofMean) / between : 1;
}

/** Mean of some trees and sample variance between them, probes x outputs. */
function moments(
  probes: Matrix,
  outputs: number,
  grow: () => ReturnType<RandomTreeGrower["grow"]>,
): { mean: Float64Array; variance: Float64Array } {
  const sum = new Float64Array(probes.rows * outputs);
  const squares = new Float64Array(probes.rows * outputs);
  for (let t = 0; t < treesPerPart; t++) {
    const tree = joinTrees([grow()], probes.columns, outputs);
    for (let i = 0; i < probes.rows; i++) {
      const leaf = leafOf(tree, 0, probes.data, i * probes.columns);
      for (let k = 0; k < outputs; k++) {
        const value = tree.leafMean[leaf * outputs + k];
        sum[i * outputs + k] += value;
        squares[i * outputs + k] += value * value;
      }
    }
  }
  const mean = sum.map((total) => total / treesPerPart);
  const variance = squares.map((total, i) =>
    Math.max(0, (total - treesPerPart * mean[i] * mean[i]) / (treesPerPart - 1)),
  );
  return { mean, variance };
}

import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { joinTrees, leafOf } from "./forest.ts";
import type { Tree } from "./tree.ts";

/** Divisions of the rows: more of few rows, which are grown on fast and say little each. */
const divisionsOf = (rows: number): number => Math.min(32, Math.max(8, Math.ceil(4000 / rows)));

/** Trees of each of the two small forests of a division. */
const treesPerPart = 8;

/** Rows that a small forest grows on; what is left of the two parts is where they are compared. */
const partShare = 0.4;

/** Most rows of a part, and most on which parts are compared. */
const mostRows = 2000;

/** Fewer rows are not divided. */
const leastRows = 10;

/**
 * How much of the variance between trees is left in the mean of endlessly many: rho / (1 - rho), rho
 * being the correlation between trees grown on the same rows. Measured by growing pairs of small forests
 * on disjoint parts of the rows and comparing them on rows that neither has seen: the means of k trees
 * differ by twice the sampling variance of the mean and twice the variance between trees over k. The
 * share depends little on the number of rows, unlike the variances themselves. It may exceed 1 where trees
 * on the same rows differ only by random thresholds; 1 for fewer than 10 rows or trees that do not differ.
 *
 * The infinitesimal jackknife was tried in its place: with 500 trees its share came out four times too
 * small on measured alloys and changed by half between seeds.
 * Source: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd edition
 * (2009), section 15.4.1, eq. 15.5.
 * @param grow a tree on some of the rows of x, or on a sample of them @param x n x d
 */
export function epistemicShare(
  grow: (rows: Int32Array, rng: Rng) => Tree,
  x: Matrix,
  outputs: number,
  rng: Rng,
): number {
  if (x.rows < leastRows) return 1;
  let ofMean = 0;
  let between = 0;
  for (let r = 0; r < divisionsOf(x.rows); r++) {
    const draw = rng.fork(`division ${r}`);
    const order = draw.permutation(x.rows);
    const size = Math.min(mostRows, Math.floor(partShare * x.rows));
    const unseen = takeRows(x, order.subarray(2 * size, 2 * size + mostRows));
    const [here, there] = [0, 1].map((part) =>
      momentsOf(grow, order.subarray(part * size, (part + 1) * size), unseen, outputs, draw),
    );
    for (let i = 0; i < here.mean.length; i++) {
      const difference = here.mean[i] - there.mean[i];
      const spread = (here.variance[i] + there.variance[i]) / 2;
      ofMean += (difference * difference) / 2 - spread / treesPerPart;
      between += spread;
    }
  }
  return between > 0 ? Math.max(0, ofMean) / between : 1;
}

/** Mean of the trees grown on some rows and sample variance between them, probes x outputs. */
function momentsOf(
  grow: (rows: Int32Array, rng: Rng) => Tree,
  part: Int32Array,
  probes: Matrix,
  outputs: number,
  rng: Rng,
): { mean: Float64Array; variance: Float64Array } {
  const sum = new Float64Array(probes.rows * outputs);
  const squares = new Float64Array(probes.rows * outputs);
  for (let t = 0; t < treesPerPart; t++) {
    const tree = joinTrees([grow(part, rng)], probes.columns, outputs);
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

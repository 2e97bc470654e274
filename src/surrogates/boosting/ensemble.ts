import { matrix, type Matrix } from "../../core/matrix.ts";
import { joinTrees, type Forest } from "../forest/forest.ts";
import { blockRows, residentTrees, type ResidentTrees } from "../forest/walk.ts";
import { missingCode } from "./bins.ts";
import { setBytes, type BoostedTree } from "./grow.ts";
import { sigmoid, softmaxAt } from "./losses.ts";
import type { BoostedModel } from "./train.ts";

/** Trees joined like a forest, with where missing values and levels go. */
export interface JoinedTrees extends Pick<BoostedTree, "missingRight" | "levelSet" | "sets"> {
  /** One for each score. */
  readonly start: Float64Array;
  readonly forest: Forest;
}

/** A boosted model laid out for predictions. */
export interface Boosted {
  readonly joined: JoinedTrees;
  /** For rows without missing values where no split is on a category. */
  readonly resident: ResidentTrees;
}

/** Joins the trees of a trained model. */
export function joinModel({ start, trees }: BoostedModel, inputs: number): JoinedTrees {
  const forest = joinTrees(trees, inputs, 1);
  const nodes = forest.left.length;
  const joined = {
    start,
    forest,
    missingRight: new Uint8Array(nodes),
    levelSet: new Int32Array(nodes).fill(-1),
    sets: new Uint8Array(trees.reduce((sum, { sets }) => sum + sets.length, 0)),
  };
  let node = 0;
  let bytes = 0;
  for (const { missingRight, levelSet, sets } of trees) {
    joined.missingRight.set(missingRight, node);
    levelSet.forEach((set, k) => {
      if (set >= 0) joined.levelSet[node + k] = set + bytes / setBytes;
    });
    joined.sets.set(sets, bytes);
    node += levelSet.length;
    bytes += sets.length;
  }
  return joined;
}

/** Lays joined trees out for predictions. */
export function layOut(joined: JoinedTrees): Boosted {
  return { joined, resident: residentTrees(joined.forest) };
}

/** The leaf, counted over all trees, that the row of inputs at `x[offset]` reaches in tree t. */
function leafByRules(joined: JoinedTrees, t: number, x: Float64Array, offset: number): number {
  const { forest, missingRight, levelSet, sets } = joined;
  const { feature, threshold, left, roots } = forest;
  let node = roots[t];
  for (let j = feature[node]; j >= 0; j = feature[node]!) {
    const value = x[offset + j];
    const isMissing = Number.isNaN(value);
    const set = levelSet[node];
    let right: number;
    if (set >= 0) {
      const code = isMissing ? missingCode : value;
      right = (sets[setBytes * set + (code >> 3)] >> (code & 7)) & 1;
    } else {
      right = isMissing ? missingRight[node] : Number(value > threshold[node]);
    }
    node = left[node] + right;
  }
  return left[node];
}

/**
 * Scores (m x scores) of the rows of x after each of the given numbers of rounds, ascending.
 * @param rounds the last one is what the model says
 */
export function scoresAfter(model: Boosted, x: Matrix, rounds: readonly number[]): Matrix[] {
  const { joined, resident } = model;
  const { start, forest, sets } = joined;
  const width = start.length;
  const results = rounds.map(() => matrix(x.rows, width));
  const scores = new Float64Array(blockRows * width);
  const hasRules = sets.length > 0 || x.data.some(Number.isNaN);
  const byRules = new Int32Array(hasRules ? blockRows : 0);
  for (let first = 0; first < x.rows; first += blockRows) {
    const count = hasRules ? Math.min(blockRows, x.rows - first) : resident.load(x, first);
    for (let p = 0; p < count * width; p++) scores[p] = start[p % width];
    let tree = 0;
    rounds.forEach((until, r) => {
      for (; tree < until * width; tree++) {
        const k = tree % width;
        if (hasRules) {
          for (let p = 0; p < count; p++) {
            byRules[p] = leafByRules(joined, tree, x.data, (first + p) * x.columns);
          }
        }
        const leaves = hasRules ? byRules : resident.leavesOf(tree);
        for (let p = 0; p < count; p++) scores[p * width + k] += forest.leafMean[leaves[p]];
      }
      results[r].data.set(scores.subarray(0, count * width), first * width);
    });
  }
  return results;
}

/** What scores mean, m x outputs: the number itself, or the probability of each class. */
export function answers(scores: Matrix, outputs: number): Matrix {
  if (outputs === 1) return scores;
  const result = matrix(scores.rows, outputs);
  for (let i = 0; i < scores.rows; i++) {
    if (scores.columns === 1) {
      const p = sigmoid(scores.data[i]);
      result.data.set([1 - p, p], 2 * i);
    } else {
      softmaxAt(result.data, scores.data, outputs, i);
    }
  }
  return result;
}

/** Mean of equally large matrices, and their spread about it: the sum of squares times `factor`. */
export function combine(
  parts: readonly Matrix[],
  factor: number,
): { readonly mean: Matrix; readonly variance: Float64Array } {
  const { rows, columns } = parts[0];
  const mean = matrix(rows, columns);
  const variance = new Float64Array(rows * columns);
  for (let k = 0; k < variance.length; k++) {
    let sum = 0;
    for (const part of parts) sum += part.data[k];
    mean.data[k] = sum / parts.length;
    for (const part of parts) {
      const difference = part.data[k] - mean.data[k];
      variance[k] += factor * difference * difference;
    }
  }
  return { mean, variance };
}

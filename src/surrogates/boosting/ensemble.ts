import { matrix, type Matrix } from "../../core/matrix.ts";
import { joinTrees, type Forest } from "../forest/forest.ts";
import { blockRows, residentTrees, type ResidentTrees } from "../forest/walk.ts";
import { sigmoid, softmaxAt } from "./losses.ts";
import type { BoostedModel } from "./train.ts";

/** A boosted model laid out for predictions. */
export interface Boosted {
  readonly start: Float64Array;
  readonly forest: Forest;
  readonly resident: ResidentTrees;
}

/** Lays a trained model out for predictions. */
export function layOut({ start, trees }: BoostedModel, inputs: number): Boosted {
  const forest = joinTrees(trees, inputs, 1);
  return { start, forest, resident: residentTrees(forest) };
}

/**
 * Scores (m x scores) of the rows of x after each of the given numbers of rounds, ascending.
 * @param rounds the last one is what the model says
 */
export function scoresAfter(model: Boosted, x: Matrix, rounds: readonly number[]): Matrix[] {
  const { start, forest, resident } = model;
  const width = start.length;
  const results = rounds.map(() => matrix(x.rows, width));
  const scores = new Float64Array(blockRows * width);
  for (let first = 0; first < x.rows; first += blockRows) {
    const count = resident.load(x, first);
    for (let p = 0; p < count * width; p++) scores[p] = start[p % width];
    let tree = 0;
    rounds.forEach((until, r) => {
      for (; tree < until * width; tree++) {
        const k = tree % width;
        const leaves = resident.leavesOf(tree);
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

import { matrix, type Matrix } from "../../core/matrix.ts";
import type { Prediction } from "../contract.ts";
import type { Forest } from "./forest.ts";

/** Running sums over trees of what the leaves say about each row. */
export class LeafSums {
  readonly outputs: number;
  /** Rows x outputs. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  /** Rows: summed variance inside the leaves (numbers only). */
  readonly inside: Float64Array;
  /** Trees counted for each row. */
  readonly trees: Int32Array;

  constructor(rows: number, outputs: number) {
    this.outputs = outputs;
    this.sum = new Float64Array(rows * outputs);
    this.squares = new Float64Array(rows * outputs);
    this.inside = new Float64Array(outputs === 1 ? rows : 0);
    this.trees = new Int32Array(rows);
  }

  add(row: number, forest: Forest, leaf: number): void {
    const { outputs, sum, squares } = this;
    this.trees[row]++;
    for (let k = 0; k < outputs; k++) {
      const value = forest.leafMean[leaf * outputs + k];
      sum[row * outputs + k] += value;
      squares[row * outputs + k] += value * value;
    }
    if (outputs === 1) this.inside[row] += forest.leafVariance[leaf];
  }

  /** Mean over the trees and variance between them for output k of a row. */
  moments(row: number, k: number): { mean: number; between: number } {
    const trees = this.trees[row];
    const mean = this.sum[row * this.outputs + k] / trees;
    const between = this.squares[row * this.outputs + k] / trees - mean * mean;
    return { mean, between: Math.max(0, between) };
  }

  /** Law of total variance: mean variance inside the leaves plus variance between the trees. */
  totalVariance(row: number): number {
    return this.inside[row] / this.trees[row] + this.moments(row, 0).between;
  }
}

/** How sums become predictions; found once in `fit`. */
export interface SpreadModel {
  /** Share of the variance between trees that stays in their mean (see `epistemicShare`). */
  readonly epistemicShare: number;
  /** Out-of-bag squared errors over the total variance that the trees claim (numbers only). */
  readonly noiseFactor: number;
  /** What turns standardised numbers into the caller's: `offset + scale z`. */
  readonly offset: number;
  readonly scale: number;
}

/** What of the variance of output k of a row is total, and what of it epistemic. */
export type Variances = (
  sums: LeafSums,
  row: number,
  k: number,
) => { readonly total: number; readonly epistemic: number };

/** Variances of a forest: see `randomForest`. */
export function forestVariances({ epistemicShare, noiseFactor }: SpreadModel): Variances {
  return (sums, row, k) => {
    const { mean, between } = sums.moments(row, k);
    const total = sums.outputs === 1 ? noiseFactor * sums.totalVariance(row) : mean * (1 - mean);
    return { total, epistemic: Math.min(epistemicShare * between, total) };
  };
}

/** Predictions of the chosen rows; each must have been counted in at least one tree. */
export function toPrediction(
  sums: LeafSums,
  rows: Int32Array,
  { offset, scale }: Pick<SpreadModel, "offset" | "scale">,
  variances: Variances,
): Prediction {
  const { outputs } = sums;
  const empty = (): Matrix => matrix(rows.length, outputs);
  const [mean, epistemicStd, aleatoricStd] = [empty(), empty(), empty()];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    for (let k = 0; k < outputs; k++) {
      const place = i * outputs + k;
      const { total, epistemic } = variances(sums, row, k);
      mean.data[place] = offset + scale * sums.moments(row, k).mean;
      epistemicStd.data[place] = scale * Math.sqrt(epistemic);
      aleatoricStd.data[place] = scale * Math.sqrt(Math.max(0, total - epistemic));
    }
  }
  return { mean, epistemicStd, aleatoricStd };
}

import type { Rng } from "../../core/rng.ts";
import type { TrainingSet } from "../forest/training-set.ts";
import type { Tree, TreeSettings } from "../forest/tree.ts";
import { writeLeaf } from "../forest/write-leaf.ts";

/** A score must beat another by this share: below that, rounding would choose. */
const scoreTolerance = 1e-12;

/** A tree whose leaves name one of their rows, drawn by weight. */
export interface RandomTree extends Tree {
  readonly leafRow: Int32Array;
}

/** What growing at random needs of a training set: no column is sorted. */
export type UnsortedSet = Omit<TrainingSet, "order">;

/**
 * Grows trees whose thresholds are drawn at random: each of the inputs tried at a node gets one
 * threshold, uniform between its least and largest value in the node, and the best of these splits
 * (least variance or Gini impurity) is taken. One grower holds the scratch memory.
 * Source: P. Geurts, D. Ernst, L. Wehenkel, Mach. Learn. 63, 3 (2006), doi:10.1007/s10994-006-6226-1.
 */
export class RandomTreeGrower {
  readonly leafMean: Float64Array;
  readonly leafVariance: Float64Array;
  private readonly leafRow: Int32Array;
  private readonly set: UnsortedSet;
  private readonly settings: TreeSettings;
  /** Rows of the sample; a node owns a range. */
  private readonly list: Int32Array;
  private readonly featureOrder: Int32Array;
  private readonly leftCounts: Float64Array;
  private readonly allCounts: Float64Array;
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  private readonly left: Int32Array;
  /** Open nodes: node, start, end, depth. */
  private readonly stack: Int32Array;
  private weight: Float64Array = new Float64Array(0);
  private nodes = 0;
  private leaves = 0;
  private bestScore = 0;
  private bestFeature = -1;
  private bestThreshold = 0;

  constructor(set: UnsortedSet, settings: TreeSettings) {
    const { rows, features, outputs } = set;
    this.set = set;
    this.settings = settings;
    this.list = new Int32Array(rows);
    this.featureOrder = new Int32Array(features);
    this.leftCounts = new Float64Array(outputs);
    this.allCounts = new Float64Array(outputs);
    this.feature = new Int32Array(2 * rows);
    this.threshold = new Float64Array(2 * rows);
    this.left = new Int32Array(2 * rows);
    this.leafMean = new Float64Array(rows * outputs);
    this.leafVariance = new Float64Array(rows);
    this.leafRow = new Int32Array(rows);
    this.stack = new Int32Array(4 * (rows + 1));
  }

  /**
   * One tree.
   * @param weight how often each row is in the sample, 0 = left out; at least one row is in
   * @param rng draws inputs and thresholds
   */
  grow(weight: Float64Array, rng: Rng): RandomTree {
    const { rows, features, outputs } = this.set;
    const { stack, list } = this;
    this.weight = weight;
    this.nodes = 1;
    this.leaves = 0;
    let size = 0;
    for (let i = 0; i < rows; i++) {
      list[size] = i;
      size += weight[i] > 0 ? 1 : 0;
    }
    for (let j = 0; j < features; j++) this.featureOrder[j] = j;
    let deepest = 0;
    let top = push(stack, 0, 0, 0, size, 0);
    while (top > 0) {
      top -= 4;
      const [node, start, end, depth] = [
        stack[top],
        stack[top + 1],
        stack[top + 2],
        stack[top + 3],
      ];
      deepest = Math.max(deepest, depth);
      if (this.isTerminal(start, end, depth) || !this.findSplit(start, end, rng)) {
        this.feature[node] = -1;
        this.threshold[node] = 0;
        this.left[node] = this.leaves;
        this.leafRow[this.leaves] = this.drawRow(start, end, rng);
        writeLeaf(this, this.leaves++, this.set, weight, list, start, end);
        continue;
      }
      const middle = this.divide(start, end);
      const leftNode = this.nodes;
      this.nodes += 2;
      this.feature[node] = this.bestFeature;
      this.threshold[node] = this.bestThreshold;
      this.left[node] = leftNode;
      top = push(stack, top, leftNode + 1, middle, end, depth + 1);
      top = push(stack, top, leftNode, start, middle, depth + 1);
    }
    return {
      feature: this.feature.slice(0, this.nodes),
      threshold: this.threshold.slice(0, this.nodes),
      left: this.left.slice(0, this.nodes),
      leafMean: this.leafMean.slice(0, this.leaves * outputs),
      leafVariance: this.leafVariance.slice(0, outputs === 1 ? this.leaves : 0),
      leafRow: this.leafRow.slice(0, this.leaves),
      depth: deepest,
    };
  }

  private drawRow(start: number, end: number, rng: Rng): number {
    const { list, weight } = this;
    if (end - start === 1) return list[start];
    let total = 0;
    for (let p = start; p < end; p++) total += weight[list[p]];
    let left = rng.uniform() * total;
    let place = start;
    for (; place < end - 1; place++) {
      left -= weight[list[place]];
      if (left < 0) break;
    }
    return list[place];
  }

  private isTerminal(start: number, end: number, depth: number): boolean {
    const { list } = this;
    const { maxDepth, minLeaf } = this.settings;
    if (depth >= maxDepth || end - start < 2 * minLeaf || end - start < 2) return true;
    const { target } = this.set;
    const first = target[list[start]];
    for (let p = start + 1; p < end; p++) if (target[list[p]] !== first) return false;
    return true;
  }

  /** Tries `maxFeatures` random inputs that vary in the node; false when none can be split. */
  private findSplit(start: number, end: number, rng: Rng): boolean {
    const { rows, features, columns, outputs, target } = this.set;
    const { list, featureOrder, weight, allCounts } = this;
    this.bestScore = -1;
    this.bestFeature = -1;
    let total = 0;
    let sum = 0;
    if (outputs > 2) allCounts.fill(0);
    for (let p = start; p < end; p++) {
      const row = list[p];
      total += weight[row];
      sum += weight[row] * target[row];
      if (outputs > 2) allCounts[target[row]] += weight[row];
    }
    let tried = 0;
    for (let k = features; k > 0 && tried < this.settings.maxFeatures; k--) {
      const pick = Math.floor(rng.uniform() * k);
      const j = featureOrder[pick];
      featureOrder[pick] = featureOrder[k - 1]!;
      featureOrder[k - 1] = j;
      const base = j * rows;
      let low = columns[base + list[start]];
      let high = low;
      for (let p = start + 1; p < end; p++) {
        const value = columns[base + list[p]];
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
      if (low === high) continue;
      tried++;
      // Halves keep the range of the largest numbers finite.
      const drawn = low + 2 * (rng.uniform() * (high / 2 - low / 2));
      const threshold = drawn < high ? drawn : low;
      if (outputs > 2) this.judgeClasses(j, threshold, start, end, total);
      else this.judgeNumbers(j, threshold, start, end, total, sum);
    }
    return this.bestFeature >= 0;
  }

  /** S_left^2 / W_left + S_right^2 / W_right of one split, S being sums of weighted targets. */
  private judgeNumbers(
    j: number,
    threshold: number,
    start: number,
    end: number,
    total: number,
    sum: number,
  ): void {
    const { rows, columns, target } = this.set;
    const { list, weight } = this;
    const base = j * rows;
    let leftRows = 0;
    let leftWeight = 0;
    let leftSum = 0;
    for (let p = start; p < end; p++) {
      const row = list[p];
      const goesLeft = Number(columns[base + row] <= threshold);
      leftRows += goesLeft;
      leftWeight += goesLeft * weight[row];
      leftSum += goesLeft * weight[row] * target[row];
    }
    const rightSum = sum - leftSum;
    const score = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (total - leftWeight);
    this.keepIfBetter(j, threshold, score, leftRows, end - start);
  }

  /** The same for three classes and more: squared class weights over the side's weight. */
  private judgeClasses(
    j: number,
    threshold: number,
    start: number,
    end: number,
    total: number,
  ): void {
    const { rows, columns, target } = this.set;
    const { list, weight, leftCounts, allCounts } = this;
    const base = j * rows;
    leftCounts.fill(0);
    let leftRows = 0;
    let leftWeight = 0;
    for (let p = start; p < end; p++) {
      const row = list[p];
      if (columns[base + row] > threshold) continue;
      leftRows++;
      leftWeight += weight[row];
      leftCounts[target[row]] += weight[row];
    }
    let leftSquares = 0;
    let rightSquares = 0;
    for (let k = 0; k < leftCounts.length; k++) {
      const right = allCounts[k] - leftCounts[k];
      leftSquares += leftCounts[k] * leftCounts[k];
      rightSquares += right * right;
    }
    const score = leftSquares / leftWeight + rightSquares / (total - leftWeight);
    this.keepIfBetter(j, threshold, score, leftRows, end - start);
  }

  private keepIfBetter(
    j: number,
    threshold: number,
    score: number,
    leftRows: number,
    rows: number,
  ): void {
    const { minLeaf } = this.settings;
    if (leftRows < minLeaf || rows - leftRows < minLeaf) return;
    if (!(score > this.bestScore * (1 + scoreTolerance))) return;
    this.bestScore = score;
    this.bestFeature = j;
    this.bestThreshold = threshold;
  }

  /** Puts the rows that go left first; returns where the others begin. */
  private divide(start: number, end: number): number {
    const { rows, columns } = this.set;
    const { list, bestThreshold } = this;
    const base = this.bestFeature * rows;
    let next = start;
    for (let p = start; p < end; p++) {
      const row = list[p];
      if (columns[base + row] > bestThreshold) continue;
      list[p] = list[next]!;
      list[next++] = row;
    }
    return next;
  }
}

/** Puts an open node on the stack; returns the new top. */
function push(
  stack: Int32Array,
  top: number,
  node: number,
  start: number,
  end: number,
  depth: number,
): number {
  stack[top] = node;
  stack[top + 1] = start;
  stack[top + 2] = end;
  stack[top + 3] = depth;
  return top + 4;
}

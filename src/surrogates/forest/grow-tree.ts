import type { Rng } from "../../core/rng.ts";
import { packedRoom, packedRows, packRows, type GrownRows } from "./grown-rows.ts";
import type { TrainingSet } from "./training-set.ts";
import type { Tree, TreeSettings } from "./tree.ts";
import { writeLeaf } from "./write-leaf.ts";

/**
 * Grows trees by exact best splits (variance or Gini impurity). The rows of a node stay sorted by
 * every input: a split divides each sorted list stably, so nothing is sorted again after the first
 * time. A node small enough takes its rows along into a room of their own. One grower holds the scratch
 * memory; its trees do not depend on each other.
 * Source: L. Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324; presorting after
 * J. Shafer, R. Agrawal, M. Mehta, "SPRINT", VLDB (1996).
 */
export class TreeGrower {
  private readonly set: TrainingSet;
  private readonly settings: TreeSettings;
  /** All rows, those of one subtree, and whichever of them is grown on now. */
  private readonly all: Omit<GrownRows, "weight">;
  private readonly packed: GrownRows;
  private now: GrownRows;
  private readonly spare: Int32Array;
  private readonly featureOrder: Int32Array;
  private readonly leftCounts: Float64Array;
  private readonly rightCounts: Float64Array;
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  private readonly left: Int32Array;
  readonly leafMean: Float64Array;
  readonly leafVariance: Float64Array;
  /** Open nodes: node, start, end, depth, and a list that surely holds exactly the node's rows. */
  private readonly stack: Int32Array;
  private nodes = 0;
  private leaves = 0;
  private depth = 0;
  private bestScore = 0;
  private bestFeature = -1;
  private bestLast = 0;

  /** @param room rows of a node from which on it takes them along; the tree is the same for any */
  constructor(set: TrainingSet, settings: TreeSettings, room = packedRows(set.features)) {
    const { rows, features, outputs } = set;
    this.set = set;
    this.settings = settings;
    this.all = {
      stride: rows,
      columns: set.columns,
      target: set.target,
      lists: new Int32Array(rows * features),
      weightedTarget: new Float64Array(rows),
      goesLeft: new Uint8Array(rows),
    };
    // Rows that all fit in are not worth the copy.
    this.packed = packedRoom(rows > 2 * room ? room : 0, features);
    this.now = this.packed;
    this.spare = new Int32Array(rows);
    this.featureOrder = new Int32Array(features);
    this.leftCounts = new Float64Array(outputs);
    this.rightCounts = new Float64Array(outputs);
    this.feature = new Int32Array(2 * rows);
    this.threshold = new Float64Array(2 * rows);
    this.left = new Int32Array(2 * rows);
    this.leafMean = new Float64Array(rows * outputs);
    this.leafVariance = new Float64Array(rows);
    this.stack = new Int32Array(5 * (rows + 1));
  }

  /** Rows of the training set. */
  get rows(): number {
    return this.set.rows;
  }

  /**
   * One tree.
   * @param weight how often each row is in the sample, 0 = left out; at least one row is in
   * @param rng draws the inputs that each split tries
   */
  grow(weight: Float64Array, rng: Rng): Tree {
    const { rows, features, outputs, target } = this.set;
    this.now = { ...this.all, weight };
    this.nodes = 0;
    this.leaves = 0;
    this.depth = 0;
    const size = this.fillLists();
    for (let j = 0; j < features; j++) this.featureOrder[j] = j;
    const { weightedTarget } = this.now;
    for (let i = 0; i < rows; i++) weightedTarget[i] = weight[i] * target[i];
    this.growFrom(0, this.openNode(0, this.nodes++, 0, size, 0, 0), rng);
    return {
      feature: this.feature.slice(0, this.nodes),
      threshold: this.threshold.slice(0, this.nodes),
      left: this.left.slice(0, this.nodes),
      leafMean: this.leafMean.slice(0, this.leaves * outputs),
      leafVariance: this.leafVariance.slice(0, outputs === 1 ? this.leaves : 0),
      depth: this.depth,
    };
  }

  /** Grows all nodes of the stack between the two heights. */
  private growFrom(bottom: number, top: number, rng: Rng): void {
    const { stack, packed } = this;
    while (top > bottom) {
      top -= 5;
      const node = stack[top];
      const start = stack[top + 1];
      const end = stack[top + 2];
      const depth = stack[top + 3];
      const base = stack[top + 4];
      if (end - start <= packed.stride && this.now !== packed) {
        this.growPacked(top, rng);
      } else if (this.findSplit(start, end, rng)) {
        top = this.split(top, node, start, end, depth);
      } else {
        this.closeNode(node, start, end, base);
      }
    }
  }

  /** Grows the node at this height of the stack on rows of its own. */
  private growPacked(top: number, rng: Rng): void {
    const { stack, now, packed, spare } = this;
    const start = stack[top + 1];
    const end = stack[top + 2];
    packRows(now, packed, this.set.features, stack[top + 4], start, end, spare);
    stack[top + 1] = 0;
    stack[top + 2] = end - start;
    stack[top + 4] = 0;
    this.now = packed;
    this.growFrom(top, top + 5, rng);
    this.now = now;
  }

  /** Keeps the rows with a weight, in the order of every input. */
  private fillLists(): number {
    const { rows, features, order } = this.set;
    const { lists, weight } = this.now;
    let size = 0;
    for (let j = 0; j < features; j++) {
      const base = j * rows;
      size = 0;
      for (let p = base; p < base + rows; p++) {
        const row = order[p];
        lists[base + size] = row;
        size += weight[row] > 0 ? 1 : 0;
      }
    }
    return size;
  }

  /** Puts a node on the stack, or closes it at once when it cannot be split. Returns the new top. */
  private openNode(
    top: number,
    node: number,
    start: number,
    end: number,
    depth: number,
    base: number,
  ): number {
    if (depth > this.depth) this.depth = depth;
    if (this.isTerminal(start, end, depth, base)) {
      this.closeNode(node, start, end, base);
      return top;
    }
    const { stack } = this;
    stack[top] = node;
    stack[top + 1] = start;
    stack[top + 2] = end;
    stack[top + 3] = depth;
    stack[top + 4] = base;
    return top + 5;
  }

  private isTerminal(start: number, end: number, depth: number, base: number): boolean {
    const { lists, target } = this.now;
    const { maxDepth, minLeaf } = this.settings;
    if (depth >= maxDepth || end - start < 2 * minLeaf || end - start < 2) return true;
    const first = target[lists[base + start]];
    for (let p = start + 1; p < end; p++) if (target[lists[base + p]] !== first) return false;
    return true;
  }

  private closeNode(node: number, start: number, end: number, base: number): void {
    const leaf = this.leaves++;
    this.feature[node] = -1;
    this.threshold[node] = 0;
    this.left[node] = leaf;
    const { target, weight, lists } = this.now;
    const { outputs } = this.set;
    writeLeaf(this, leaf, { outputs, target }, weight, lists, base + start, base + end);
  }

  /** Tries `maxFeatures` random inputs that vary in the node; false when none can be split. */
  private findSplit(start: number, end: number, rng: Rng): boolean {
    const { features, outputs } = this.set;
    const { stride: rows, columns, lists } = this.now;
    const { featureOrder } = this;
    this.bestScore = Number.NEGATIVE_INFINITY;
    this.bestFeature = -1;
    let tried = 0;
    for (let k = features; k > 0 && tried < this.settings.maxFeatures; k--) {
      const pick = Math.floor(rng.uniform() * k);
      const j = featureOrder[pick];
      featureOrder[pick] = featureOrder[k - 1]!;
      featureOrder[k - 1] = j;
      const base = j * rows;
      if (columns[base + lists[base + start]] === columns[base + lists[base + end - 1]]) continue;
      tried++;
      if (outputs > 2) this.scanClasses(j, start, end);
      else this.scanNumbers(j, start, end);
    }
    return this.bestFeature >= 0;
  }

  /**
   * Best threshold of one input by the largest S_left^2 / W_left + S_right^2 / W_right, where S sums
   * weighted targets: least variance for numbers, and for two classes (targets 0 and 1) least Gini.
   */
  private scanNumbers(j: number, start: number, end: number): void {
    const { stride: rows, columns, lists, weight, weightedTarget } = this.now;
    const { minLeaf } = this.settings;
    const base = j * rows;
    let total = 0;
    let sum = 0;
    for (let p = base + start; p < base + end; p++) {
      const row = lists[p];
      total += weight[row];
      sum += weightedTarget[row];
    }
    let bestScore = this.bestScore;
    let best = -1;
    let leftWeight = 0;
    let leftSum = 0;
    const last = base + end - minLeaf;
    const firstAllowed = base + start + minLeaf - 1;
    let row = lists[base + start];
    let value = columns[base + row];
    for (let p = base + start; p < last; p++) {
      leftWeight += weight[row];
      leftSum += weightedTarget[row];
      row = lists[p + 1]!;
      const next = columns[base + row];
      if (value !== next) {
        value = next;
        if (p >= firstAllowed) {
          const rightSum = sum - leftSum;
          const score =
            (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (total - leftWeight);
          if (score > bestScore) {
            bestScore = score;
            best = p;
          }
        }
      }
    }
    if (best >= 0) {
      this.bestScore = bestScore;
      this.bestFeature = j;
      this.bestLast = best - base;
    }
  }

  /** The same for three classes and more: largest sum of squared class weights over the side's weight. */
  private scanClasses(j: number, start: number, end: number): void {
    const { stride: rows, columns, target, lists, weight } = this.now;
    const { leftCounts, rightCounts } = this;
    const { minLeaf } = this.settings;
    const base = j * rows;
    leftCounts.fill(0);
    rightCounts.fill(0);
    let rightWeight = 0;
    for (let p = base + start; p < base + end; p++) {
      const row = lists[p];
      rightCounts[target[row]] += weight[row];
      rightWeight += weight[row];
    }
    let rightSquares = 0;
    for (const count of rightCounts) rightSquares += count * count;
    let leftWeight = 0;
    let leftSquares = 0;
    for (let p = start; p < end - minLeaf; p++) {
      const row = lists[base + p];
      const w = weight[row];
      const k = target[row];
      leftSquares += w * (2 * leftCounts[k] + w);
      rightSquares -= w * (2 * rightCounts[k] - w);
      leftCounts[k] += w;
      rightCounts[k] -= w;
      leftWeight += w;
      rightWeight -= w;
      if (p - start + 1 < minLeaf) continue;
      if (columns[base + row] === columns[base + lists[base + p + 1]]) continue;
      const score = leftSquares / leftWeight + rightSquares / rightWeight;
      if (score > this.bestScore) {
        this.bestScore = score;
        this.bestFeature = j;
        this.bestLast = p;
      }
    }
  }

  /** Divides every list at the best split and opens the two children. Returns the new top. */
  private split(top: number, node: number, start: number, end: number, depth: number): number {
    const { features } = this.set;
    const { stride: rows, columns, lists, goesLeft } = this.now;
    const chosen = this.bestFeature;
    const base = chosen * rows;
    const middle = this.bestLast + 1;
    const low = columns[base + lists[base + middle - 1]];
    const high = columns[base + lists[base + middle]];
    const between = low + (high - low) / 2;
    const leftNode = this.nodes;
    this.nodes += 2;
    this.feature[node] = chosen;
    this.threshold[node] = between < high ? between : low;
    this.left[node] = leftNode;

    const before = top;
    top = this.openNode(top, leftNode + 1, middle, end, depth + 1, base);
    const keepRight = top > before;
    const afterRight = top;
    top = this.openNode(top, leftNode, start, middle, depth + 1, base);
    const keepLeft = top > afterRight;
    if (!keepLeft && !keepRight) return top;

    for (let p = start; p < middle; p++) goesLeft[lists[base + p]] = 1;
    for (let p = middle; p < end; p++) goesLeft[lists[base + p]] = 0;
    for (let j = 0; j < features; j++) {
      if (j !== chosen) this.divide(j * rows, start, end, keepLeft, keepRight);
    }
    return top;
  }

  /** Stable partition of one sorted list; the side of a closed child need not be kept. */
  private divide(
    base: number,
    start: number,
    end: number,
    keepLeft: boolean,
    keepRight: boolean,
  ): void {
    const { columns, lists, goesLeft } = this.now;
    const { spare } = this;
    const from = base + start;
    const to = base + end;
    // An input that is constant here stays so below: its order is never read again.
    if (columns[base + lists[from]] === columns[base + lists[to - 1]]) return;
    if (!keepRight) {
      let next = from;
      for (let p = from; p < to; p++) {
        const row = lists[p];
        lists[next] = row;
        next += goesLeft[row];
      }
      return;
    }
    if (!keepLeft) {
      let next = to - 1;
      for (let p = to - 1; p >= from; p--) {
        const row = lists[p];
        lists[next] = row;
        next -= 1 - goesLeft[row];
      }
      return;
    }
    let next = from;
    let kept = 0;
    for (let p = from; p < to; p++) {
      const row = lists[p];
      const left = goesLeft[row];
      lists[next] = row;
      spare[kept] = row;
      next += left;
      kept += 1 - left;
    }
    for (let k = 0; k < kept; k++) lists[next + k] = spare[k]!;
  }
}

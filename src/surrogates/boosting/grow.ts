import type { Matrix } from "../../core/matrix.ts";
import { residentKernels, type KernelFunctions } from "../../kernels/instance.ts";
import type { Tree } from "../forest/tree.ts";
import { blockColumns, codePlace, writeCodes } from "./bins.ts";

/** What limits and shrinks the trees. */
export interface GrowSettings {
  /** Most leaves of a tree. */
  readonly leaves: number;
  /** Most splits between root and leaf. */
  readonly maxDepth: number;
  /** Least training rows in a leaf. */
  readonly minLeaf: number;
  /** Added to the summed curvature of a leaf. */
  readonly l2: number;
  /** What each leaf's step is multiplied by. */
  readonly learningRate: number;
  /** Per input +1 (may only rise), -1 (may only fall) or 0; empty = all 0. */
  readonly monotone: readonly number[];
}

/** A tree as the growing left it: the scores that it adds to can be moved without walking. */
export interface GrownTree {
  readonly tree: Tree;
  /** The split's bin per node, so that coded rows can walk. */
  readonly bin: Uint8Array;
}

/** Bins of one column's histogram. */
const slots = 256;
/** Numbers of one column's histogram: pairs of gradient and curvature. */
const columnNumbers = 2 * slots;
/** Least summed curvature in a leaf, so that a Newton step stays finite. */
const leastCurvature = 1e-3;
/** A gain must beat another by this share to be better: below that, rounding would choose. */
const gainTolerance = 1e-9;

/** A node that may still be split, with its best split. */
interface OpenNode {
  readonly node: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly gradient: number;
  readonly curvature: number;
  /** Bounds of the values below it, from monotone inputs above. */
  readonly lower: number;
  readonly upper: number;
  readonly slot: number;
  gain: number;
  column: number;
  bin: number;
  leftRows: number;
  leftGradient: number;
  leftCurvature: number;
}

/**
 * Grows trees on histograms of the gradients, best split first. Inputs are coded once, in at most 256
 * bins; the histogram of the larger child is its parent's less that of the smaller.
 * Source: G. Ke et al., "LightGBM", NeurIPS (2017); second order gain: T. Chen, C. Guestrin, "XGBoost",
 * KDD (2016), doi:10.1145/2939672.2939785, eqs. 5 to 7; bounds for monotone inputs as in scikit-learn's
 * HistGradientBoosting.
 */
export class HistogramGrower {
  /** Gradient and curvature of each row, n pairs; the caller writes them before `grow`. */
  readonly pairs: Float64Array;
  readonly rows: number;
  private readonly thresholds: readonly Float64Array[];
  private readonly settings: GrowSettings;
  private readonly isEven: boolean;
  private readonly functions: KernelFunctions;
  private readonly blocks: number;
  private readonly address: {
    readonly codes: number;
    readonly pairs: number;
    readonly ordered: number;
    readonly list: number;
    readonly histograms: number;
    readonly counts: number;
  };
  private readonly codes: Uint8Array;
  /** Rows of the sample; a node owns a range. */
  private readonly list: Uint32Array;
  private readonly spare: Uint32Array;
  private readonly histograms: Float64Array;
  private readonly counts: Int32Array;
  private readonly feature: Int32Array;
  private readonly nodeBin: Uint8Array;
  private readonly threshold: Float64Array;
  private readonly left: Int32Array;
  private readonly leafMean: Float64Array;
  private readonly leafStart: Int32Array;
  private readonly leafEnd: Int32Array;
  private freeSlots: number[] = [];
  private allowed: Int32Array = new Int32Array(0);

  /**
   * @param x inputs, n x d @param thresholds of every column, at most 255
   * @param isEven every curvature is one, so that it counts rows
   */
  constructor(
    x: Matrix,
    thresholds: readonly Float64Array[],
    settings: GrowSettings,
    isEven: boolean,
  ) {
    const { rows: n, columns } = x;
    const { leaves } = settings;
    this.rows = n;
    this.thresholds = thresholds;
    this.settings = settings;
    this.isEven = isEven;
    this.blocks = Math.ceil(columns / blockColumns);
    const padded = this.blocks * blockColumns;
    // All memory comes at once: a heap that grew later would void the views.
    const { heap, functions } = residentKernels();
    this.functions = functions;
    this.address = {
      codes: heap.allocate(this.blocks * n),
      pairs: heap.allocate(2 * n),
      ordered: heap.allocate(2 * n),
      list: heap.allocate(Math.ceil(n / 2)),
      histograms: heap.allocate(leaves * padded * columnNumbers),
      counts: heap.allocate(isEven ? 0 : (leaves * padded * slots) / 2),
    };
    const { buffer } = heap.view(0, 0);
    this.codes = new Uint8Array(buffer, this.address.codes, padded * n);
    this.pairs = new Float64Array(buffer, this.address.pairs, 2 * n);
    this.list = new Uint32Array(buffer, this.address.list, n);
    this.histograms = new Float64Array(
      buffer,
      this.address.histograms,
      leaves * padded * columnNumbers,
    );
    this.counts = new Int32Array(buffer, this.address.counts, isEven ? 0 : leaves * padded * slots);
    writeCodes(x, thresholds, this.codes);
    this.spare = new Uint32Array(n);
    this.feature = new Int32Array(2 * leaves);
    this.nodeBin = new Uint8Array(2 * leaves);
    this.threshold = new Float64Array(2 * leaves);
    this.left = new Int32Array(2 * leaves);
    this.leafMean = new Float64Array(leaves);
    this.leafStart = new Int32Array(leaves);
    this.leafEnd = new Int32Array(leaves);
  }

  /**
   * One tree on the chosen rows and columns.
   * @param sample at least one row @param allowed columns that splits may use, ascending
   * @param leafValue value of a leaf from its rows, in place of the Newton step
   */
  grow(
    sample: Int32Array,
    allowed: Int32Array,
    leafValue?: (rows: ArrayLike<number>) => number,
  ): GrownTree {
    const { leaves: most, maxDepth, minLeaf, learningRate } = this.settings;
    this.list.set(sample);
    this.allowed = allowed;
    this.freeSlots = Array.from({ length: most }, (_, slot) => slot);
    let leaves = 1;
    let nodes = 1;
    let depth = 0;
    let written = 0;
    const open: OpenNode[] = [];
    const close = (node: OpenNode) => {
      const leaf = written++;
      this.feature[node.node] = -1;
      this.threshold[node.node] = 0;
      this.left[node.node] = leaf;
      const step =
        leafValue === undefined
          ? this.step(node.gradient, node.curvature, node.lower, node.upper)
          : leafValue(this.list.subarray(node.start, node.end));
      this.leafMean[leaf] = learningRate * step;
      this.leafStart[leaf] = node.start;
      this.leafEnd[leaf] = node.end;
      depth = Math.max(depth, node.depth);
      if (node.slot >= 0) this.freeSlots.push(node.slot);
    };
    const offer = (node: OpenNode) => {
      if (node.slot >= 0) this.findSplit(node);
      if (node.gain > 0) open.push(node);
      else close(node);
    };
    const canSplit = (rows: number, depth: number) =>
      rows >= 2 * minLeaf && depth < maxDepth && leaves < most;

    let gradient = 0;
    let curvature = 0;
    for (const row of sample) {
      gradient += this.pairs[2 * row];
      curvature += this.pairs[2 * row + 1];
    }
    const rootSlot = canSplit(sample.length, 0) ? this.freeSlots.pop()! : -1;
    if (rootSlot >= 0) this.fillHistogram(rootSlot, 0, sample.length);
    offer(openNode(0, 0, 0, sample.length, gradient, curvature, -Infinity, Infinity, rootSlot));

    while (open.length > 0 && leaves < most) {
      let best = 0;
      for (let k = 1; k < open.length; k++) if (open[k].gain > open[best].gain) best = k;
      const [parent] = open.splice(best, 1);
      const middle = this.divide(parent);
      const leftNode = nodes;
      nodes += 2;
      leaves++;
      this.feature[parent.node] = parent.column;
      this.nodeBin[parent.node] = parent.bin;
      this.threshold[parent.node] = this.thresholds[parent.column][parent.bin];
      this.left[parent.node] = leftNode;

      const deeper = parent.depth + 1;
      const rightGradient = parent.gradient - parent.leftGradient;
      const rightCurvature = parent.curvature - parent.leftCurvature;
      const bounds = this.childBounds(parent, rightGradient, rightCurvature);
      const leftRows = middle - parent.start;
      const rightRows = parent.end - middle;
      const splitsLeft = canSplit(leftRows, deeper);
      const splitsRight = canSplit(rightRows, deeper);
      let leftSlot = -1;
      let rightSlot = -1;
      if (splitsLeft || splitsRight) {
        // The parent's histogram becomes that of the larger child.
        const small = this.freeSlots.pop()!;
        if (leftRows <= rightRows) {
          this.fillHistogram(small, parent.start, leftRows);
          this.subtract(parent.slot, small);
          [leftSlot, rightSlot] = [small, parent.slot];
        } else {
          this.fillHistogram(small, middle, rightRows);
          this.subtract(parent.slot, small);
          [leftSlot, rightSlot] = [parent.slot, small];
        }
        if (!splitsLeft) {
          this.freeSlots.push(leftSlot);
          leftSlot = -1;
        }
        if (!splitsRight) {
          this.freeSlots.push(rightSlot);
          rightSlot = -1;
        }
      } else {
        this.freeSlots.push(parent.slot);
      }
      offer(
        openNode(
          leftNode,
          deeper,
          parent.start,
          middle,
          parent.leftGradient,
          parent.leftCurvature,
          bounds[0],
          bounds[1],
          leftSlot,
        ),
      );
      offer(
        openNode(
          leftNode + 1,
          deeper,
          middle,
          parent.end,
          rightGradient,
          rightCurvature,
          bounds[2],
          bounds[3],
          rightSlot,
        ),
      );
    }
    open.forEach(close);
    return {
      tree: {
        feature: this.feature.slice(0, nodes),
        threshold: this.threshold.slice(0, nodes),
        left: this.left.slice(0, nodes),
        leafMean: this.leafMean.slice(0, written),
        leafVariance: new Float64Array(written),
        depth,
      },
      bin: this.nodeBin.slice(0, nodes),
    };
  }

  /** Adds the values of the tree just grown to score k of the rows it was grown on. */
  addToSample(scores: Float64Array, width: number, k: number, { tree }: GrownTree): void {
    const { list, leafStart, leafEnd } = this;
    for (let leaf = 0; leaf < tree.leafMean.length; leaf++) {
      const value = tree.leafMean[leaf];
      for (let p = leafStart[leaf]; p < leafEnd[leaf]; p++) scores[list[p] * width + k] += value;
    }
  }

  /** Adds the values of a tree to score k of any rows. */
  addTo(
    scores: Float64Array,
    width: number,
    k: number,
    { tree, bin }: GrownTree,
    rows: Int32Array,
  ): void {
    const { feature, left, leafMean } = tree;
    const { codes } = this;
    const places = feature.map((j) => (j < 0 ? 0 : codePlace(this.rows, j)));
    for (let p = 0; p < rows.length; p++) {
      const row = rows[p];
      const offset = blockColumns * row;
      let node = 0;
      while (feature[node] >= 0) {
        node = left[node] + (codes[places[node] + offset] > bin[node] ? 1 : 0);
      }
      scores[row * width + k] += leafMean[left[node]];
    }
  }

  private fillHistogram(slot: number, start: number, count: number): void {
    const { functions, address, blocks } = this;
    const list = address.list + 4 * start;
    functions.gatherPairs(count, list, address.pairs, address.ordered);
    functions.pairHistograms(
      count,
      list,
      address.ordered,
      address.codes,
      this.rows,
      blocks,
      this.histogramAddress(slot),
    );
    if (this.isEven) return;
    functions.countHistograms(
      count,
      list,
      address.codes,
      this.rows,
      blocks,
      this.countAddress(slot),
    );
  }

  private subtract(parent: number, child: number): void {
    const size = this.blocks * blockColumns * slots;
    this.functions.subtractPairs(size, this.histogramAddress(parent), this.histogramAddress(child));
    if (this.isEven) return;
    this.functions.subtractCounts(size, this.countAddress(parent), this.countAddress(child));
  }

  private histogramAddress(slot: number): number {
    return this.address.histograms + slot * this.blocks * blockColumns * columnNumbers * 8;
  }

  private countAddress(slot: number): number {
    return this.address.counts + slot * this.blocks * blockColumns * slots * 4;
  }

  /** Newton step within bounds. */
  private step(gradient: number, curvature: number, lower: number, upper: number): number {
    const free = -gradient / (curvature + this.settings.l2);
    return Math.max(lower, Math.min(upper, Number.isFinite(free) ? free : 0));
  }

  /** The split of largest gain, into the node; its gain stays 0 where none gains. */
  private findSplit(node: OpenNode): void {
    const { l2, monotone } = this.settings;
    const { gradient, curvature, lower, upper } = node;
    const constrained = monotone.some((sign) => sign !== 0);
    const value = this.step(gradient, curvature, lower, upper);
    const before = constrained ? -gradient * value : (gradient * gradient) / (curvature + l2);
    const padded = this.blocks * blockColumns;
    const base = node.slot * padded * columnNumbers;
    const countBase = node.slot * padded * slots;
    for (let p = 0; p < this.allowed.length; p++) {
      const j = this.allowed[p];
      if (constrained) this.scanBounded(node, j, base, countBase, before, monotone[j]);
      else this.scan(node, j, base + j * columnNumbers, countBase + j * slots, before);
    }
  }

  /** Best threshold of one column by G_left^2 / (H_left + l2) + G_right^2 / (H_right + l2). */
  private scan(node: OpenNode, j: number, base: number, countBase: number, before: number): void {
    const { histograms, counts, isEven } = this;
    const { l2, minLeaf } = this.settings;
    const { gradient, curvature } = node;
    const rows = node.end - node.start;
    const last = this.thresholds[j].length;
    // What must be beaten, and the noise of a sum that should be zero.
    let least = Math.max(before + gainTolerance * before, before + node.gain * (1 + gainTolerance));
    let leftGradient = 0;
    let leftCurvature = 0;
    let leftRows = 0;
    for (let bin = 0; bin < last; bin++) {
      leftGradient += histograms[base + 2 * bin];
      leftCurvature += histograms[base + 2 * bin + 1];
      leftRows = isEven ? leftCurvature : leftRows + counts[countBase + bin];
      if (leftRows < minLeaf) continue;
      if (rows - leftRows < minLeaf) break;
      const rightGradient = gradient - leftGradient;
      const rightCurvature = curvature - leftCurvature;
      if (leftCurvature < leastCurvature) continue;
      if (rightCurvature < leastCurvature) break;
      const score =
        (leftGradient * leftGradient) / (leftCurvature + l2) +
        (rightGradient * rightGradient) / (rightCurvature + l2);
      if (score > least) {
        const gain = score - before;
        least = before + gain * (1 + gainTolerance);
        node.gain = gain;
        node.column = j;
        node.bin = bin;
        node.leftRows = leftRows;
        node.leftGradient = leftGradient;
        node.leftCurvature = leftCurvature;
      }
    }
  }

  /** The same with values within the node's bounds and, where the input is monotone, in its order. */
  private scanBounded(
    node: OpenNode,
    j: number,
    slotBase: number,
    slotCountBase: number,
    before: number,
    sign: number,
  ): void {
    const { histograms, counts, isEven } = this;
    const { minLeaf } = this.settings;
    const { gradient, curvature, lower, upper } = node;
    const base = slotBase + j * columnNumbers;
    const countBase = slotCountBase + j * slots;
    const rows = node.end - node.start;
    const last = this.thresholds[j].length;
    let leftGradient = 0;
    let leftCurvature = 0;
    let leftRows = 0;
    for (let bin = 0; bin < last; bin++) {
      leftGradient += histograms[base + 2 * bin];
      leftCurvature += histograms[base + 2 * bin + 1];
      leftRows = isEven ? leftCurvature : leftRows + counts[countBase + bin];
      if (leftRows < minLeaf) continue;
      if (rows - leftRows < minLeaf) break;
      const rightGradient = gradient - leftGradient;
      const rightCurvature = curvature - leftCurvature;
      if (leftCurvature < leastCurvature) continue;
      if (rightCurvature < leastCurvature) break;
      const leftValue = this.step(leftGradient, leftCurvature, lower, upper);
      const rightValue = this.step(rightGradient, rightCurvature, lower, upper);
      if (sign * (rightValue - leftValue) < 0) continue;
      const score = -leftGradient * leftValue - rightGradient * rightValue;
      const gain = score - before;
      if (gain > node.gain * (1 + gainTolerance) && gain > gainTolerance * Math.abs(score)) {
        node.gain = gain;
        node.column = j;
        node.bin = bin;
        node.leftRows = leftRows;
        node.leftGradient = leftGradient;
        node.leftCurvature = leftCurvature;
      }
    }
  }

  /** Lower and upper bound of the left child and of the right one. */
  private childBounds(
    { column, leftGradient, leftCurvature, lower, upper }: OpenNode,
    rightGradient: number,
    rightCurvature: number,
  ): readonly [number, number, number, number] {
    const sign = this.settings.monotone[column] ?? 0;
    if (sign === 0) return [lower, upper, lower, upper];
    const middle =
      (this.step(leftGradient, leftCurvature, lower, upper) +
        this.step(rightGradient, rightCurvature, lower, upper)) /
      2;
    return sign > 0 ? [lower, middle, middle, upper] : [middle, upper, lower, middle];
  }

  /** Stable division of the node's rows; returns where the right child's begin. */
  private divide({ start, end, column, bin }: OpenNode): number {
    const { codes, list, spare } = this;
    const place = codePlace(this.rows, column);
    let next = start;
    let kept = 0;
    for (let p = start; p < end; p++) {
      const row = list[p];
      const right = Number(codes[place + blockColumns * row] > bin);
      list[next] = row;
      spare[kept] = row;
      kept += right;
      next += 1 - right;
    }
    for (let k = 0; k < kept; k++) list[next + k] = spare[k]!;
    return next;
  }
}

function openNode(
  node: number,
  depth: number,
  start: number,
  end: number,
  gradient: number,
  curvature: number,
  lower: number,
  upper: number,
  slot: number,
): OpenNode {
  return {
    node,
    depth,
    start,
    end,
    gradient,
    curvature,
    lower,
    upper,
    slot,
    gain: 0,
    column: -1,
    bin: 0,
    leftRows: 0,
    leftGradient: 0,
    leftCurvature: 0,
  };
}

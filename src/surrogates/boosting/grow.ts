import type { Matrix } from "../../core/matrix.ts";
import type { Tree } from "../forest/tree.ts";
import { blockColumns, codePlace, missingCode, type ColumnBins } from "./bins.ts";
import { SplitFinder, type OpenNode, type SplitSettings } from "./find-split.ts";
import { Histograms, slots } from "./histograms.ts";

/** What limits and shrinks the trees. */
export interface GrowSettings extends SplitSettings {
  /** Most leaves of a tree. */
  readonly leaves: number;
  /** Most splits between root and leaf. */
  readonly maxDepth: number;
  /** What each leaf's step is multiplied by. */
  readonly learningRate: number;
}

/** Bytes of a set of levels: one bit for each code, set where it goes right. */
export const setBytes = slots / 8;

/** A tree whose splits also say where missing values and levels go. */
export interface BoostedTree extends Tree {
  /** Nodes: 1 where a missing value goes right. */
  readonly missingRight: Uint8Array;
  /** Nodes: which set of levels goes right, -1 at splits of numbers and leaves. */
  readonly levelSet: Int32Array;
  /** `setBytes` for each set. */
  readonly sets: Uint8Array;
}

/** A tree as the growing left it: the scores that it adds to can be moved without walking. */
export interface GrownTree {
  readonly tree: BoostedTree;
  /** Nodes x 256: 1 where a code goes right, so that coded rows can walk. */
  readonly isRight: Uint8Array;
}

/**
 * Grows trees on histograms of the gradients, best split first. Inputs are coded once, in at most 256
 * bins; the histogram of the larger child is its parent's less that of the smaller.
 * Source: G. Ke et al., "LightGBM", NeurIPS (2017).
 */
export class HistogramGrower {
  private readonly histograms: Histograms;
  private readonly finder: SplitFinder;
  private readonly bins: readonly ColumnBins[];
  private readonly settings: GrowSettings;
  private readonly leafStart: Int32Array;
  private readonly leafEnd: Int32Array;

  /**
   * @param x inputs, n x d @param bins of every column
   * @param isEven every curvature is one, so that it counts rows
   */
  constructor(x: Matrix, bins: readonly ColumnBins[], settings: GrowSettings, isEven: boolean) {
    this.histograms = new Histograms(x, bins, settings.leaves, isEven);
    this.finder = new SplitFinder(this.histograms, bins, settings);
    this.bins = bins;
    this.settings = settings;
    this.leafStart = new Int32Array(settings.leaves);
    this.leafEnd = new Int32Array(settings.leaves);
  }

  /** Gradient and curvature of each row, n pairs; the caller writes them before `grow`. */
  get pairs(): Float64Array {
    return this.histograms.pairs;
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
    const { histograms, finder } = this;
    const { leaves: most, maxDepth, minLeaf, learningRate } = this.settings;
    const { list, pairs } = histograms;
    list.set(sample);
    const free = Array.from({ length: most }, (_, place) => place);
    const plan = new TreePlan(most);
    const open: OpenNode[] = [];
    const close = (node: OpenNode) => {
      const step =
        leafValue === undefined
          ? finder.step(node.gradient, node.curvature, node.lower, node.upper)
          : leafValue(list.subarray(node.start, node.end));
      const leaf = plan.close(node, learningRate * step);
      this.leafStart[leaf] = node.start;
      this.leafEnd[leaf] = node.end;
      if (node.place >= 0) free.push(node.place);
    };
    const offer = (node: OpenNode) => {
      if (node.place >= 0) finder.find(node, allowed);
      if (node.gain > 0) open.push(node);
      else close(node);
    };
    const canSplit = (rows: number, depth: number) =>
      rows >= 2 * minLeaf && depth < maxDepth && plan.leaves < most;

    let gradient = 0;
    let curvature = 0;
    for (const row of sample) {
      gradient += pairs[2 * row];
      curvature += pairs[2 * row + 1];
    }
    const place = canSplit(sample.length, 0) ? free.pop()! : -1;
    if (place >= 0) histograms.fill(place, 0, sample.length);
    const bounds = { lower: -Infinity, upper: Infinity };
    offer(openNode(0, 0, 0, sample.length, gradient, curvature, bounds, place));

    while (open.length > 0 && plan.leaves < most) {
      let best = 0;
      for (let k = 1; k < open.length; k++) if (open[k].gain > open[best].gain) best = k;
      const [parent] = open.splice(best, 1);
      const left = plan.split(parent, this.bins);
      const { start, end, column } = parent;
      const middle = histograms.divide(start, end, column, plan.isRight, slots * parent.node);

      const depth = parent.depth + 1;
      const splitsLeft = canSplit(middle - start, depth);
      const splitsRight = canSplit(end - middle, depth);
      let [leftPlace, rightPlace] = [-1, -1];
      if (splitsLeft || splitsRight) {
        // The parent's histogram becomes that of the larger child.
        const small = free.pop()!;
        const isLeftSmall = middle - start <= end - middle;
        if (isLeftSmall) histograms.fill(small, start, middle - start);
        else histograms.fill(small, middle, end - middle);
        histograms.subtract(parent.place, small);
        [leftPlace, rightPlace] = isLeftSmall ? [small, parent.place] : [parent.place, small];
        if (!splitsLeft) free.push(leftPlace);
        if (!splitsRight) free.push(rightPlace);
      } else {
        free.push(parent.place);
      }
      const { leftGradient, leftCurvature } = parent;
      const rightGradient = parent.gradient - leftGradient;
      const rightCurvature = parent.curvature - leftCurvature;
      const [ofLeft, ofRight] = this.childBounds(parent, rightGradient, rightCurvature);
      leftPlace = splitsLeft ? leftPlace : -1;
      rightPlace = splitsRight ? rightPlace : -1;
      offer(openNode(left, depth, start, middle, leftGradient, leftCurvature, ofLeft, leftPlace));
      offer(
        openNode(left + 1, depth, middle, end, rightGradient, rightCurvature, ofRight, rightPlace),
      );
    }
    open.forEach(close);
    return plan.finish();
  }

  /** Adds the values of the tree just grown to score k of the rows it was grown on. */
  addToSample(scores: Float64Array, width: number, k: number, { tree }: GrownTree): void {
    const { leafStart, leafEnd } = this;
    const { list } = this.histograms;
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
    { tree, isRight }: GrownTree,
    rows: Int32Array,
  ): void {
    const { feature, left, leafMean } = tree;
    const { codes, rows: all } = this.histograms;
    const places = feature.map((j) => (j < 0 ? 0 : codePlace(all, j)));
    for (let p = 0; p < rows.length; p++) {
      const row = rows[p];
      const offset = blockColumns * row;
      let node = 0;
      while (feature[node] >= 0) {
        node = left[node] + isRight[slots * node + codes[places[node] + offset]];
      }
      scores[row * width + k] += leafMean[left[node]];
    }
  }

  /** Bounds of the left child and of the right one. */
  private childBounds(
    { column, leftGradient, leftCurvature, lower, upper }: OpenNode,
    rightGradient: number,
    rightCurvature: number,
  ): readonly [Bounds, Bounds] {
    const sign = this.settings.monotone[column] ?? 0;
    const same = { lower, upper };
    if (sign === 0) return [same, same];
    const middle =
      (this.finder.step(leftGradient, leftCurvature, lower, upper) +
        this.finder.step(rightGradient, rightCurvature, lower, upper)) /
      2;
    const [below, above] = [
      { lower, upper: middle },
      { lower: middle, upper },
    ];
    return sign > 0 ? [below, above] : [above, below];
  }
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The nodes of a tree that is being grown. */
class TreePlan {
  leaves = 1;
  readonly isRight: Uint8Array;
  private nodes = 1;
  private written = 0;
  private depth = 0;
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  private readonly left: Int32Array;
  private readonly missingRight: Uint8Array;
  private readonly levelSet: Int32Array;
  private readonly leafMean: Float64Array;
  private readonly sets: Uint8Array[] = [];

  constructor(mostLeaves: number) {
    const nodes = 2 * mostLeaves;
    this.isRight = new Uint8Array(slots * nodes);
    this.feature = new Int32Array(nodes);
    this.threshold = new Float64Array(nodes);
    this.left = new Int32Array(nodes);
    this.missingRight = new Uint8Array(nodes);
    this.levelSet = new Int32Array(nodes).fill(-1);
    this.leafMean = new Float64Array(mostLeaves);
  }

  /** Writes a leaf; returns its number. */
  close({ node, depth }: OpenNode, value: number): number {
    const leaf = this.written++;
    this.feature[node] = -1;
    this.left[node] = leaf;
    this.leafMean[leaf] = value;
    this.depth = Math.max(this.depth, depth);
    return leaf;
  }

  /** Writes the split of a node; returns its left child. */
  split(parent: OpenNode, bins: readonly ColumnBins[]): number {
    const { node, column, bin, missingRight, leftLevels } = parent;
    const left = this.nodes;
    this.nodes += 2;
    this.leaves++;
    this.feature[node] = column;
    this.left[node] = left;
    const codes = this.isRight.subarray(slots * node, slots * (node + 1)).fill(1);
    if (leftLevels === undefined) {
      codes.fill(0, 0, bin + 1);
      if (bins[column].hasMissing) codes[missingCode] = Number(missingRight);
      this.threshold[node] = bins[column].thresholds[bin] ?? Number.POSITIVE_INFINITY;
      this.missingRight[node] = Number(missingRight);
      return left;
    }
    for (const code of leftLevels) codes[code] = 0;
    const set = new Uint8Array(setBytes);
    codes.forEach((right, code) => (set[code >> 3] |= right << (code & 7)));
    this.levelSet[node] = this.sets.length;
    this.sets.push(set);
    return left;
  }

  finish(): GrownTree {
    const { nodes, written } = this;
    const sets = new Uint8Array(setBytes * this.sets.length);
    this.sets.forEach((set, s) => sets.set(set, setBytes * s));
    return {
      tree: {
        feature: this.feature.slice(0, nodes),
        threshold: this.threshold.slice(0, nodes),
        left: this.left.slice(0, nodes),
        leafMean: this.leafMean.slice(0, written),
        leafVariance: new Float64Array(written),
        missingRight: this.missingRight.slice(0, nodes),
        levelSet: this.levelSet.slice(0, nodes),
        sets,
        depth: this.depth,
      },
      isRight: this.isRight,
    };
  }
}

function openNode(
  node: number,
  depth: number,
  start: number,
  end: number,
  gradient: number,
  curvature: number,
  { lower, upper }: Bounds,
  place: number,
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
    place,
    gain: 0,
    column: -1,
    bin: 0,
    missingRight: false,
    leftLevels: undefined,
    leftRows: 0,
    leftGradient: 0,
    leftCurvature: 0,
  };
}

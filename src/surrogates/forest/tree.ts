/**
 * One grown tree as flat arrays over its nodes, the root first. A split sends a row to node `left`
 * when its input `feature` is at most `threshold`, else to `left + 1`. A leaf has feature -1 and its
 * index among the leaves in `left`.
 */
export interface Tree {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** Leaves x outputs: mean target, or the share of each class. */
  readonly leafMean: Float64Array;
  /** Leaves: variance of the target inside the leaf (numbers only; empty for classes). */
  readonly leafVariance: Float64Array;
  readonly depth: number;
}

/** What limits the growth of one tree. */
export interface TreeSettings {
  /** Inputs tried at each split, drawn anew; inputs that are constant in the node are not counted. */
  readonly maxFeatures: number;
  /** Least number of different training rows in a leaf. */
  readonly minLeaf: number;
  /** Most splits between root and leaf. */
  readonly maxDepth: number;
}

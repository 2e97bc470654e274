import type { TreeEnsemble } from "../structure.ts";
import type { Tree } from "./tree.ts";

/**
 * All trees of a forest in one set of flat arrays: tree t starts at node `roots[t]`. Nodes as in
 * `Tree`, with `left` and leaf indices counted over the whole forest.
 */
export interface Forest {
  readonly trees: number;
  readonly inputs: number;
  /** Columns of `leafMean`: classes, or 1. */
  readonly outputs: number;
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** Leaves x outputs. */
  readonly leafMean: Float64Array;
  /** Leaves for a number, empty for classes. */
  readonly leafVariance: Float64Array;
  /** Most splits between a root and a leaf. */
  readonly depth: number;
}

/** The splits of a forest. */
export type Splits = Pick<Forest, "roots" | "feature" | "threshold" | "left">;

/** Joins trees, in the order given. */
export function joinTrees(trees: readonly Tree[], inputs: number, outputs: number): Forest {
  const sum = (size: (tree: Tree) => number) =>
    trees.reduce((total, tree) => total + size(tree), 0);
  const nodes = sum((tree) => tree.left.length);
  const leaves = sum((tree) => tree.leafMean.length) / outputs;
  const forest = {
    trees: trees.length,
    inputs,
    outputs,
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    leafMean: new Float64Array(leaves * outputs),
    leafVariance: new Float64Array(outputs === 1 ? leaves : 0),
    depth: trees.reduce((deepest, tree) => Math.max(deepest, tree.depth), 0),
  };
  let node = 0;
  let leaf = 0;
  trees.forEach((tree, t) => {
    forest.roots[t] = node;
    forest.feature.set(tree.feature, node);
    forest.threshold.set(tree.threshold, node);
    for (let k = 0; k < tree.left.length; k++) {
      forest.left[node + k] = tree.left[k] + (tree.feature[k] < 0 ? leaf : node);
    }
    forest.leafMean.set(tree.leafMean, leaf * outputs);
    forest.leafVariance.set(tree.leafVariance, outputs === 1 ? leaf : 0);
    node += tree.left.length;
    leaf += tree.leafMean.length / outputs;
  });
  return forest;
}

/** Joins the trees of forests, in the order given. */
export function joinForests(forests: readonly Forest[]): Forest {
  const [{ inputs, outputs }] = forests;
  const parts = forests.flatMap((forest) => Array.from(forest.roots, (_, t) => treeOf(forest, t)));
  return joinTrees(parts, inputs, outputs);
}

/** One tree of a forest by itself, its nodes and leaves counted from 0. */
function treeOf(forest: Forest, t: number): Tree {
  const { roots, feature, outputs, depth } = forest;
  const first = roots[t];
  const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
  // A binary tree has one leaf more than splits, and trees lie one behind the other.
  const [firstLeaf, endLeaf] = [(first + t) / 2, (end + t + 1) / 2];
  const own = feature.slice(first, end);
  return {
    feature: own,
    threshold: forest.threshold.slice(first, end),
    left: forest.left.slice(first, end).map((to, k) => to - (own[k] < 0 ? firstLeaf : first)),
    leafMean: forest.leafMean.slice(firstLeaf * outputs, endLeaf * outputs),
    leafVariance:
      outputs === 1 ? forest.leafVariance.slice(firstLeaf, endLeaf) : new Float64Array(0),
    depth,
  };
}

/** The leaf, counted over the forest, that the row of inputs at `x[offset]` reaches in tree t. */
export function leafOf(splits: Splits, t: number, x: Float64Array, offset: number): number {
  const { feature, threshold, left } = splits;
  let node = splits.roots[t];
  for (let j = feature[node]; j >= 0; j = feature[node]!) {
    node = left[node] + (x[offset + j] > threshold[node] ? 1 : 0);
  }
  return left[node];
}

/** The forest as what its mean `offset + scale z` is made of; the arrays are shared, not copied. */
export function treesOf(
  forest: Forest,
  { offset, scale }: { readonly offset: number; readonly scale: number },
): TreeEnsemble {
  const { inputs, outputs, roots, feature, threshold, left, leafMean } = forest;
  return {
    inputs,
    outputs,
    roots,
    feature,
    threshold,
    left,
    leafValue: leafMean,
    offset: new Float64Array(outputs).fill(offset),
    scale: scale / forest.trees,
  };
}

import { InputError } from "../../core/errors.ts";
import type { SavedState } from "../contract.ts";
import { readState, type StateReader } from "../saved-state.ts";
import type { TreeEnsemble } from "../structure.ts";
import type { Forest } from "./forest.ts";
import type { SpreadModel } from "./leaf-sums.ts";

/** A forest with how its sums become predictions, as saved state. */
export function saveForest(forest: Forest, spread: SpreadModel): SavedState {
  const { trees, depth, roots, feature, threshold, left, leafMean, leafVariance } = forest;
  return {
    settings: {
      trees,
      depth,
      nodes: left.length,
      leaves: leafMean.length / forest.outputs,
      ...spread,
    },
    arrays: {
      roots,
      feature,
      threshold,
      left,
      leafMean,
      ...(forest.outputs === 1 ? { leafVariance } : {}),
    },
  };
}

/**
 * What `saveForest` gave.
 * @throws InputError for parts that are missing, or nodes that lead nowhere
 */
export function readForest(
  who: string,
  state: SavedState,
  inputs: number,
  outputs: number,
): { readonly forest: Forest; readonly spread: SpreadModel; readonly read: StateReader } {
  const read = readState(who, state);
  const trees = read.number("trees");
  const nodes = read.number("nodes");
  const leaves = read.number("leaves");
  const forest = {
    trees,
    inputs,
    outputs,
    roots: read.int32("roots", trees),
    feature: read.int32("feature", nodes),
    threshold: read.float64("threshold", nodes),
    left: read.int32("left", nodes),
    leafMean: read.float64("leafMean", leaves * outputs),
    leafVariance: outputs === 1 ? read.float64("leafVariance", leaves) : new Float64Array(0),
    depth: read.number("depth"),
  };
  checkTrees(who, forest, leaves);
  const spread = {
    epistemicShare: read.number("epistemicShare"),
    noiseFactor: read.number("noiseFactor"),
    offset: read.number("offset"),
    scale: read.number("scale"),
  };
  return { forest, spread, read };
}

/** @throws InputError for a node or leaf that is not there, or a path that leads back */
export function checkTrees(
  who: string,
  { inputs, roots, feature, left }: Pick<TreeEnsemble, "inputs" | "roots" | "feature" | "left">,
  leaves: number,
): void {
  const refuse = (path: string, node: number): never => {
    throw new InputError(`${who}: node ${node} of the saved trees leads nowhere.`, {
      path,
      hint: "The file is damaged; train the model again.",
    });
  };
  for (const root of roots) if (!(root >= 0 && root < left.length)) refuse("roots", root);
  for (let node = 0; node < left.length; node++) {
    const isLeaf = feature[node] < 0;
    if (feature[node] >= inputs) refuse("feature", node);
    const least = isLeaf ? 0 : node + 1;
    const end = isLeaf ? leaves : left.length - 1;
    if (!(left[node] >= least && left[node] < end)) refuse("left", node);
  }
}

import type { TreeEnsemble } from "../../surrogates/structure.ts";

/**
 * One tree as edges in depth-first order: edge n leads into node n, node 0 is the root and has none.
 * Along a path a feature may be split on again; `share[n]` is then the product over all of its splits so
 * far, and `same[n]` the last edge above with the same feature.
 */
export interface TreePaths {
  readonly nodes: number;
  readonly parent: Int32Array;
  /** Feature of the split above the node; -1 for the root. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** 1 where the edge is taken by values above the threshold. */
  readonly isRight: Uint8Array;
  /** 0 = none. */
  readonly same: Int32Array;
  /** Share of the background that agrees with the feature's splits on this path, given the rest of it. */
  readonly share: Float64Array;
  /** Share of the background that reaches the node. */
  readonly reach: Float64Array;
  /** Leaf index over the ensemble, -1 inside. */
  readonly leaf: Int32Array;
  /** Most different features on one path. */
  readonly mostFeatures: number;
}

/** The paths of tree t with shares by the cover of its nodes. */
export function treePaths(ensemble: TreeEnsemble, t: number, cover: Int32Array): TreePaths {
  const root = ensemble.roots[t];
  const order: number[] = [];
  const parent: number[] = [];
  const stack = [root];
  const above = [-1];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const place = order.length;
    parent.push(above.pop()!);
    order.push(node);
    if (ensemble.feature[node] >= 0) {
      stack.push(ensemble.left[node] + 1, ensemble.left[node]);
      above.push(place, place);
    }
  }
  const nodes = order.length;
  const paths = {
    nodes,
    parent: Int32Array.from(parent),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    isRight: new Uint8Array(nodes),
    same: new Int32Array(nodes),
    share: new Float64Array(nodes).fill(1),
    reach: Float64Array.from(order, (node) => cover[node] / cover[root]),
    leaf: new Int32Array(nodes),
    mostFeatures: 0,
  };
  const different = new Int32Array(nodes);
  for (let n = 0; n < nodes; n++) {
    const node = order[n];
    paths.leaf[n] = ensemble.feature[node] < 0 ? ensemble.left[node] : -1;
    if (n === 0) continue;
    const up = paths.parent[n];
    const j = ensemble.feature[order[up]];
    paths.feature[n] = j;
    paths.threshold[n] = ensemble.threshold[order[up]];
    paths.isRight[n] = node === ensemble.left[order[up]] ? 0 : 1;
    let same = up;
    while (same > 0 && paths.feature[same] !== j) same = paths.parent[same];
    paths.same[n] = same;
    paths.share[n] = (cover[node] / cover[order[up]]) * (same > 0 ? paths.share[same] : 1);
    different[n] = different[up] + (same > 0 ? 0 : 1);
    paths.mostFeatures = Math.max(paths.mostFeatures, different[n]);
  }
  return paths;
}

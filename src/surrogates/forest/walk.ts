import type { Forest } from "./forest.ts";

/**
 * A forest laid out for many rows: a leaf is its own child behind an endless threshold, so that rows
 * can walk on side by side until none moves, without a branch to mispredict.
 */
export interface Walk {
  readonly roots: Int32Array;
  readonly inputs: number;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly child: Int32Array;
  /** Leaf index per node, counted over the forest; meaningful at leaves. */
  readonly leaf: Int32Array;
}

/** The walking layout of a forest. */
export function walkOf({ roots, inputs, feature, threshold, left }: Forest): Walk {
  const isLeaf = (node: number): boolean => feature[node] < 0;
  return {
    roots,
    inputs,
    feature: feature.map((j) => Math.max(0, j)),
    threshold: threshold.map((t, node) => (isLeaf(node) ? Number.POSITIVE_INFINITY : t)),
    child: left.map((child, node) => (isLeaf(node) ? node : child)),
    leaf: left,
  };
}

/**
 * Leaves of tree t for `count` rows of x from row `first` on, into the start of `leaves`.
 * @param x row-major inputs, finite
 */
export function leavesInto(
  leaves: Int32Array,
  { roots, inputs, feature, threshold, child, leaf }: Walk,
  t: number,
  x: Float64Array,
  first: number,
  count: number,
): void {
  const root = roots[t];
  const last = first + count - 1;
  for (let i = 0; i < count; i += 4) {
    // Four rows at a time; beyond the end the last row walks again.
    const p = (first + i) * inputs;
    const q = Math.min(first + i + 1, last) * inputs;
    const r = Math.min(first + i + 2, last) * inputs;
    const s = Math.min(first + i + 3, last) * inputs;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (;;) {
      const nextA = child[a] + Number(x[p + feature[a]] > threshold[a]);
      const nextB = child[b] + Number(x[q + feature[b]] > threshold[b]);
      const nextC = child[c] + Number(x[r + feature[c]] > threshold[c]);
      const nextD = child[d] + Number(x[s + feature[d]] > threshold[d]);
      if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    leaves[i] = leaf[a];
    if (i + 1 < count) leaves[i + 1] = leaf[b];
    if (i + 2 < count) leaves[i + 2] = leaf[c];
    if (i + 3 < count) leaves[i + 3] = leaf[d];
  }
}

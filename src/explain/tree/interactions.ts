import { matrix, type Matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type { ExplainInput } from "../contract.ts";
import { checkExplainInput } from "../explain-input.ts";
import { nodeCover } from "./cover.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { leafValues } from "./leaf-values.ts";
import { treeShap } from "./path-dependent.ts";
import { pointsFor } from "./path-sums.ts";
import { treePaths } from "./tree-paths.ts";

/** Shapley values split into what features do alone and in pairs. */
export interface Interactions {
  readonly base: number;
  /**
   * One symmetric d x d matrix per row: off the diagonal half of what two features do together, on it what
   * a feature does alone. A row of it sums to the feature's Shapley value, all of it plus the base to the
   * prediction.
   */
  readonly values: readonly Matrix[];
  readonly predictions: Float64Array;
}

/**
 * Path-dependent SHAP interaction values of trees: the second derivatives of the multilinear extension
 * (see `pathSums`), integrated along the diagonal leaf by leaf. Groups of columns are not supported: leave
 * `groups` out.
 * Source: S. M. Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
 */
export async function treeInteractions(
  input: Omit<ExplainInput, "groups" | "rng">,
): Promise<Interactions> {
  const { model, x, background, work = {} } = input;
  checkExplainInput(treeShap, input as ExplainInput);
  const trees = model.trees!;
  const { ensemble } = trees;
  const d = x.columns;
  const cover = nodeCover(ensemble, background);
  const values = Array.from({ length: x.rows }, () => matrix(d, d));
  let base = ensemble.offset[trees.output];
  const count = ensemble.roots.length;
  for (let t = 0; t < count; t++) {
    await checkpoint(work, { label: "tree SHAP interactions", done: t, total: count });
    const paths = treePaths(ensemble, t, cover);
    const value = leafValues(paths, trees);
    const { points, weights } = gaussLegendre(pointsFor(paths.mostFeatures));
    for (let n = 0; n < paths.nodes; n++) {
      base += paths.reach[n] * value[n];
      if (paths.leaf[n] < 0 || n === 0) continue;
      const leaf = leafPath(n);
      for (let i = 0; i < x.rows; i++) addLeaf(values[i].data, leaf, i * d, value[n]);
    }

    /** Features on the way to a leaf: the interval that agrees, and the share of the background. */
    function leafPath(n: number): { j: number; low: number; high: number; share: number }[] {
      const found = new Map<number, { j: number; low: number; high: number; share: number }>();
      for (let at = n; at > 0; at = paths.parent[at]) {
        const j = paths.feature[at];
        let known = found.get(j);
        // The deepest edge of a feature comes first and has the share of them all.
        if (known === undefined) {
          known = { j, low: -Infinity, high: Infinity, share: paths.share[at] };
          found.set(j, known);
        }
        if (paths.isRight[at] === 1) known.low = Math.max(known.low, paths.threshold[at]);
        else known.high = Math.min(known.high, paths.threshold[at]);
      }
      return [...found.values()];
    }

    function addLeaf(
      out: Float64Array,
      leaf: ReturnType<typeof leafPath>,
      row: number,
      v: number,
    ): void {
      const agrees = leaf.map(({ j, low, high }) => {
        const at = x.data[row + j];
        return at > low && at <= high ? 1 : 0;
      });
      for (let q = 0; q < points.length; q++) {
        const factors = leaf.map(({ share }, a) => points[q] * agrees[a] + (1 - points[q]) * share);
        const whole = factors.reduce((product, factor) => product * factor, v * weights[q]);
        leaf.forEach((one, a) => {
          const slope = (whole * (agrees[a] - one.share)) / factors[a];
          out[one.j * d + one.j] += slope;
          for (let b = 0; b < a; b++) {
            const both = (slope * (agrees[b] - leaf[b].share)) / factors[b] / 2;
            const j = leaf[b].j;
            out[one.j * d + j] += both;
            out[j * d + one.j] += both;
            out[one.j * d + one.j] -= both;
            out[j * d + j] -= both;
          }
        });
      }
    }
  }
  return { base, values, predictions: model.predict(x) };
}

import { matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import { withDefaults } from "../../surrogates/fit-input.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "../contract.ts";
import { checkExplainInput, sumGroups } from "../explain-input.ts";
import { nodeCover } from "./cover.ts";
import { leafValues } from "./leaf-values.ts";
import { pathSums } from "./path-sums.ts";
import { treePaths } from "./tree-paths.ts";

/**
 * Exact tree SHAP, path-dependent: at a split on an unknown feature a row goes both ways, weighted by
 * how many background rows go there. The base is the mean prediction over the background, which must be
 * the rows that the trees were grown on (or reach every branch).
 * Source: S. M. Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
 */
export const treeShap = {
  name: "tree-shap",
  title: "Tree SHAP, path-dependent",
  supports: { model: "trees", isLocallyAccurate: true, isExact: true },
  defaults: {},
  explain: explainPaths,
} as const satisfies ExplainerSpec;

async function explainPaths(input: ExplainInput, options?: object): Promise<Explanation> {
  const { name } = treeShap;
  const groups = checkExplainInput(treeShap, input);
  withDefaults(name, {}, options);
  const { model, x, background, work = {} } = input;
  const trees = model.trees!;
  const { ensemble } = trees;
  const cover = nodeCover(ensemble, background);
  const perColumn = matrix(x.rows, x.columns);
  const count = ensemble.roots.length;
  let base = ensemble.offset[trees.output];
  for (let t = 0; t < count; t++) {
    await checkpoint(work, { label: "tree SHAP", done: t, total: count });
    const paths = treePaths(ensemble, t, cover);
    const value = leafValues(paths, trees);
    for (let n = 0; n < paths.nodes; n++) base += paths.reach[n] * value[n];
    const sums = pathSums(paths, value, x).data;
    for (let k = 0; k < sums.length; k++) perColumn.data[k] += sums[k];
  }
  await checkpoint(work, { label: "tree SHAP", done: count, total: count });
  return {
    method: name,
    base: new Float64Array(x.rows).fill(base),
    contributions: sumGroups(perColumn, groups),
    predictions: model.predict(x),
  };
}

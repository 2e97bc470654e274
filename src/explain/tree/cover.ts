import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { TreeEnsemble } from "../../surrogates/structure.ts";

/**
 * How many of the rows pass each node of the ensemble.
 * @param rows the training rows: every split was made because some of them go either way
 * @throws InputError when a node sees no row, where the share of a branch has no value
 */
export function nodeCover(ensemble: TreeEnsemble, rows: Matrix): Int32Array {
  const { roots, feature, threshold, left } = ensemble;
  const cover = new Int32Array(feature.length);
  for (let t = 0; t < roots.length; t++) {
    for (let i = 0; i < rows.rows; i++) {
      let node = roots[t];
      for (;;) {
        cover[node]++;
        const j = feature[node];
        if (j < 0) break;
        node = left[node] + (rows.data[i * rows.columns + j] > threshold[node] ? 1 : 0);
      }
    }
  }
  const empty = cover.indexOf(0);
  if (empty >= 0) {
    throw new InputError(
      `nodeCover: expected background rows in every branch, none of ${rows.rows} reaches node ${empty}.`,
      {
        path: "background",
        expected: "the rows that the trees were grown on",
        hint: "Give all training rows as background, or choose tree-shap-interventional.",
      },
    );
  }
  return cover;
}

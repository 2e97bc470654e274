import { matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import { withDefaults } from "../../surrogates/fit-input.ts";
import type { TreeEnsemble } from "../../surrogates/structure.ts";
import { meanPrediction } from "../coalition-values.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "../contract.ts";
import { checkExplainInput, sumGroups } from "../explain-input.ts";
import { choose } from "../games.ts";

/**
 * Exact tree SHAP, interventional: unknown features take the values of the background rows, one row
 * after the other, as in kernel SHAP, whose answer it equals. Time is trees x leaves reached x
 * background rows for each row, so a sample of some 100 background rows is usual.
 * Source: S. M. Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
 */
export const treeShapInterventional = {
  name: "tree-shap-interventional",
  title: "Tree SHAP, interventional",
  supports: { model: "trees", isLocallyAccurate: true, isExact: true },
  defaults: {},
  explain: explainAgainst,
} as const satisfies ExplainerSpec;

async function explainAgainst(input: ExplainInput, options?: object): Promise<Explanation> {
  const { name } = treeShapInterventional;
  const groups = checkExplainInput(treeShapInterventional, input);
  withDefaults(name, {}, options);
  const { model, x, background, work = {} } = input;
  const { ensemble, output } = model.trees!;
  const perColumn = matrix(x.rows, x.columns);
  const trees = ensemble.roots.length;
  const walk = new PairWalk(ensemble, output);
  for (let t = 0; t < trees; t++) {
    await checkpoint(work, { label: "tree SHAP", done: t, total: trees });
    for (let i = 0; i < x.rows; i++) {
      for (let b = 0; b < background.rows; b++) {
        walk.add(perColumn.data, t, x.data, i * x.columns, background.data, b * x.columns);
      }
    }
  }
  await checkpoint(work, { label: "tree SHAP", done: trees, total: trees });
  for (let k = 0; k < perColumn.data.length; k++) {
    perColumn.data[k] *= ensemble.scale / background.rows;
  }
  return {
    method: name,
    base: new Float64Array(x.rows).fill(meanPrediction(model.predict, background)),
    contributions: sumGroups(perColumn, groups),
    predictions: model.predict(x),
  };
}

/** Whose value of a feature the path under way needs. */
const either = 0;
const rowOnly = 1;
const otherOnly = 2;

/**
 * Shapley values of one tree for one row against one other row. A leaf that needs p features from the row
 * and n from the other one is worth its value to coalitions that hold the p and none of the n, so each of
 * the p gets v (p - 1)! n! / (p + n)! and each of the n gets -v p! (n - 1)! / (p + n)!.
 */
class PairWalk {
  private readonly ensemble: TreeEnsemble;
  private readonly output: number;
  private readonly needs: Uint8Array;
  /** (p - 1)! n! / (p + n)! at `p * width + n`. */
  private readonly share: Float64Array;
  private readonly width: number;
  private phi: Float64Array = new Float64Array(0);
  private x: Float64Array = this.phi;
  private row = 0;
  private other: Float64Array = this.phi;
  private otherRow = 0;
  /** What every feature needed from the row, and every one needed from the other, gets below a node. */
  private forRow = 0;
  private forOther = 0;

  constructor(ensemble: TreeEnsemble, output: number) {
    this.ensemble = ensemble;
    this.output = output;
    this.needs = new Uint8Array(ensemble.inputs);
    this.width = ensemble.inputs + 1;
    this.share = new Float64Array(this.width * this.width);
    for (let p = 1; p < this.width; p++) {
      for (let n = 0; p + n < this.width; n++) {
        this.share[p * this.width + n] = 1 / (p * choose(p + n, p));
      }
    }
  }

  /** Adds the values of tree t to `phi` from `row` on. */
  add(
    phi: Float64Array,
    t: number,
    x: Float64Array,
    row: number,
    other: Float64Array,
    otherRow: number,
  ): void {
    this.phi = phi;
    this.x = x;
    this.row = row;
    this.other = other;
    this.otherRow = otherRow;
    this.visit(this.ensemble.roots[t], 0, 0);
  }

  private visit(node: number, p: number, n: number): void {
    const { ensemble, needs } = this;
    let at = node;
    // Splits that both rows pass alike, or that are settled by an earlier one, are walked through.
    for (;;) {
      const j = ensemble.feature[at];
      if (j < 0) break;
      const left = ensemble.left[at];
      const threshold = ensemble.threshold[at];
      const mine = left + (this.x[this.row + j] > threshold ? 1 : 0);
      const theirs = left + (this.other[this.otherRow + j] > threshold ? 1 : 0);
      if (mine === theirs || needs[j] === rowOnly) at = mine;
      else if (needs[j] === otherOnly) at = theirs;
      else {
        needs[j] = rowOnly;
        this.visit(mine, p + 1, n);
        this.phi[this.row + j] += this.forRow;
        const { forRow, forOther } = this;
        needs[j] = otherOnly;
        this.visit(theirs, p, n + 1);
        this.phi[this.row + j] += this.forOther;
        this.forRow += forRow;
        this.forOther += forOther;
        needs[j] = either;
        return;
      }
    }
    const value = ensemble.leafValue[ensemble.left[at] * ensemble.outputs + this.output];
    this.forRow = p === 0 ? 0 : value * this.share[p * this.width + n];
    this.forOther = n === 0 ? 0 : -value * this.share[n * this.width + p];
  }
}

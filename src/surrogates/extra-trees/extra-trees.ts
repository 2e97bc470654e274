import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint } from "../../core/work.ts";
import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, withDefaults } from "../fit-input.ts";
import { dealFolds } from "../folds.ts";
import { joinTrees, leafOf, type Forest } from "../forest/forest.ts";
import { LeafSums, type SpreadModel } from "../forest/leaf-sums.ts";
import { treeSettings, type ForestOptions } from "../forest/options.ts";
import { noiseFactor, predictor } from "../forest/random-forest.ts";
import { columnsOf } from "../forest/training-set.ts";
import type { Tree } from "../forest/tree.ts";
import { standardise } from "../standardise.ts";
import { RandomTreeGrower } from "./grow-random-tree.ts";
import { epistemicShare } from "./epistemic-share.ts";

/** Options of `extra-trees`; `maxFeatures: "auto"` is all inputs for numbers and `sqrt` for classes. */
export type ExtraTreesOptions = ForestOptions;

const defaults: ExtraTreesOptions = {
  trees: 500,
  maxFeatures: "auto",
  minLeaf: 1,
  maxDepth: null,
  bootstrap: false,
};

/** A fitted forest of random trees. */
export interface ExtraTrees extends Surrogate {
  readonly forest: Forest;
}

/**
 * Extremely randomised trees for numbers and classes: a forest whose thresholds are drawn at random, each
 * tree on all rows unless `bootstrap` says otherwise.
 *
 * Without bootstrap no tree leaves rows out, so as many trees again are grown on the rows outside of one
 * of ten folds each, and judged inside: the total variance of a number (between trees plus inside leaves)
 * is scaled to agree with these held-out errors; of a class with probability p it is p (1 - p). The
 * epistemic variance is the variance between trees times the share that stays in their mean
 * (`epistemicShare`), the aleatoric variance is the rest.
 * Source: P. Geurts, D. Ernst, L. Wehenkel, Mach. Learn. 63, 3 (2006), doi:10.1007/s10994-006-6226-1;
 * total variance: F. Hutter et al., Artif. Intell. 206, 79 (2014), doi:10.1016/j.artint.2013.10.003.
 */
export const extraTrees = {
  name: "extra-trees",
  title: "Extra trees",
  supports: { regression: true, classification: true, epistemic: true, aleatoric: true },
  defaults,
  tunable: {
    minLeaf: { kind: "number", min: 1, max: 20, scale: "log", integer: true },
    maxFeatures: { kind: "choice", values: ["sqrt", "third", "all"] },
  },
  fit: fitExtraTrees,
} as const satisfies SurrogateSpec<ExtraTreesOptions>;

const mostFolds = 10;

/** See `extraTrees`; the same seed gives the same trees. */
export async function fitExtraTrees(
  input: FitInput,
  options?: Partial<ExtraTreesOptions>,
): Promise<ExtraTrees> {
  const { name } = extraTrees;
  checkFitInput(extraTrees, input);
  const chosen = withDefaults(name, defaults, options);
  const { x, y, task, rng, work = {} } = input;
  const isNumber = task.kind === "regression";
  const maxFeatures = chosen.maxFeatures === "auto" && isNumber ? "all" : chosen.maxFeatures;
  const settings = treeSettings({ ...chosen, maxFeatures }, x.columns, task, name);
  const outputs = isNumber ? 1 : task.classes.length;

  const target = isNumber ? standardise(y) : { values: Float64Array.from(y), mean: 0, scale: 1 };
  const grower = new RandomTreeGrower(
    { rows: x.rows, features: x.columns, outputs, columns: columnsOf(x), target: target.values },
    settings,
  );

  const everyRow = Int32Array.from({ length: x.rows }, (_, i) => i);
  const draw = (rows: Int32Array, rng: Rng) => drawWeights(x.rows, rows, chosen.bootstrap, rng);
  const folds = Math.min(mostFolds, x.rows, chosen.trees);
  const fold = dealFolds(y, task, folds, rng.fork("folds"));
  const outside = Array.from({ length: folds }, (_, f) =>
    everyRow.filter((row) => fold[row] !== f),
  );
  const heldOut = new LeafSums(x.rows, outputs);
  const trees: Tree[] = [];
  for (let t = 0; t < chosen.trees; t++) {
    const treeRng = rng.fork(`tree ${t}`);
    trees.push(grower.grow(draw(everyRow, treeRng), treeRng));
    const judgeRng = rng.fork(`held-out tree ${t}`);
    const judge = grower.grow(draw(outside[t % folds], judgeRng), judgeRng);
    addHeldOut(heldOut, joinTrees([judge], x.columns, outputs), x, fold, t % folds);
    await checkpoint(work, { label: "extra trees", done: t + 1, total: chosen.trees });
  }
  const share = epistemicShare(grower, draw, x, outputs, rng.fork("share"));
  const forest = joinTrees(trees, x.columns, outputs);
  const spread: SpreadModel = {
    epistemicShare: share + 1 / chosen.trees,
    noiseFactor: isNumber ? noiseFactor(heldOut, everyRow, target.values) : 1,
    offset: target.mean,
    scale: target.scale,
  };
  return {
    name,
    task,
    inputs: x.columns,
    forest,
    summary: {
      trees: chosen.trees,
      featuresPerSplit: settings.maxFeatures,
      minLeaf: settings.minLeaf,
      nodes: forest.left.length,
      depth: forest.depth,
      epistemicShare: spread.epistemicShare,
      ...(isNumber ? { noiseFactor: spread.noiseFactor } : {}),
    },
    predict: predictor(name, forest, spread),
  };
}

/** Each of the rows once, or as often as it is drawn in as many draws with replacement; others 0. */
function drawWeights(n: number, rows: Int32Array, bootstrap: boolean, rng: Rng): Float64Array {
  const weight = new Float64Array(n);
  if (bootstrap) {
    for (let i = 0; i < rows.length; i++) weight[rows[rng.integer(rows.length)]]++;
  } else {
    for (const row of rows) weight[row] = 1;
  }
  return weight;
}

function addHeldOut(sums: LeafSums, tree: Forest, x: Matrix, fold: Int32Array, f: number): void {
  for (let i = 0; i < x.rows; i++) {
    if (fold[i] === f) sums.add(i, tree, leafOf(tree, 0, x.data, i * x.columns));
  }
}

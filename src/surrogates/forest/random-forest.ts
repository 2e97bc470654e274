import { takeRows, type Matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type { Rng } from "../../core/rng.ts";
import type {
  FitInput,
  InputColumn,
  Prediction,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkPredictInput, withDefaults } from "../fit-input.ts";
import { columnsFromJson, columnsToJson } from "../saved-columns.ts";
import { standardise } from "../standardise.ts";
import type { TreeEnsemble } from "../structure.ts";
import { bootstrap } from "./bootstrap.ts";
import { epistemicShare } from "./epistemic-share.ts";
import { joinTrees, leafOf, treesOf, type Forest } from "./forest.ts";
import { readForest, saveForest } from "./forest-state.ts";
import { TreeGrower } from "./grow-tree.ts";
import {
  LeafSums,
  forestVariances,
  toPrediction,
  type SpreadModel,
  type Variances,
} from "./leaf-sums.ts";
import { forestDefaults, treeSettings, type ForestOptions } from "./options.ts";
import { trainingSet } from "./training-set.ts";
import type { Tree } from "./tree.ts";
import { walkOf, type Walk } from "./walk.ts";

/** Predictions of training rows by the trees that did not see them. */
export interface OutOfBag {
  /** Training rows that at least one tree left out; row i of the prediction is `rows[i]`. */
  readonly rows: Int32Array;
  readonly prediction: Prediction;
}

/** A fitted random forest. */
export interface RandomForest extends Surrogate {
  readonly forest: Forest;
  readonly trees: TreeEnsemble;
  /** Absent without bootstrap, and in a forest that was loaded. */
  readonly outOfBag?: OutOfBag;
}

/**
 * Random forest of fully grown trees for numbers and classes.
 *
 * The epistemic variance is the variance between trees times the share of it that stays in their mean
 * when the rows are others (`epistemicShare`, and 1 / trees for their finite number; without bootstrap
 * the whole spread). The total variance of a number is the law of total variance over the trees (variance inside leaves plus
 * between trees) times one factor that makes it agree with the out-of-bag errors; of a class with
 * probability p it is p (1 - p). The epistemic variance is at most the total one, the aleatoric the rest.
 * Trees answer with means of measured rows, so far from all data the spread hardly grows: judge
 * extrapolation by the distance to the data, not by the std.
 * Source: L. Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324; total variance: F.
 * Hutter et al., Artif. Intell. 206, 79 (2014), doi:10.1016/j.artint.2013.10.003.
 */
export const randomForest = {
  name: "random-forest",
  title: "Random forest",
  supports: {
    regression: true,
    classification: true,
    epistemic: true,
    aleatoric: true,
    structure: "trees",
  },
  defaults: forestDefaults,
  tunable: {
    minLeaf: { kind: "number", min: 1, max: 20, scale: "log", integer: true },
    maxFeatures: { kind: "choice", values: ["sqrt", "third", "all"] },
  },
  rounds: { option: "trees", least: 20, areAveraged: true },
  fit: fitRandomForest,
  version: 1,
  load: loadRandomForest,
} as const satisfies SurrogateSpec<ForestOptions>;

/** Most rows that the epistemic share is learned from: its parts take no more. */
const shareRows = 6000;

/** See `randomForest`; the same seed gives the same forest. */
export async function fitRandomForest(
  input: FitInput,
  options?: Partial<ForestOptions>,
): Promise<RandomForest> {
  checkFitInput(randomForest, input);
  const chosen = withDefaults(randomForest.name, forestDefaults, options);
  const { x, task, rng, work = {} } = input;
  const settings = treeSettings(chosen, x.columns, task);
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  const target = outputs === 1 ? standardise(input.y) : { values: input.y, mean: 0, scale: 1 };

  const grower = new TreeGrower(trainingSet(x, target.values, outputs), settings);
  const shareOf = (x: Matrix, grower: TreeGrower, rng: Rng): number => {
    if (x.rows > shareRows) {
      const some = rng.permutation(x.rows).subarray(0, shareRows);
      const targets = Float64Array.from(some, (row) => target.values[row]);
      const few = takeRows(x, some);
      return shareOf(few, new TreeGrower(trainingSet(few, targets, outputs), settings), rng);
    }
    const grow = (rows: Int32Array, draw: Rng) => grower.grow(bootstrap(x.rows, rows, draw), draw);
    return epistemicShare(grow, x, outputs, rng);
  };
  const everyRow = Int32Array.from({ length: x.rows }, (_, i) => i);
  const outOfBag = new LeafSums(x.rows, outputs);
  const trees: Tree[] = [];
  for (let t = 0; t < chosen.trees; t++) {
    const treeRng = rng.fork(`tree ${t}`);
    const weight = chosen.bootstrap
      ? bootstrap(x.rows, everyRow, treeRng)
      : new Float64Array(x.rows).fill(1);
    const tree = grower.grow(weight, treeRng);
    trees.push(tree);
    if (chosen.bootstrap) {
      const single = joinTrees([tree], x.columns, outputs);
      addOutOfBag(outOfBag, single, x, weight);
    }
    await checkpoint(work, { label: "random forest", done: t + 1, total: chosen.trees });
  }

  const forest = joinTrees(trees, x.columns, outputs);
  const left = Int32Array.from(outOfBag.trees.keys()).filter((i) => outOfBag.trees[i] > 0);
  const spread: SpreadModel = {
    epistemicShare: chosen.bootstrap
      ? Math.min(1, shareOf(x, grower, rng.fork("share")) + 1 / chosen.trees)
      : 1,
    noiseFactor: outputs === 1 ? noiseFactor(outOfBag, left, target.values) : 1,
    offset: target.mean,
    scale: target.scale,
  };
  const surrogate = surrogateOf({
    forest,
    spread,
    task,
    columns: input.columns,
    summary: {
      trees: chosen.trees,
      featuresPerSplit: settings.maxFeatures,
      minLeaf: settings.minLeaf,
      nodes: forest.left.length,
      depth: forest.depth,
      epistemicShare: spread.epistemicShare,
      ...(outputs === 1 ? { noiseFactor: spread.noiseFactor } : {}),
    },
  });
  if (left.length === 0) return surrogate;
  const prediction = toPrediction(outOfBag, left, spread, forestVariances(spread));
  return { ...surrogate, outOfBag: { rows: left, prediction } };
}

/** The forest that was saved, without its out-of-bag predictions. @throws InputError for a damaged state */
export function loadRandomForest(saved: SavedSurrogate): RandomForest {
  const { task, inputs, summary } = saved;
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  const { forest, spread, read } = readForest(randomForest.name, saved, inputs, outputs);
  const columns = columnsFromJson(randomForest.name, read.json("columns"), inputs);
  return surrogateOf({ forest, spread, task, columns, summary });
}

function surrogateOf({
  forest,
  spread,
  task,
  columns,
  summary,
}: {
  readonly forest: Forest;
  readonly spread: SpreadModel;
  readonly task: Task;
  readonly columns: readonly InputColumn[] | undefined;
  readonly summary: Surrogate["summary"];
}): RandomForest {
  const { name } = randomForest;
  return {
    name,
    task,
    inputs: forest.inputs,
    forest,
    trees: treesOf(forest, spread),
    summary,
    predict: predictor(name, forest, spread, forestVariances(spread), columns),
    save: () => {
      const { settings, arrays } = saveForest(forest, spread);
      return { settings: { ...settings, columns: columnsToJson(columns) }, arrays };
    },
  };
}

function addOutOfBag(sums: LeafSums, tree: Forest, x: Matrix, weight: Float64Array): void {
  for (let i = 0; i < x.rows; i++) {
    if (weight[i] === 0) sums.add(i, tree, leafOf(tree, 0, x.data, i * x.columns));
  }
}

/** Sum of squared out-of-bag errors over the sum of the variances claimed for them; 1 where none is. */
export function noiseFactor(sums: LeafSums, rows: Int32Array, target: Float64Array): number {
  let errors = 0;
  let claimed = 0;
  for (const row of rows) {
    const error = target[row] - sums.moments(row, 0).mean;
    errors += error * error;
    claimed += sums.totalVariance(row);
  }
  return claimed > 0 ? errors / claimed : 1;
}

/**
 * Predictions of all trees together.
 * @param name of the family, and `columns` if they have names: for messages
 */
export function predictor(
  name: string,
  forest: Forest,
  spread: SpreadModel,
  variances: Variances,
  columns: readonly InputColumn[] | undefined,
): (x: Matrix) => Prediction {
  let walk: Walk | undefined;
  return (x) => {
    checkPredictInput(name, forest.inputs, x, columns);
    walk ??= walkOf(forest);
    const rows = Int32Array.from({ length: x.rows }, (_, i) => i);
    return toPrediction(walk(x), rows, spread, variances);
  };
}

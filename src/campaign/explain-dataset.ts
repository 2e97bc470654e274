import { spearman } from "../core/correlation.ts";
import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { rowOf, takeRows, type Matrix } from "../core/matrix.ts";
import { createRng, type Rng } from "../core/rng.ts";
import { standardDeviation } from "../core/statistics.ts";
import { stage, type Work } from "../core/work.ts";
import { groupedKFold } from "../data/split.ts";
import type { ExplainedModel, Explanation } from "../explain/contract.ts";
import { explainedModel } from "../explain/explained-model.ts";
import { meanAbsolute } from "../explain/importance.ts";
import {
  lossFor,
  permutationImportance,
  type HeldOutPart,
} from "../explain/permutation-importance.ts";
import { explainers, type ExplainerName } from "../explain/registry.ts";
import type { SurrogateSpec } from "../surrogates/contract.ts";
import { surrogates, type SurrogateName } from "../surrogates/registry.ts";
import { measuredFormula } from "./design-text.ts";
import type { Dataset } from "./dataset.ts";
import { describeDesign } from "./describe-design.ts";
import { encodeDesign, type ChosenDesign, type EncodedDesign } from "./explained-design.ts";
import {
  explainedFeatures,
  titleOf,
  valueOf,
  type ExplainedFeature,
} from "./explained-features.ts";
import type { DatasetExplanation, DesignExplanation, ExplainedRows } from "./explanation.ts";
import { learningTask, type LearningOptions, type LearningTask } from "./learning-task.ts";

export interface ExplainOptions extends LearningOptions {
  readonly model: SurrogateName;
  /** Default: the exact one for what the model is made of, else kernel or permutation SHAP. */
  readonly method?: ExplainerName;
  /** Class whose probability is explained; default: the last of two, the most frequent of more. */
  readonly className?: string;
  /** One design to explain. */
  readonly design?: ChosenDesign;
  /** Whether to explain the data as a whole too. */
  readonly overall: boolean;
  readonly seed: number;
  readonly work?: Work;
}

const folds = 5;
/** Rows explained for the whole picture: a quick explainer takes more. */
const mostRows = { quick: 300, slow: 50 };
/** Rows that stand for the data where an explainer goes through all of them for every prediction. */
const backgroundRows = 100;

/**
 * Learns a property and explains the model: what moves it over the data, and why one design is predicted
 * as it is. Contributions are Shapley values in the unit of the property (or probability); the shuffling
 * beside them is measured on rows that the model had not seen, in folds that keep a composition together.
 */
export async function explainDataset(
  dataset: Dataset,
  options: ExplainOptions,
): Promise<DatasetExplanation> {
  const task = learningTask(dataset, options);
  const { set } = task;
  const output = outputOf(task, options.className);
  // Before the long work: a design that cannot be encoded is refused.
  const chosen = options.design === undefined ? undefined : encodeDesign(task, options.design);
  const rng = createRng(options.seed);
  const work = options.work ?? {};
  const spec = surrogates[options.model];
  const surrogate = await (spec as SurrogateSpec).fit({
    x: set.x,
    y: set.y,
    task: set.task,
    groups: set.compositions,
    rng: rng.fork("fit"),
    work: stage(work, 0, 0.15, `learning ${set.property.title}`),
  });
  const model = explainedModel(surrogate, output);
  const features = explainedFeatures(task);
  const groups = features.map(({ columns }) => columns);
  const method = options.method ?? automaticMethod(model, features.length);
  const explain = (x: Matrix, part: Work): Promise<Explanation> =>
    explainers[method].explain({
      model,
      x,
      background: backgroundFor(method, set.x, rng.fork("background")),
      groups,
      rng: rng.fork("explain"),
      work: part,
    });

  const predictions = model.predict(set.x);
  const describe: Describe = (encoded, { base, contributions }, i) => {
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(encoded.x);
    return describeDesign(encoded, {
      features,
      usual: set.x,
      title: titleFor(task, output),
      unit: set.property.unit,
      spread: standardDeviation(predictions, 0),
      base: base[i]!,
      contributions: rowOf(contributions, i),
      prediction: mean.data[output]!,
      epistemicStd: epistemicStd.data[output]!,
      aleatoricStd: aleatoricStd.data[output]!,
    });
  };
  const design =
    chosen === undefined
      ? null
      : describe(
          chosen,
          await explain(chosen.x, stage(work, 0.15, 0.3, "explaining the design")),
          0,
        );
  const overall = options.overall
    ? await explainOverall(task, features, explain, describe, { options, method, rng, work })
    : null;
  return {
    dataset: dataset.name,
    target: options.target,
    title: titleFor(task, output),
    unit: set.property.unit,
    class: set.task.kind === "classification" ? set.task.classes[output]! : null,
    model: options.model,
    method,
    rows: set.y.length,
    dropped: set.dropped,
    features: task.features,
    process: task.process.map(({ name }) => name),
    base: predictions.reduce((sum, value) => sum + value, 0) / predictions.length,
    overall,
    design,
    dataHash: dataset.sha256,
    seed: options.seed,
  };
}

/** Turns row i of an explanation into words and numbers. */
type Describe = (design: EncodedDesign, explanation: Explanation, i: number) => DesignExplanation;

interface Setting {
  readonly options: ExplainOptions;
  readonly method: ExplainerName;
  readonly rng: Rng;
  readonly work: Work;
}

async function explainOverall(
  task: LearningTask,
  features: readonly ExplainedFeature[],
  explain: (x: Matrix, work: Work) => Promise<Explanation>,
  describe: Describe,
  { options, method, rng, work }: Setting,
): Promise<NonNullable<DatasetExplanation["overall"]>> {
  const { set, data } = task;
  const isQuick = explainers[method].supports.model !== "any";
  const chosen = sample(set.x.rows, isQuick ? mostRows.quick : mostRows.slow, rng.fork("rows"));
  const x = takeRows(set.x, chosen);
  const explanation = await explain(x, stage(work, 0.3, 0.6, "explaining the data"));
  const { contributions, predictions } = explanation;
  const columnOf = (g: number): number[] =>
    Array.from({ length: x.rows }, (_, i) => contributions.data[i * features.length + g]!);
  const values = features.map((feature) =>
    Array.from({ length: x.rows }, (_, i) => {
      const value = valueOf(feature, rowOf(x, i));
      return typeof value === "number" ? value : feature.levels.indexOf(value);
    }),
  );

  const parts = await heldOut(options, set, rng.fork("folds"), stage(work, 0.6, 0.9));
  const loss = lossFor(set.task);
  const shuffled = await permutationImportance(parts, {
    loss,
    groups: features.map(({ columns }) => columns),
    rng: rng.fork("shuffle"),
    work: stage(work, 0.9, 1, "shuffling features"),
  });

  const size = meanAbsolute(contributions);
  const order = Array.from(features.keys()).sort((a, b) => size[b]! - size[a]! || a - b);
  const points: ExplainedRows = {
    rows: Array.from(chosen, (i) => set.rows[i]! + 1),
    formulas: Array.from(chosen, (i) => measuredFormula(data, set.rows[i]!)),
    features: order.map((g) => ({
      name: features[g]!.name,
      unit: features[g]!.unit,
      levels: features[g]!.levels,
      values: values[g]!,
      contributions: columnOf(g),
    })),
  };
  const outermost = [Math.max(...predictions), Math.min(...predictions)];
  return {
    explainedRows: x.rows,
    protocol: `${parts.length} folds grouped by composition`,
    loss: {
      name: loss.name,
      value: shuffled.loss,
      unit: set.task.kind === "regression" ? set.property.unit : "1",
    },
    importance: order.map((g, place) => ({
      name: features[g]!.name,
      unit: features[g]!.unit,
      meanAbsolute: size[g]!,
      trend:
        features[g]!.levels.length > 0
          ? null
          : trendOf(values[g]!, points.features[place]!.contributions),
      permutation: { mean: shuffled.increase[g]!, std: shuffled.std[g]! },
    })),
    points,
    examples: outermost.map((prediction) => {
      const i = predictions.indexOf(prediction);
      return describe(encodeDesign(task, { row: points.rows[i]! }), explanation, i);
    }),
  };
}

/** One model per fold with the rows that it has not seen. */
async function heldOut(
  { model }: ExplainOptions,
  set: LearningTask["set"],
  rng: Rng,
  work: Work,
): Promise<HeldOutPart[]> {
  const groups = new Set(set.compositions).size;
  const splits = groupedKFold(set.compositions, Math.min(folds, groups), rng.fork("split"));
  const parts: HeldOutPart[] = [];
  for (const [f, { train, test }] of splits.entries()) {
    const surrogate = await (surrogates[model] as SurrogateSpec).fit({
      x: takeRows(set.x, train),
      y: Float64Array.from(train, (row) => set.y[row]!),
      task: set.task,
      groups: Array.from(train, (row) => set.compositions[row]!),
      rng: rng.fork(`fold ${f}`),
      work: stage(work, f / splits.length, (f + 1) / splits.length, "learning without some rows"),
    });
    parts.push({
      predict: (x) => surrogate.predict(x).mean,
      x: takeRows(set.x, test),
      y: Float64Array.from(test, (row) => set.y[row]!),
    });
  }
  return parts;
}

/** Rank correlation of values and contributions; null where either does not vary. */
function trendOf(values: readonly number[], contributions: readonly number[]): number | null {
  const varies = (list: readonly number[]): boolean => list.some((value) => value !== list[0]);
  return varies(values) && varies(contributions) ? spearman(values, contributions) : null;
}

/** Most features whose coalitions kernel SHAP lists completely by default. */
const mostListed = 11;

/** The exact explainer for what the model is made of, else one for any model. */
function automaticMethod(model: ExplainedModel, features: number): ExplainerName {
  if (model.trees !== undefined) return "tree-shap";
  if (model.plane !== undefined) return "linear-shap";
  return features <= mostListed ? "kernel-shap" : "permutation-shap";
}

/** All rows where an explainer reads them once, else a sample. */
function backgroundFor(method: ExplainerName, x: Matrix, rng: Rng): Matrix {
  const readsAll = method === "tree-shap" || explainers[method].supports.model === "plane";
  return readsAll ? x : takeRows(x, sample(x.rows, backgroundRows, rng));
}

/** At most `count` of n rows in ascending order. */
function sample(n: number, count: number, rng: Rng): Int32Array {
  return rng.permutation(n).slice(0, Math.min(n, count)).sort();
}

/** The column of the prediction that is explained. */
function outputOf({ set }: LearningTask, className: string | undefined): number {
  if (set.task.kind === "regression") {
    if (className === undefined) return 0;
    throw new InputError(`${set.property.name} is a number and has no classes.`, {
      path: "--class",
      received: className,
    });
  }
  const { classes } = set.task;
  if (className !== undefined) {
    const k = classes.indexOf(className);
    if (k >= 0) return k;
    throw new InputError(`"${className}" is no class of ${set.property.name}.`, {
      path: "--class",
      received: className,
      expected: `one of ${classes.join(", ")}`,
      hint: suggest(className, classes),
    });
  }
  if (classes.length === 2) return 1;
  const counts = new Int32Array(classes.length);
  for (const label of set.y) counts[label]!++;
  return counts.indexOf(Math.max(...counts));
}

/** What is explained, in words. */
function titleFor({ set }: LearningTask, output: number): string {
  const title = titleOf(set.property.name);
  if (set.task.kind === "regression") return title;
  const { classes } = set.task;
  if (classes.length === 2 && classes[0] === "0" && classes[1] === "1") {
    return output === 1 ? `probability of ${title}` : `probability of no ${title}`;
  }
  return `probability of ${title} ${classes[output]}`;
}

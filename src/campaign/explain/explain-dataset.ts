import { InputError, UnsupportedError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import { standardDeviation } from "../../core/statistics.ts";
import { stage, type Work } from "../../core/work.ts";
import type { ExplainedModel, Explanation } from "../../explain/contract.ts";
import { explainedModel } from "../../explain/explained-model.ts";
import { explainers, type ExplainerName } from "../../explain/registry.ts";
import type { ExplainerSpec } from "../../explain/contract.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates } from "../../surrogates/registry.ts";
import type { Dataset } from "../dataset.ts";
import { describeDesign } from "./describe-design.ts";
import { changeDesign, type WantedChange } from "./design-counterfactual.ts";
import { explainOverall, type OverallSetting } from "./explain-overall.ts";
import { encodeDesign, type ChosenDesign } from "./explained-design.ts";
import { explainedFeatures, titleOf } from "./explained-features.ts";
import { explainedSource, type ExplainedChoice, type ExplainedSource } from "./explained-source.ts";
import type { DatasetExplanation } from "./explanation.ts";
import type { LearningTask } from "../learning/learning-task.ts";

export interface ExplainSettings {
  /** Default: the exact one for what the model is made of, else kernel or permutation SHAP. */
  readonly method?: ExplainerName;
  /** Options of the method instead of its defaults. */
  readonly methodOptions?: Readonly<Record<string, unknown>>;
  /** Class whose probability is explained; default: the last of two, the most frequent of more. */
  readonly className?: string;
  /** One design to explain. */
  readonly design?: ChosenDesign;
  /** The change of the prediction of `design` that is looked for. */
  readonly change?: WantedChange;
  /** Whether to explain the data as a whole too. */
  readonly overall: boolean;
  readonly seed: number;
  readonly work?: Work;
}

export type ExplainOptions = ExplainSettings & ExplainedChoice;

/** Rows that stand for the data where an explainer goes through all of them for every prediction. */
const backgroundRows = 100;

/**
 * Learns a property, or takes a model of a file, and explains the model: what moves it over the data, why
 * one design is predicted as it is, and what would change that. Contributions are in the unit of the property
 * (or probability) unless the method says otherwise; the shuffling beside them is measured on rows that the
 * model had not seen.
 * @throws UnsupportedError, before any learning, for a method that cannot read the family
 */
export async function explainDataset(
  dataset: Dataset,
  options: ExplainOptions,
): Promise<DatasetExplanation> {
  const source = explainedSource(dataset, options);
  const { task } = source;
  const { set } = task;
  if (options.method !== undefined) requireStructure(options.method, source);
  const output = outputOf(task, options.className);
  // Before the long work: a design that cannot be encoded is refused.
  const chosen = options.design === undefined ? undefined : encodeDesign(task, options.design);
  const complete = completeRows(task);
  const usual = takeRows(set.x, complete);
  const rng = createRng(options.seed);
  const work = options.work ?? {};
  const surrogate = await source.model(
    rng.fork("fit"),
    stage(work, 0, 0.15, `learning ${set.property.title}`),
  );
  const model = explainedModel(surrogate, output);
  const features = explainedFeatures(task);
  const groups = features.map(({ columns }) => columns);
  const method = options.method ?? automaticMethod(model, features.length);
  const { supports }: Pick<ExplainerSpec, "supports"> = explainers[method];
  const isScore = supports.sharesScores === true && set.task.kind === "classification";
  const explain = (x: Matrix, part: Work): Promise<Explanation> =>
    (explainers[method] as ExplainerSpec).explain(
      {
        model,
        x,
        background: backgroundFor(method, usual, rng.fork("background")),
        groups,
        rng: rng.fork("explain"),
        work: part,
      },
      options.methodOptions,
    );

  const predictions = model.predict(usual);
  const average = predictions.reduce((sum, value) => sum + value, 0) / predictions.length;
  const describe: OverallSetting["describe"] = (encoded, { base, contributions, localFit }, i) => {
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(encoded.x);
    const isTrainingRow = encoded.isTrainingRow && source.learnsRows;
    return describeDesign(
      { ...encoded, isTrainingRow },
      {
        features,
        usual,
        title: titleFor(task, output),
        unit: set.property.unit,
        spread: standardDeviation(predictions, 0),
        average: supports.isLocallyAccurate ? base[i]! : average,
        base: base[i]!,
        contributions: rowOf(contributions, i),
        sumsToPrediction: !isScore && supports.hasLocalFit !== true,
        localFit: localFit?.[i] ?? null,
        prediction: mean.data[output]!,
        epistemicStd: epistemicStd.data[output]!,
        aleatoricStd: aleatoricStd.data[output]!,
      },
    );
  };
  const design =
    chosen === undefined
      ? null
      : describe(
          chosen,
          await explain(chosen.x, stage(work, 0.15, 0.25, "explaining the design")),
          0,
        );
  const change =
    chosen === undefined || options.change === undefined
      ? null
      : await changeDesign({
          task,
          surrogate,
          output,
          title: titleFor(task, output),
          design: chosen,
          wanted: options.change,
          rng: rng.fork("change"),
          work: stage(work, 0.25, 0.3, "looking for a change"),
        });
  const overall = options.overall
    ? await explainOverall({
        source,
        surrogate,
        complete,
        features,
        method,
        explain,
        describe,
        rng,
        work,
      })
    : null;
  return {
    dataset: dataset.name,
    target: set.property.name,
    title: titleFor(task, output),
    unit: set.property.unit,
    class: set.task.kind === "classification" ? set.task.classes[output]! : null,
    model: source.family,
    method,
    contributionUnit: isScore ? "score" : set.property.unit,
    rows: set.y.length,
    dropped: set.dropped,
    features: task.features,
    process: task.process.map(({ name }) => name),
    unused: task.unused,
    base: average,
    overall,
    design,
    change,
    dataHash: dataset.sha256,
    seed: options.seed,
  };
}

/**
 * Explainers read whole rows: positions of those without a missing input.
 * @throws InputError when there is none
 */
function completeRows({ set, data }: LearningTask): readonly number[] {
  const complete = Array.from({ length: set.x.rows }, (_, i) => i).filter((i) =>
    rowOf(set.x, i).every((value) => !Number.isNaN(value)),
  );
  if (complete.length > 0) return complete;
  throw new InputError(`Every row of ${data.dataset.name} lacks an input of the model.`, {
    file: data.dataset.table.source,
    expected: "at least one row with all process variables, to say what is usual",
    hint: "Choose process variables with --process.",
  });
}

const structureWords = {
  trees: "trees",
  plane: "one plane",
  layers: "fully connected layers",
} as const;

/** @throws UnsupportedError with the families that fit when the method reads what the family does not show */
function requireStructure(method: ExplainerName, { spec, family }: ExplainedSource): void {
  const { model } = explainers[method].supports;
  if (model === "any" || spec.supports.structure === model) return;
  const all: readonly SurrogateSpec[] = Object.values(surrogates);
  const can = all.filter(({ supports }) => supports.structure === model).map(({ name }) => name);
  const isHidden = can.includes(family);
  throw new UnsupportedError(
    `${method} explains models made of ${structureWords[model]}, and ${family} ${isHidden ? "behind a pipeline does not show them" : "is not one of them"}.`,
    {
      path: "--method",
      expected: `one of the families ${can.join(", ")}${isHidden ? " without a pipeline" : ""}`,
      received: family,
      hint: "kernel-shap, permutation-shap and lime explain any model.",
    },
  );
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

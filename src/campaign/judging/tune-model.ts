import { createRng } from "../../core/rng.ts";
import { stage } from "../../core/work.ts";
import { withDefaults } from "../../surrogates/fit-input.ts";
import type { SurrogateName } from "../../surrogates/registry.ts";
import type { TuningMethodName } from "../../surrogates/tune/methods.ts";
import { optionSpace } from "../../surrogates/tune/option-space.ts";
import { tune, tuned, type Tuning } from "../../surrogates/tune/tune.ts";
import { planSplits } from "../../surrogates/validate/held-out.ts";
import { compareFamilies, type Comparison } from "../../surrogates/validate/compare.ts";
import type { Dataset } from "../dataset.ts";
import {
  familyFor,
  judgingTask,
  requireFamily,
  requireMetric,
  type JudgingOptions,
} from "./judging-task.ts";
import { judgedData, type JudgedData } from "./validate-dataset.ts";

export interface TuneOptions extends JudgingOptions {
  readonly model: SurrogateName;
  /** Options of the family that stay as given. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  readonly methods: readonly TuningMethodName[];
  /** Trials on all training rows, for each method and each training part. */
  readonly budget: number;
  /** Folds inside each training part. */
  readonly innerFolds: number;
  readonly metric?: string;
}

/** The best options that were found for a family, and what they are worth. */
export interface DatasetTuning extends JudgedData {
  readonly model: string;
  readonly metric: string;
  readonly budget: number;
  readonly innerFolds: number;
  readonly methods: readonly TuningMethodName[];
  /** The method whose outer score is best; its options are the result. */
  readonly bestMethod: TuningMethodName;
  /** The search of the best method on all rows. */
  readonly tuning: Tuning;
  /**
   * The whole recipe, choosing included, judged on rows that no choice has seen, against the family as it
   * is: models are named `<family>, <method>` and `<family>, defaults`.
   */
  readonly outer: Comparison;
}

/** Share of the work of the outer folds. */
const outerShare = 0.8;

/**
 * Tunes a family on one property of a data set: nested validation of each method and of the family's
 * defaults on the same outer splits, then a search on all rows by the method that was best outside.
 * @throws InputError and UnsupportedError with the option that has to change
 */
export async function tuneModel(dataset: Dataset, options: TuneOptions): Promise<DatasetTuning> {
  const task = judgingTask(dataset, options, options.model);
  const {
    model,
    modelOptions = {},
    methods,
    budget,
    innerFolds,
    metric,
    work = {},
    seed,
  } = options;
  requireFamily(task.set, dataset, model);
  requireMetric(task.set, metric);
  const spec = familyFor(task, model, options);
  optionSpace(spec);
  withDefaults(model, spec.defaults, modelOptions);
  const rng = createRng(seed);
  const withMetric = metric === undefined ? {} : { metric };
  const settingsOf = (method: TuningMethodName) => ({
    method,
    budget,
    folds: innerFolds,
    ...withMetric,
  });
  const nameOf = (recipe: string): string => `${model}, ${recipe}`;
  const outer = await compareFamilies(
    task.data,
    [
      { spec: { ...spec, name: nameOf("defaults") }, options: modelOptions },
      ...methods.map((method) => ({
        spec: { ...tuned(spec, settingsOf(method)), name: nameOf(method) },
        options: modelOptions,
      })),
    ],
    { ...task.settings, rng, work: stage(work, 0, outerShare), ...withMetric },
  );
  const ranked = outer.ranking.map((one) => one.model);
  const bestMethod = methods.toSorted(
    (a, b) => placeOf(ranked, nameOf(a)) - placeOf(ranked, nameOf(b)),
  )[0]!;
  const { x, y } = task.data;
  // What the outer splits keep together, the inner folds on all rows keep together too.
  const groups = planSplits(task.data, { ...task.settings, rng })[0]!.keys;
  const tuning = await tune(
    spec,
    modelOptions,
    {
      x,
      y,
      task: task.data.task,
      rng: rng.fork("all rows"),
      work: stage(work, outerShare, 1),
      ...(groups === undefined ? {} : { groups }),
    },
    settingsOf(bestMethod),
  );
  return {
    ...judgedData(dataset, task, options),
    model,
    metric: outer.metric,
    budget,
    innerFolds,
    methods,
    bestMethod,
    tuning,
    outer,
  };
}

/** The place in the ranking; behind all where it is not there. */
const placeOf = (ranked: readonly string[], name: string): number => {
  const place = ranked.indexOf(name);
  return place < 0 ? ranked.length : place;
};

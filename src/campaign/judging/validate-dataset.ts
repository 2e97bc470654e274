import { createRng } from "../../core/rng.ts";
import { stage } from "../../core/work.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import type { PipelineStep } from "../../surrogates/features/contract.ts";
import { dummy } from "../../surrogates/dummy/dummy.ts";
import { kNearest } from "../../surrogates/k-nearest/k-nearest.ts";
import { linear } from "../../surrogates/linear/linear.ts";
import type { SurrogateName } from "../../surrogates/registry.ts";
import { learningCurve, type LearningCurve } from "../../surrogates/validate/learning-curve.ts";
import { noiseFloor, type NoiseFloor } from "../../surrogates/validate/noise-floor.ts";
import { validate, type Validation } from "../../surrogates/validate/validate.ts";
import type { UnusedColumn } from "../learning/learning-task.ts";
import { calibratedFamily } from "../learning/calibrated-family.ts";
import type { Dataset } from "../dataset.ts";
import {
  familyFor,
  judgingTask,
  requireFamily,
  type JudgingOptions,
  type JudgingTask,
} from "./judging-task.ts";

export interface ValidateOptions extends JudgingOptions {
  readonly model: SurrogateName;
  /** Options of the family; its defaults when absent. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** Whether the model's uncertainty is calibrated on rows held out inside each training part. */
  readonly calibrate?: boolean;
  /** Whether the score is also measured with less data. */
  readonly learningCurve?: boolean;
}

/** What was judged and on what, in every result about a data set. */
export interface JudgedData {
  readonly target: string;
  readonly unit: string;
  readonly task: "regression" | "classification";
  readonly rows: number;
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  readonly features: readonly string[];
  readonly process: readonly string[];
  /** Process variables that are no inputs because rows lack them. */
  readonly unused: readonly UnusedColumn[];
  /** Steps between features and model. */
  readonly pipeline: readonly PipelineStep[];
  /** The protocol in words. */
  readonly protocolText: string;
  /** What replicates say of the best that any model can reach; null without replicates. */
  readonly noiseFloor: NoiseFloor | null;
  readonly dataHash: string;
  readonly seed: number;
}

/** How far a model of one property may be trusted, with what it was given. */
export interface DatasetValidation extends Omit<Validation, "predictions">, JudgedData {
  readonly learningCurve: LearningCurve | null;
}

/** What every useful model must beat: no inputs, a plane, and the most similar measured designs. */
export const baselines: readonly SurrogateSpec[] = [dummy, linear, kNearest];

/** Validates one surrogate on one property of a data set. */
export async function validateDataset(
  dataset: Dataset,
  options: ValidateOptions,
): Promise<DatasetValidation> {
  const task = judgingTask(dataset, options, options.model);
  requireFamily(task.set, dataset, options.model);
  const family = familyFor(task, options.model, options);
  const spec = options.calibrate === true ? calibratedFamily(family) : family;
  const { work = {}, modelOptions = {}, seed } = options;
  const share = options.learningCurve === true ? 0.5 : 1;
  const settings = { ...task.settings, rng: createRng(seed) };
  const { predictions: _, ...validation } = await validate(task.data, spec, modelOptions, {
    ...settings,
    baselines,
    work: stage(work, 0, share),
  });
  // Calibration does not move the error of numbers, and needs more rows than the first points have.
  const drawn = task.set.task.kind === "regression" ? family : spec;
  const curve =
    options.learningCurve === true
      ? await learningCurve(
          task.data,
          { spec: drawn, options: modelOptions },
          { ...settings, work: stage(work, share, 1) },
        )
      : null;
  return { ...validation, ...judgedData(dataset, task, options), learningCurve: curve };
}

/** What was judged and on what. */
export function judgedData(
  dataset: Dataset,
  { learning, set, protocolText }: JudgingTask,
  { target, seed, pipeline = [] }: JudgingOptions,
): JudgedData {
  return {
    target,
    unit: set.property.unit,
    task: set.task.kind,
    rows: set.y.length,
    dropped: set.dropped,
    features: learning.features,
    process: learning.process.map((one) => one.name),
    unused: learning.unused,
    pipeline,
    protocolText,
    noiseFloor: noiseFloor(set.x, set.y, set.task),
    dataHash: dataset.sha256,
    seed,
  };
}

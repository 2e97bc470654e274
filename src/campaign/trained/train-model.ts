import { InputError, UnsupportedError } from "../../core/errors.ts";
import { createRng } from "../../core/rng.ts";
import { median, standardDeviation } from "../../core/statistics.ts";
import type { Work } from "../../core/work.ts";
import { columnsWithRole, textAt } from "../../data/table.ts";
import type { PipelineStep } from "../../surrogates/features/contract.ts";
import { withPipeline } from "../../surrogates/features/with-pipeline.ts";
import type {
  InputColumn,
  SurrogateSpec,
  Task,
  TrainingCheckpoints,
} from "../../surrogates/contract.ts";
import { surrogates } from "../../surrogates/registry.ts";
import { calibratedFamily } from "../learning/calibrated-family.ts";
import type { Dataset } from "../dataset.ts";
import { elementsSeen } from "../learning/known-designs.ts";
import { learn } from "../learning/learn.ts";
import {
  learningTask,
  type LearningOptions,
  type LearningTask,
} from "../learning/learning-task.ts";
import type { TrainedModel, TrainedProcess } from "./trained-model.ts";

export interface TrainOptions extends Omit<LearningOptions, "keepMissing"> {
  /** Name of a family. */
  readonly model: string;
  /** Options of the family instead of its defaults. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** Steps between the features and the model; none when absent. */
  readonly pipeline?: readonly PipelineStep[];
  /** Whether the uncertainty is calibrated on rows held out inside the training. */
  readonly calibrate?: boolean;
  readonly seed: number;
  readonly work?: Work;
  /** Where the fit to all rows keeps how far it has come; for families that keep checkpoints. */
  readonly checkpoints?: TrainingCheckpoints;
  /** Families to choose from; those of the registry when absent. */
  readonly families?: Readonly<Record<string, SurrogateSpec>>;
}

/**
 * Learns one property of a data set with a model that can be saved: audits the table, fits pipeline and
 * model on all rows, validates the same recipe by cross-validation in which rows of one composition stay
 * together, and learns where it interpolates.
 * @throws InputError and UnsupportedError for what does not fit, before any long work
 */
export async function trainModel(dataset: Dataset, options: TrainOptions): Promise<TrainedModel> {
  const { families = surrogates, pipeline = [], modelOptions = {}, seed, work = {} } = options;
  const isCalibrated = options.calibrate === true;
  const family = savableFamily(families, options.model);
  const { supports } = withPipeline(family, pipeline);
  const takesMissing = supports.missing === true;
  const task = learningTask(dataset, { ...options, keepMissing: takesMissing });
  const { domain, data, inputs, set } = task;
  requireTask(families, family, set.task, options.target);
  const columns = inputs.labels.map((name): InputColumn => ({ name, kind: "number" }));
  const spec = withPipeline(family, pipeline, columns);
  const learner = {
    spec: isCalibrated ? calibratedFamily(spec) : spec,
    options: modelOptions,
    columns,
    checkpoints: options.checkpoints,
  };
  const { surrogate, card, validity } = await learn(set, data, inputs, learner, {
    rng: createRng(seed),
    work,
  });
  const spread = set.task.kind === "regression" ? standardDeviation(set.y) : 1;
  return {
    property: set.property,
    task: set.task,
    domain,
    features: task.features,
    symbols: inputs.symbols,
    elements: elementsSeen(data, set),
    process: trainedProcess(task),
    unused: task.unused,
    takesMissing,
    labels: inputs.labels,
    family: family.name,
    options: { ...family.defaults, ...modelOptions },
    pipeline,
    isCalibrated,
    seed,
    data: { name: dataset.name, sha256: dataset.sha256, rows: dataset.table.rows },
    spread: spread > 0 ? spread : 1,
    card,
    surrogate,
    validity,
  };
}

function savableFamily(
  families: Readonly<Record<string, SurrogateSpec>>,
  name: string,
): SurrogateSpec {
  const family = Object.hasOwn(families, name) ? families[name] : undefined;
  if (family?.load !== undefined && family.version !== undefined) return family;
  const can = Object.values(families)
    .filter((one) => one.load !== undefined)
    .map((one) => one.name);
  throw new UnsupportedError(
    family === undefined
      ? `"${name}" is not a family of models.`
      : `Models of the family "${name}" cannot be saved.`,
    {
      path: "--model",
      expected: can.length === 0 ? "a family that can be saved" : `one of ${can.join(", ")}`,
      received: name,
    },
  );
}

function requireTask(
  families: Readonly<Record<string, SurrogateSpec>>,
  { name, supports }: SurrogateSpec,
  task: Task,
  target: string,
): void {
  if (supports[task.kind]) return;
  const can = Object.values(families).filter((one) => one.supports[task.kind]);
  throw new UnsupportedError(
    `The model "${name}" does not learn ${task.kind === "regression" ? "numbers" : "classes"}, and "${target}" holds them.`,
    {
      path: "--model",
      expected: `one of ${can.map((one) => one.name).join(", ")}`,
      received: name,
    },
  );
}

/** What the process variables were in the training rows. */
function trainedProcess({ data, process, set }: LearningTask): TrainedProcess[] {
  const { table } = data.dataset;
  return process.map((input): TrainedProcess => {
    const column = columnsWithRole(table, "process").find((one) => one.name === input.name)!;
    if (input.kind === "category" || column.kind === "text") {
      const words = set.rows.map((row) => textAt(column, row)).filter((word) => word !== "");
      const levels = input.kind === "category" ? input.levels : [];
      return { name: input.name, kind: "category", levels, usual: mostFrequent(words) };
    }
    const known = set.rows.map((row) => column.values[row]!).filter((one) => !Number.isNaN(one));
    if (known.length === 0) {
      throw new InputError(`"${input.name}" is missing in every training row.`, {
        file: table.source,
        path: "--process",
        received: input.name,
      });
    }
    return {
      name: input.name,
      kind: "number",
      unit: column.unit,
      low: known.reduce((a, b) => Math.min(a, b)),
      usual: median(known),
      high: known.reduce((a, b) => Math.max(a, b)),
    };
  });
}

/** The word that occurs most, the first in order among equals. */
function mostFrequent(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? "";
}

import { InputError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import { publishedSplit, type Split } from "../data/split.ts";
import { surrogates, type SurrogateName } from "../surrogates/registry.ts";
import type { Protocol } from "../surrogates/validate/protocol.ts";
import { validate, type Validation } from "../surrogates/validate/validate.ts";
import type { Dataset } from "./dataset.ts";
import { learningTask, type LearningOptions } from "./learning-task.ts";
import type { TrainingSet } from "./training-set.ts";

export interface ValidateOptions extends LearningOptions {
  readonly model: SurrogateName;
  readonly protocol: Protocol;
  /** What stays together in the grouped protocol. */
  readonly groupBy: "system" | "composition";
  readonly repeats: number;
  readonly folds: number;
  /** Share of the rows that a hold-out tests. */
  readonly testFraction: number;
  readonly seed: number;
  readonly work?: Work;
}

/** How far a model of one property may be trusted, with what it was given. */
export interface DatasetValidation extends Omit<Validation, "predictions"> {
  readonly target: string;
  readonly unit: string;
  readonly rows: number;
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  readonly features: readonly string[];
  readonly process: readonly string[];
  readonly dataHash: string;
  readonly seed: number;
}

/** Validates one surrogate on one property of a data set. */
export async function validateDataset(
  dataset: Dataset,
  options: ValidateOptions,
): Promise<DatasetValidation> {
  const { set, features, process } = learningTask(dataset, options);
  const { predictions: _, ...validation } = await validate(
    {
      x: set.x,
      y: set.y,
      task: set.task,
      groups: options.groupBy === "system" ? set.systems : set.compositions,
      split: options.protocol === "published" ? splitOf(dataset, set) : undefined,
    },
    surrogates[options.model],
    {},
    {
      protocol: options.protocol,
      repeats: options.repeats,
      folds: options.folds,
      testFraction: options.testFraction,
      rng: createRng(options.seed),
      work: options.work ?? {},
    },
  );
  return {
    ...validation,
    target: options.target,
    unit: set.property.unit,
    rows: set.y.length,
    dropped: set.dropped,
    features,
    process: process.map((one) => one.name),
    dataHash: dataset.sha256,
    seed: options.seed,
  };
}

/** The split that the data set's source published, as positions in the training set. */
function splitOf(dataset: Dataset, set: TrainingSet): Split {
  const column = dataset.spec?.splitColumn;
  if (column === undefined) {
    throw new InputError(`${dataset.name} has no published split.`, {
      path: "--protocol",
      hint: "Choose holdout, kfold or grouped.",
    });
  }
  const split = publishedSplit(dataset.table, column, ["test"], ["labelled"]);
  const positionOf = new Map(set.rows.map((row, position) => [row, position]));
  const positions = (rows: Int32Array): Int32Array =>
    Int32Array.from([...rows].flatMap((row) => positionOf.get(row) ?? []));
  return { train: positions(split.train), test: positions(split.test) };
}

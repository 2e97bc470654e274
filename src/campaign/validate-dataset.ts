import { InputError, UnsupportedError } from "../core/errors.ts";
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
  requireProtocol(set, dataset, options);
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

/**
 * Checks before any work that the rows can be split as asked and the family learns the task.
 * @throws InputError and UnsupportedError with the option that has to change
 */
function requireProtocol(set: TrainingSet, dataset: Dataset, options: ValidateOptions): void {
  const { protocol, groupBy, folds, repeats, testFraction, model, target } = options;
  const file = dataset.table.source;
  const isClass = set.task.kind === "classification";
  const { supports } = surrogates[model];
  if (isClass ? !supports.classification : !supports.regression) {
    const can = Object.entries(surrogates).filter(([, one]) =>
      isClass ? one.supports.classification : one.supports.regression,
    );
    throw new UnsupportedError(
      `The model "${model}" does not learn ${isClass ? "classes" : "numbers"}, and "${target}" of ${file} holds them.`,
      {
        file,
        path: "--model",
        expected: `one of ${can.map(([name]) => name).join(", ")}`,
        received: model,
      },
    );
  }
  if (!(repeats >= 1 && repeats <= 1000)) {
    throw new InputError(`Validation cannot be repeated ${repeats} times.`, {
      file,
      path: "--repeats",
      expected: "a whole number from 1 to 1000",
      received: String(repeats),
    });
  }
  if (protocol === "holdout" && !(testFraction > 0 && testFraction < 1)) {
    throw new InputError(`A hold-out of ${testFraction} is not a share of the rows.`, {
      file,
      path: "--test",
      expected: "a number above 0 and below 1",
      received: String(testFraction),
    });
  }
  if (protocol !== "grouped" && protocol !== "kfold") return;
  const keys = groupBy === "system" ? set.systems : set.compositions;
  const what = groupBy === "system" ? "chemical systems" : "compositions";
  const most = protocol === "grouped" ? new Set(keys).size : set.y.length;
  if (folds >= 2 && folds <= most) return;
  throw new InputError(
    most < 2
      ? `The rows with ${target} in ${file} are of one ${what.slice(0, -1)}, so they cannot be split by it.`
      : `${file} has ${most} ${protocol === "grouped" ? what : "rows"} with ${target}, which cannot be split into ${folds} folds.`,
    {
      file,
      path: most < 2 ? "--protocol" : "--folds",
      expected: most < 2 ? `rows of two or more ${what}` : `2 to ${most} folds`,
      received: most < 2 ? "one" : String(folds),
      ...(most < 2 ? { hint: "Choose --protocol kfold, or --group-by composition." } : {}),
    },
  );
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

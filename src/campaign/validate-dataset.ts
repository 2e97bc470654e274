import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { createRng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import { columnsWithRole, isMissingAt, textAt } from "../data/table.ts";
import { publishedSplit, type Split } from "../data/split.ts";
import { domains } from "../domains/registry.ts";
import { surrogates, type SurrogateName } from "../surrogates/registry.ts";
import type { Protocol } from "../surrogates/validate/protocol.ts";
import { validate, type Validation } from "../surrogates/validate/validate.ts";
import { propertyColumn, type Dataset } from "./dataset.ts";
import { createModelInputs, type ProcessInput } from "./model-inputs.ts";
import { prepareData, type PreparedData } from "./prepared-data.ts";
import { trainingSet, type TrainingSet } from "./training-set.ts";

export interface ValidateOptions {
  readonly target: string;
  readonly model: SurrogateName;
  readonly protocol: Protocol;
  /** What stays together in the grouped protocol. */
  readonly groupBy: "system" | "composition";
  readonly repeats: number;
  readonly folds: number;
  /** Share of the rows that a hold-out tests. */
  readonly testFraction: number;
  readonly seed: number;
  readonly domain?: keyof typeof domains;
  readonly features?: readonly string[];
  /** Process variables used as inputs; all that are complete when absent. */
  readonly process?: readonly string[];
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
  const domain = domains[options.domain ?? "alloy"];
  const names = options.features ?? domain.defaultFeaturisers;
  const featurisers = names.map((name) => {
    const featuriser = domain.featurisers.find((one) => one.name === name);
    if (featuriser !== undefined) return featuriser;
    throw new InputError(`There is no feature set "${name}" for the domain ${domain.name}.`, {
      path: "--features",
      hint: suggest(
        name,
        domain.featurisers.map((one) => one.name),
      ),
    });
  });
  propertyColumn(dataset.table, options.target);
  const data = prepareData(dataset);
  const process = processInputs(data, options);
  const inputs = createModelInputs(data.symbols, featurisers, process);
  const set = trainingSet(data, options.target, inputs);
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
    features: names,
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

/** Least share of the property's rows in which a word must be known to serve as an input. */
const leastKnown = 0.8;

/**
 * The process variables that may serve as inputs: numbers known in every row that has the property,
 * words known in most (an unknown one sets no level).
 */
function processInputs(data: PreparedData, options: ValidateOptions): ProcessInput[] {
  const { table } = data.dataset;
  const columns = columnsWithRole(table, "process");
  const target = propertyColumn(table, options.target);
  const rows = data.isKept.flatMap((kept, row) => (kept && !isMissingAt(target, row) ? [row] : []));
  const known = (name: string): number => {
    const column = columns.find((one) => one.name === name)!;
    return rows.filter((row) => !isMissingAt(column, row)).length / rows.length;
  };
  for (const name of options.process ?? []) {
    if (columns.some((column) => column.name === name)) continue;
    throw new InputError(`"${name}" is not a process variable of ${table.source}.`, {
      path: "--process",
      hint: suggest(
        name,
        columns.map((column) => column.name),
      ),
    });
  }
  return columns
    .filter(({ name, kind }) =>
      options.process === undefined
        ? known(name) >= (kind === "number" ? 1 : leastKnown)
        : options.process.includes(name),
    )
    .map((column): ProcessInput => {
      if (column.kind === "number") return { name: column.name, kind: "number" };
      const levels = new Set(rows.map((row) => textAt(column, row)));
      levels.delete("");
      return { name: column.name, kind: "category", levels: [...levels].sort() };
    });
}

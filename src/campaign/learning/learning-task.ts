import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { columnsWithRole, isMissingAt, textAt, findColumn } from "../../data/table.ts";
import type { TableColumn } from "../../data/contract.ts";
import type { Featuriser } from "../../domains/contract.ts";
import { domains } from "../../domains/registry.ts";
import { propertyColumn, type Dataset } from "../dataset.ts";
import { createModelInputs, type ModelInputs, type ProcessInput } from "./model-inputs.ts";
import { domainOf, prepareAny, withSettings } from "./data-domain.ts";
import type { PreparedData } from "./prepared-data.ts";
import { featurisersNamed } from "./featurisers-named.ts";
import { trainingSet, type TrainingSet } from "./training-set.ts";

/** What is learned from a data set, and from what. */
export interface LearningOptions {
  readonly target: string;
  /** Default: alloys where the table has compositions, else `general`. */
  readonly domain?: keyof typeof domains;
  /** Names of feature sets; the domain's own choice when absent. */
  readonly features?: readonly string[];
  /** Columns used as inputs beside the composition; all process variables that are complete when absent. */
  readonly process?: readonly string[];
  /** Whether rows that lack a numeric process variable stay, with NaN in its place; they go by default. */
  readonly keepMissing?: boolean;
}

/** A property of a data set made ready for learning. */
export interface LearningTask {
  readonly domain: keyof typeof domains;
  readonly data: PreparedData;
  readonly featurisers: readonly Featuriser[];
  readonly inputs: ModelInputs;
  readonly set: TrainingSet;
  /** Names of the feature sets. */
  readonly features: readonly string[];
  readonly process: readonly ProcessInput[];
  readonly unused: readonly UnusedColumn[];
}

/** A process variable that is no input because rows with the property lack it. */
export interface UnusedColumn {
  readonly name: string;
  /** Rows with the property that lack it. */
  readonly missing: number;
  readonly kind: "number" | "text";
}

/**
 * Audits a data set, chooses inputs and collects the rows from which one property can be learned.
 * @throws InputError for an unknown property, feature set or process variable, and too few rows
 */
export function learningTask(dataset: Dataset, options: LearningOptions): LearningTask {
  const domain = options.domain ?? domainOf(dataset.table);
  const ownFeatures = domain === "alloy" ? domains[domain].defaultFeaturisers : [];
  const features = options.features ?? ownFeatures;
  const featurisers = featurisersNamed(domains[domain], features);
  propertyColumn(dataset.table, options.target);
  const data = prepareAny(withSettings(dataset, options.process ?? [], options.target), domain);
  const { process, unused } = processInputs(data, options);
  const inputs = createModelInputs(data.symbols, featurisers, process);
  const set = trainingSet(data, options.target, inputs, {
    keepMissing: options.keepMissing ?? false,
  });
  return { domain, data, featurisers, inputs, set, features, process, unused };
}

/** Least share of the property's rows in which a word must be known to serve as an input. */
const leastKnown = 0.8;

/**
 * The process variables that may serve as inputs: numbers known in every row that has the property (in
 * most where missing ones stay), words known in most (an unknown one sets no level).
 */
function processInputs(
  data: PreparedData,
  options: LearningOptions,
): Pick<LearningTask, "process" | "unused"> {
  const { table } = data.dataset;
  const columns = columnsWithRole(table, "process");
  const target = propertyColumn(table, options.target);
  const rows = data.isKept.flatMap((kept, row) => (kept && !isMissingAt(target, row) ? [row] : []));
  const missing = (column: TableColumn): number =>
    rows.filter((row) => isMissingAt(column, row)).length;
  const asked = options.process?.map((name) => findColumn(table, name)?.name ?? name);
  const isUsed = (column: TableColumn): boolean => {
    if (asked !== undefined) return asked.includes(column.name);
    const isWhole = column.kind === "number" && options.keepMissing !== true;
    return 1 - missing(column) / rows.length >= (isWhole ? 1 : leastKnown);
  };
  for (const name of asked ?? []) {
    if (columns.some((column) => column.name === name)) continue;
    throw new InputError(`"${name}" is not a process variable of ${table.source}.`, {
      path: "--process",
      hint: suggest(
        name,
        columns.map((column) => column.name),
      ),
    });
  }
  const process = columns.filter(isUsed).map((column): ProcessInput => {
    if (column.kind === "number") return { name: column.name, kind: "number" };
    const levels = new Set(rows.map((row) => textAt(column, row)));
    levels.delete("");
    return { name: column.name, kind: "category", levels: [...levels].sort() };
  });
  const unused = columns
    .filter((column) => !isUsed(column) && missing(column) > 0)
    .map((column) => ({ name: column.name, missing: missing(column), kind: column.kind }));
  return { process, unused };
}

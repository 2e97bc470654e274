import { InputError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { converter, isSameDimension } from "../../core/units.ts";
import type { Work } from "../../core/work.ts";
import type { TableColumn } from "../../data/contract.ts";
import type { InputColumn, Surrogate, SurrogateSpec } from "../../surrogates/contract.ts";
import type { PipelineStep } from "../../surrogates/features/contract.ts";
import { withPipeline } from "../../surrogates/features/with-pipeline.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import type { Dataset } from "../dataset.ts";
import {
  learningTask,
  type LearningOptions,
  type LearningTask,
} from "../learning/learning-task.ts";
import { prepareAny, withSettings } from "../learning/data-domain.ts";
import { featurisersNamed } from "../learning/featurisers-named.ts";
import { inputsOf, type TrainedModel } from "../trained/trained-model.ts";
import { domains } from "../../domains/registry.ts";
import { trainingSet, type TrainingSet } from "../learning/training-set.ts";

/** A family as it is to be learned for an explanation. */
export interface ExplainedFamily extends Omit<LearningOptions, "keepMissing"> {
  readonly model: SurrogateName;
  /** Options of the family instead of its defaults. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** Steps between the features and the model; none when absent. */
  readonly pipeline?: readonly PipelineStep[];
}

/** What is explained: a family to be learned, or a model of a file. */
export type ExplainedChoice =
  ({ readonly saved?: undefined } & ExplainedFamily) | { readonly saved: TrainedModel };

/** A model to be explained with the rows that say what is usual. */
export interface ExplainedSource {
  readonly task: LearningTask;
  readonly family: string;
  /** How the same recipe is learned on other rows. */
  readonly spec: SurrogateSpec;
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether the model learns, or has learned, from the rows of the task. */
  readonly learnsRows: boolean;
  /** The model: the one of the file, or one learned now. */
  model(rng: Rng, work: Work): Promise<Surrogate>;
}

/**
 * The rows and the recipe behind an explanation.
 * @throws InputError for what the data do not have, or have in a unit of another dimension
 */
export function explainedSource(dataset: Dataset, choice: ExplainedChoice): ExplainedSource {
  return choice.saved === undefined
    ? learnedSource(dataset, choice)
    : savedSource(dataset, choice.saved);
}

function learnedSource(dataset: Dataset, choice: ExplainedFamily): ExplainedSource {
  const { model, modelOptions = {}, pipeline = [] } = choice;
  const family: SurrogateSpec = surrogates[model];
  // Trees that know missing values are not shown; without them Shapley values of trees are exact and quick.
  const keepMissing =
    pipeline.length > 0 && withPipeline(family, pipeline).supports.missing === true;
  const task = learningTask(dataset, { ...choice, keepMissing });
  const { set } = task;
  const spec = withPipeline(family, pipeline, columnsOf(task));
  const { x, y, compositions: groups } = set;
  const noise =
    set.noiseStd === undefined || spec.supports.noise !== true ? {} : { noiseStd: set.noiseStd };
  return {
    task,
    family: model,
    spec,
    options: modelOptions,
    learnsRows: true,
    model: (rng, work) =>
      spec.fit({ x, y, task: set.task, groups, ...noise, rng, work }, modelOptions),
  };
}

const columnsOf = ({ inputs }: LearningTask): readonly InputColumn[] =>
  inputs.labels.map((name): InputColumn => ({ name, kind: "number" }));

function savedSource(dataset: Dataset, model: TrainedModel): ExplainedSource {
  const names = model.process.map(({ name }) => name);
  const settled = withSettings(dataset, names, model.property.name);
  const data = prepareAny(inUnitsOf(model, settled), model.domain);
  const inputs = inputsOf(model, data.symbols);
  const own = trainingSet(data, model.property.name, inputs, { keepMissing: model.takesMissing });
  const task: LearningTask = {
    domain: model.domain,
    data,
    featurisers: featurisersNamed(domains[model.domain], model.features),
    inputs,
    set: asLearned(model, own, dataset.table.source),
    features: model.features,
    process: inputs.process,
    unused: [],
  };
  return {
    task,
    family: model.family,
    spec: withPipeline(surrogates[model.family as SurrogateName], model.pipeline, columnsOf(task)),
    options: model.options,
    learnsRows: dataset.sha256 === model.data.sha256,
    model: async () => model.surrogate,
  };
}

/** The rows with the property and the classes as the model knows them. */
function asLearned(model: TrainedModel, set: TrainingSet, source: string): TrainingSet {
  const { property, task } = model;
  const refuse = (message: string, expected: string, received: string): InputError =>
    new InputError(message, { file: source, path: property.name, expected, received });
  if (set.task.kind !== task.kind) {
    throw refuse(
      `"${property.name}" is a ${set.property.kind} in ${source}, and a ${property.kind} in the model.`,
      property.kind,
      set.property.kind,
    );
  }
  if (set.task.kind === "regression" || task.kind === "regression") return { ...set, property };
  const { classes } = set.task;
  const strange = classes.find((word) => !task.classes.includes(word));
  if (strange !== undefined) {
    throw refuse(
      `The model knows no class ${strange} of ${property.name}.`,
      `one of ${task.classes.join(", ")}`,
      strange,
    );
  }
  const y = set.y.map((k) => task.classes.indexOf(classes[k]!));
  return { ...set, property, task, y };
}

/** The data with the columns that the model knows in its units. */
function inUnitsOf({ property, process }: TrainedModel, dataset: Dataset): Dataset {
  const { table } = dataset;
  const numbers = process.filter((one) => one.kind === "number");
  for (const { name } of process) {
    const column = table.columns.find((one) => one.name === name);
    if (column?.role.kind === "process") continue;
    throw new InputError(`The model takes ${name}, which ${table.source} does not have.`, {
      file: table.source,
      path: name,
      expected: `a column ${name} with the role process`,
      hint: `Say which one it is with --column "<header>=process".`,
    });
  }
  const units = new Map([...numbers, property].map(({ name, unit }) => [name, unit]));
  const columns = table.columns.map((column): TableColumn => {
    const unit = units.get(column.name);
    if (unit === undefined || column.kind !== "number" || column.unit === unit) return column;
    if (!isSameDimension(column.unit, unit)) {
      throw new InputError(
        `"${column.name}" is in ${column.unit} in ${table.source}, and the model has it in ${unit}.`,
        {
          file: table.source,
          path: column.name,
          expected: `a unit that converts to ${unit}`,
          received: column.unit,
        },
      );
    }
    const convert = converter(column.unit, unit);
    return { ...column, unit, values: column.values.map((value) => convert(value)) };
  });
  return { ...dataset, table: { ...table, columns } };
}

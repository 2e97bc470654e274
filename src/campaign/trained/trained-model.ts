import { domains } from "../../domains/registry.ts";
import type { PipelineStep } from "../../surrogates/features/contract.ts";
import type { Surrogate, Task } from "../../surrogates/contract.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import type { DomainOfValidity } from "../../surrogates/validity/contract.ts";
import type { ModelCard } from "../contract.ts";
import { featurisersNamed } from "../learning/featurisers-named.ts";
import type { UnusedColumn } from "../learning/learning-task.ts";
import { createModelInputs, inputsInOrder, type ModelInputs } from "../learning/model-inputs.ts";

export type DomainName = keyof typeof domains;

/** A process variable that a model takes, with what it was in training. */
export type TrainedProcess =
  | {
      readonly name: string;
      readonly kind: "number";
      readonly unit: string;
      /** Least, median and largest of the training rows. */
      readonly low: number;
      readonly usual: number;
      readonly high: number;
    }
  | {
      readonly name: string;
      readonly kind: "category";
      readonly levels: readonly string[];
      /** The most frequent word. */
      readonly usual: string;
    };

/** A model of one property with everything that is needed to use it elsewhere and to judge it. */
export interface TrainedModel {
  readonly property: PropertySpec;
  readonly task: Task;
  readonly domain: DomainName;
  /** Names of feature sets. */
  readonly features: readonly string[];
  /** Elements that the feature sets were given: all of the data. */
  readonly symbols: readonly string[];
  /** Those that occur in the training rows. */
  readonly elements: readonly string[];
  readonly process: readonly TrainedProcess[];
  /** Process variables of the data that are no inputs because rows lack them. */
  readonly unused: readonly UnusedColumn[];
  /** Whether a numeric process variable may be missing: the pipeline or the family sees to it. */
  readonly takesMissing: boolean;
  /** Names of the input columns, in the order of the training. */
  readonly labels: readonly string[];
  /** Family of models and how it was fitted. */
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly pipeline: readonly PipelineStep[];
  /** Whether the uncertainty was calibrated on rows held out inside the training. */
  readonly isCalibrated: boolean;
  readonly seed: number;
  readonly data: {
    /** Name of a shipped set, or the file. */
    readonly name: string;
    /** SHA-256 of the data file's bytes. */
    readonly sha256: string;
    /** Rows of the table. */
    readonly rows: number;
  };
  /** Standard deviation of the training targets; 1 where they are equal, and for classes. */
  readonly spread: number;
  readonly card: ModelCard;
  readonly surrogate: Surrogate;
  readonly validity: DomainOfValidity;
}

/**
 * The inputs of a trained model for designs of these elements, which may be others than those of the
 * training: feature sets describe them as far as they can.
 * @throws InputError for a feature set or a column that is not known any more
 */
export function inputsOf(
  model: Pick<TrainedModel, "domain" | "features" | "symbols" | "process" | "labels">,
  symbols: readonly string[] = [],
): ModelInputs {
  const all = [...new Set([...model.symbols, ...symbols])];
  const featurisers = featurisersNamed(domains[model.domain], model.features);
  return inputsInOrder(createModelInputs(all, featurisers, model.process), model.labels);
}

import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import type { Plane, TreeEnsemble } from "./structure.ts";

/** What is learned: a number, or the probabilities of classes. */
export type Task =
  | { readonly kind: "regression" }
  | { readonly kind: "classification"; readonly classes: readonly string[] };

/**
 * Predictions of n designs, each n x outputs: one output for a number, one per class (probabilities
 * that sum to one) for a class. Standard deviations are in the unit of the mean.
 */
export interface Prediction {
  readonly mean: Matrix;
  /** What the model does not know and more data would tell. */
  readonly epistemicStd: Matrix;
  /** Noise that more data would not remove. */
  readonly aleatoricStd: Matrix;
}

/** A model learned from data. Surrogates scale inputs and outputs inside and answer in the caller's units. */
export interface Surrogate {
  /** Name in the registry. */
  readonly name: string;
  readonly task: Task;
  /** Number of input columns. */
  readonly inputs: number;
  /** @throws ShapeError for another number of columns, InputError for a NaN or infinite input. */
  predict(x: Matrix): Prediction;
  /** What was fitted, for model cards: hyper-parameters, sizes, jitter used, iterations. */
  readonly summary: Readonly<Record<string, number | string>>;
  /** Where the mean is a sum over trees: the trees, for what reads them (explanations). */
  readonly trees?: TreeEnsemble;
  /** Where the mean is a plane over the inputs: the plane. */
  readonly plane?: Plane;
}

/** What a family can do, as data; shared code asks here and never for a name. */
export interface SurrogateSupport {
  readonly regression: boolean;
  readonly classification: boolean;
  readonly epistemic: boolean;
  readonly aleatoric: boolean;
  /** Most training rows that fit takes; absent = no limit. */
  readonly maxRows?: number;
}

/** Everything `fit` needs beside the options of the family. */
export interface FitInput {
  /** Training inputs, n x d. */
  readonly x: Matrix;
  /** n numbers; for classification the index into `task.classes`. */
  readonly y: Float64Array;
  readonly task: Task;
  readonly rng: Rng;
  readonly work?: Work;
}

/** One family of surrogates; the registry lists them. */
export interface SurrogateSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: SurrogateSupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /**
   * @throws InputError for NaN or infinite values, fewer than 2 rows, a single class;
   *   ShapeError for sizes that differ; UnsupportedError for a task the family has not.
   */
  fit(input: FitInput, options?: Partial<Options>): Promise<Surrogate>;
}

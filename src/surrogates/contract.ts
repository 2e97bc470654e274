import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import type { LayeredNetworks, ModelStructure, Plane, TreeEnsemble } from "./structure.ts";

/** What is learned: a number, or the probabilities of classes. */
export type Task =
  | { readonly kind: "regression" }
  | { readonly kind: "classification"; readonly classes: readonly string[] };

/** What one input column holds; inputs are numbers unless said otherwise. */
export interface InputColumn {
  readonly name: string;
  /**
   * `category`: an index into `levels`. `source`: an index into `levels` that says which laboratory, method or
   * property (a task of its own) a row belongs to; families that know it share what the sources have in common.
   */
  readonly kind: "number" | "category" | "source";
  /** Names of the values of a category or source. */
  readonly levels?: readonly string[];
}

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
  /**
   * The mean of `predict` alone, with the same bits and errors but for standard deviations; for what asks for many
   * and needs no more. Absent where it would take as long.
   */
  predictMean?(x: Matrix): Matrix;
  /**
   * Means over background rows in which some inputs are those of one row: line c of the result (mixtures x outputs)
   * is the mean of `predictMean` over `background` with the inputs that line c of `choices` (mixtures x inputs, 1 =
   * chosen) names set to those of `row`. It may be rounded otherwise than `predictMean`, but equal mixed rows give
   * equal bits. For what asks for many mixtures of the same rows; absent where it would take as long; same errors.
   */
  mixedMeans?(row: Float64Array, background: Matrix, choices: Uint8Array): Matrix;
  /**
   * Derivative of the mean of a number by each input, n x inputs (0 for a source); same errors as `predict`.
   * Absent where the mean is not smooth or its derivative is not known, and for classes.
   */
  gradient?(x: Matrix): Matrix;
  /** What was fitted, for model cards: hyper-parameters, sizes, jitter used, iterations. */
  readonly summary: Readonly<Record<string, number | string>>;
  /** All that `load` of the family needs to predict the same bytes again. */
  save?(): SavedState;
  /** Where the mean is a sum over trees: the trees, for what reads them (explanations). */
  readonly trees?: TreeEnsemble;
  /** Where the mean is a plane over the inputs: the plane. */
  readonly plane?: Plane;
  /** Where the mean is that of networks of fully connected layers: the layers. */
  readonly layers?: LayeredNetworks;
}

/** State as plain JSON settings and named arrays of numbers; `saved-state.ts` reads it back with checks. */
export interface SavedState {
  readonly settings: Readonly<Record<string, JsonValue>>;
  readonly arrays: Readonly<Record<string, SavedArray>>;
}

export type SavedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A saved surrogate: its state with what it is. */
export interface SavedSurrogate extends SavedState {
  /** Name in the registry. */
  readonly family: string;
  /** Version of the family's state. */
  readonly version: number;
  readonly task: Task;
  readonly inputs: number;
  readonly summary: Surrogate["summary"];
}

/** Keeps the state of a training that takes long, and starts from it again after an interruption. */
export interface TrainingCheckpoints {
  /** Called now and then with all that is needed to go on. */
  save(state: SavedState): void;
  /** State of an interrupted training of the same data, options and seed. */
  readonly resume?: SavedState;
}

/** What a family can do, as data; shared code asks here and never for a name. */
export interface SurrogateSupport {
  readonly regression: boolean;
  readonly classification: boolean;
  readonly epistemic: boolean;
  readonly aleatoric: boolean;
  /** Takes missing inputs (NaN) as they are. */
  readonly missing?: boolean;
  /** Takes columns of kind `category` as they are; others need one column per level. */
  readonly categories?: boolean;
  /** Takes one column of kind `source`. */
  readonly sources?: boolean;
  /** Takes the known noise of each row. */
  readonly noise?: boolean;
  /** Keeps checkpoints and goes on from one. */
  readonly checkpoints?: boolean;
  /** What the mean of numbers is made of and told by the surrogate; absent = nothing that is told. */
  readonly structure?: ModelStructure;
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
  /** What the d columns hold; absent = numbers without names. */
  readonly columns?: readonly InputColumn[];
  /** Rows of one group are relatives: a family that judges itself on rows set aside keeps them together. */
  readonly groups?: readonly string[];
  /** Known standard deviation of each target, in its unit; for numbers only. */
  readonly noiseStd?: Float64Array;
  readonly checkpoints?: TrainingCheckpoints;
}

/** Where to look for a good value of an option: a range of numbers, or some plain JSON values. */
export type TunableRange =
  | {
      readonly kind: "number";
      readonly min: number;
      readonly max: number;
      /** `log`: equal ratios are equally far; the range must be above 0. Default `linear`. */
      readonly scale?: "linear" | "log";
      readonly integer?: boolean;
    }
  | { readonly kind: "choice"; readonly values: readonly JsonValue[] };

/** Ranges by the name of the option. */
export type Tunable = Readonly<Record<string, TunableRange>>;

/** The option with the number of trees, rounds or epochs, and the fewest that say something of the other options. */
export interface Rounds {
  readonly option: string;
  readonly least: number;
  /** Each round answers by itself and the answers are averaged: fewer of them answer alike, with more noise. */
  readonly areAveraged?: boolean;
}

/** One family of surrogates; the registry lists them. */
export interface SurrogateSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: SurrogateSupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /** Options worth tuning, with the range to look in; absent = none. */
  readonly tunable?: Tunable;
  /** What a fit does over and over, the more the longer it takes; absent = nothing of the kind. */
  readonly rounds?: Rounds;
  /**
   * @throws InputError for NaN or infinite values, fewer than 2 rows, a single class;
   *   ShapeError for sizes that differ; UnsupportedError for a task the family has not.
   */
  fit(input: FitInput, options?: Partial<Options>): Promise<Surrogate>;
  /** Version of the state that `save` gives, counted from 1; absent as long as the family cannot be saved. */
  readonly version?: number;
  /** @throws InputError for a state that is not the family's */
  load?(saved: SavedSurrogate): Surrogate;
}

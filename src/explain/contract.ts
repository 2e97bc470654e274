import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import type {
  LayeredNetworks,
  ModelStructure,
  Plane,
  TreeEnsemble,
} from "../surrogates/structure.ts";

/** One number for every row of an n x d matrix, such as one output of a surrogate; keeps no hold of the matrix. */
export type PredictRows = (x: Matrix) => Float64Array;

/** One output of a model, as explainers see it. */
export interface ExplainedModel {
  /** Number of input columns. */
  readonly inputs: number;
  readonly predict: PredictRows;
  /** Where that is faster than `predict`: means over mixed rows, see `mixedMeans` of `Surrogate`. */
  readonly mixedMeans?: (
    row: Float64Array,
    background: Matrix,
    choices: Uint8Array,
  ) => Float64Array;
  /** Where the output is a sum over trees. */
  readonly trees?: { readonly ensemble: TreeEnsemble; readonly output: number };
  /** Where the output is a plane. */
  readonly plane?: Plane;
  /** Where the output follows from networks of fully connected layers. */
  readonly layers?: { readonly networks: LayeredNetworks; readonly output: number };
}

/**
 * Input columns that count as one feature, such as the levels of one word. Explanations have one
 * contribution per group.
 */
export type FeatureGroup = readonly number[];

/** What each feature adds to each prediction, in the unit of the prediction. */
export interface Explanation {
  /** Name of the explainer in the registry. */
  readonly method: string;
  /** n numbers: where the contributions of a row start from (the mean prediction, for Shapley values). */
  readonly base: Float64Array;
  /** n x features (columns, or groups of them). */
  readonly contributions: Matrix;
  /** n outputs of the model itself. */
  readonly predictions: Float64Array;
  /** How well the local model of LIME follows the model around each row: weighted R^2, n numbers. */
  readonly localFit?: Float64Array;
}

/** What an explainer is given beside its options. */
export interface ExplainInput {
  readonly model: ExplainedModel;
  /** Rows to explain, n x d. */
  readonly x: Matrix;
  /** Rows that stand for what is usual, m x d: training rows, or a sample of them. */
  readonly background: Matrix;
  /** Default: every column by itself. */
  readonly groups?: readonly FeatureGroup[];
  readonly rng: Rng;
  readonly work?: Work;
}

/** What holds for an explainer, as data; shared code and the contract suite ask here. */
export interface ExplainerSupport {
  /** What the explainer needs of a model beside its predictions. */
  readonly model: "any" | ModelStructure;
  /** Base and contributions add up to the prediction. */
  readonly isLocallyAccurate: boolean;
  /** Fits a model of its own around each row and says how well that follows. */
  readonly hasLocalFit?: boolean;
  /** For classes contributions are shares of the score (see the explainer) and not of the probability. */
  readonly sharesScores?: boolean;
  /** Works without random numbers. */
  readonly isExact: boolean;
  /** Most features that vary; absent = no limit. */
  readonly maxFeatures?: number;
}

/** One way to explain; the registry lists them. */
export interface ExplainerSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: ExplainerSupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /**
   * @throws ShapeError for another number of columns than the model has; InputError for values that are
   *   not finite, an empty background, groups that are not a division of the columns, an unknown option;
   *   UnsupportedError for a model that lacks what the explainer reads, or too many features.
   */
  explain(input: ExplainInput, options?: Partial<Options>): Promise<Explanation>;
}

import type { UnusedColumn } from "../learning/learning-task.ts";
import type { Validity } from "../../surrogates/validity/contract.ts";

/** One input of a model as people know it: a descriptor, an element, a process variable. */
export interface FeatureImportance {
  readonly name: string;
  readonly unit: string;
  /** Mean size of its contribution over the explained rows, in the unit of the property. */
  readonly meanAbsolute: number;
  /**
   * Whether larger values go with larger contributions: Spearman's rank correlation; null for a word and
   * where either does not vary.
   */
  readonly trend: number | null;
  /** Growth of the loss on rows that the model had not seen when the feature is shuffled. */
  readonly permutation: { readonly mean: number; readonly std: number };
}

/** What one feature adds to the prediction of one design. */
export interface FeatureContribution {
  readonly name: string;
  readonly unit: string;
  /** A word's own text; empty where it is not known. */
  readonly value: number | string;
  /** How the value stands among the data: `Al is low`. */
  readonly words: string;
  readonly contribution: number;
}

/** A value that the caller left open and what was taken instead. */
export interface AssumedValue {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  readonly why: string;
}

/** Why the prediction of one design is what it is. */
export interface DesignExplanation {
  readonly formula: string;
  /** Row of the table, counted from 1; null for a formula. */
  readonly row: number | null;
  /** Whether the model has learned from this row. */
  readonly isTrainingRow: boolean;
  readonly measured: number | string | null;
  readonly prediction: number;
  readonly epistemicStd: number;
  readonly aleatoricStd: number;
  /** Where the contributions start from: the average prediction, for Shapley values. */
  readonly base: number;
  /** What base and contributions add up to: the prediction, what a local model says of it, or the score of a class. */
  readonly sum: number;
  /** How well the local model follows around the design (weighted R2); null for methods without one. */
  readonly localFit: number | null;
  /** Largest first. */
  readonly contributions: readonly FeatureContribution[];
  readonly assumed: readonly AssumedValue[];
  readonly sentence: string;
}

/** The smallest change of a design that was found to bring its prediction where it is wanted. */
export interface DesignChange {
  /** In words: `yield strength of at least 1200 MPa`. */
  readonly wanted: string;
  /** Whether a change was found, or none is needed (then there are no changes). */
  readonly isFound: boolean;
  /** Elements and process variables that were allowed to change. */
  readonly changeable: readonly string[];
  /** The changed design and its prediction; null where none was found. */
  readonly formula: string | null;
  readonly prediction: number | null;
  readonly epistemicStd: number | null;
  readonly aleatoricStd: number | null;
  readonly validity: Validity | null;
  /** Largest first; elements in at%. */
  readonly changes: readonly {
    readonly name: string;
    readonly unit: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly sentence: string;
}

/** Contributions of the explained rows, for pictures. */
export interface ExplainedRows {
  /** Rows of the table, counted from 1. */
  readonly rows: readonly number[];
  readonly formulas: readonly string[];
  /** Per feature, in the order of `importance`. */
  readonly features: readonly {
    readonly name: string;
    readonly unit: string;
    /** Words in order, for a word; empty for a number. */
    readonly levels: readonly string[];
    /** One per row: the number, or the index of the word (-1 = not known). */
    readonly values: readonly number[];
    /** One per row. */
    readonly contributions: readonly number[];
  }[];
}

/** What moves a learned property, over the data and for one design. */
export interface DatasetExplanation {
  readonly dataset: string;
  readonly target: string;
  /** What is explained, in words: `yield strength`, `probability of BCC`. */
  readonly title: string;
  readonly unit: string;
  /** The class whose probability is explained; null for a number. */
  readonly class: string | null;
  readonly model: string;
  readonly method: string;
  /** Unit of contributions: that of the property, or `score` (logarithm of a class's odds against the average class). */
  readonly contributionUnit: string;
  /** Rows that the model learned from. */
  readonly rows: number;
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  readonly features: readonly string[];
  readonly process: readonly string[];
  /** Process variables that are no inputs because rows lack them. */
  readonly unused: readonly UnusedColumn[];
  /** Mean prediction over these rows. */
  readonly base: number;
  /** Null when only one design was asked for. */
  readonly overall: {
    readonly explainedRows: number;
    readonly protocol: string;
    /** What shuffling makes worse, on rows held out. */
    readonly loss: { readonly name: string; readonly value: number; readonly unit: string };
    /** Most important first, by mean size of the contribution. */
    readonly importance: readonly FeatureImportance[];
    readonly points: ExplainedRows;
    /** The explained rows with the highest and the lowest prediction. */
    readonly examples: readonly DesignExplanation[];
  } | null;
  readonly design: DesignExplanation | null;
  /** What would bring the prediction of the design where it is wanted; null when it was not asked for. */
  readonly change: DesignChange | null;
  readonly dataHash: string;
  readonly seed: number;
}

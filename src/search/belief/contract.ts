import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";

/**
 * What is believed of one number of a design (an outcome) after some measurements: a normal distribution
 * over functions. Rows are encoded designs of one space (n x dimension); all values are in the outcome's
 * unit, and stand for the function without the noise of its measurement.
 */
export interface Belief {
  /** Columns of a row. */
  readonly dimension: number;
  /** Standard deviation of the noise of one measurement. */
  readonly noiseStd: number;
  /** It is the function itself: computed by a rule, nothing is to be learned of it. */
  readonly isKnown?: true;
  /** For model cards: length scales, likelihood, jitter. */
  readonly summary: Readonly<Record<string, number | string>>;
  /** Mean and standard deviation at each of n rows. */
  marginal(rows: Matrix): Marginal;
  /** The same at one row with the derivatives by its columns; 0 in columns of kind `category`. */
  slope(row: ArrayLike<number>): Slope;
  /** Mean (q) and covariance (q x q) of the values at q rows together. */
  joint(rows: Matrix): JointBelief;
  /** The covariance of the value at one row with those at r fixed rows, prepared once for these. */
  against(rows: Matrix): CrossBelief;
  /**
   * The belief after further measurements, with the same hyper-parameters; for pending designs and fantasies.
   * @param values q numbers
   * @param noiseStd noise of these values instead of the fitted one
   */
  condition(rows: Matrix, values: Float64Array, noiseStd?: number): Belief;
  /** Functions drawn from the belief; each can be asked at any row, again and again, with one answer. */
  paths(count: number, rng: Rng): readonly Path[];
}

export interface Marginal {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

export interface Slope {
  readonly mean: number;
  readonly std: number;
  readonly meanGradient: Float64Array;
  readonly stdGradient: Float64Array;
}

export interface JointBelief {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
  /**
   * Derivatives by the columns of the q rows (q x dimension) of anything whose derivatives by the means
   * are `byMean` (q) and by the entries of the covariance `byCovariance` (q x q, taken as symmetric).
   */
  pullback(byMean: Float64Array, byCovariance: Matrix): Matrix;
}

/** How values anywhere vary together with those at r fixed rows. */
export interface CrossBelief {
  /**
   * The r covariances at one row.
   * @param gradient receives their derivatives by the columns of the row, r x dimension
   */
  at(row: ArrayLike<number>, gradient?: Float64Array): Float64Array;
}

/** One function drawn from a belief. */
export interface Path {
  /** Values at n rows. */
  at(rows: Matrix): Float64Array;
  /** Value at one row, and its derivatives by the columns (written to `gradient` where given). */
  slope(row: ArrayLike<number>, gradient?: Float64Array): number;
}

/** The chance that a design can be made and measured at all, learned from those that could not. */
export interface FeasibilityBelief {
  /** Probability at each of n rows, 0 ... 1. */
  probability(rows: Matrix): Float64Array;
  /** Logarithm of the probability at one row with its derivatives by the columns. */
  slope(row: ArrayLike<number>): {
    readonly logProbability: number;
    readonly gradient: Float64Array;
  };
}

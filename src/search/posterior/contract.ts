import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { GoalPrediction, TargetGoal } from "../objectives.ts";

/** An inverse problem: which designs may have what is asked for? */
export interface InverseProblem {
  readonly space: SearchSpace;
  /** What is asked for: kinds `match`, `range` and `class`. */
  readonly goals: readonly TargetGoal[];
  /** Predictions of designs (n x dimension), one per goal; the same answer for the same row. */
  predict(rows: Matrix): readonly GoalPrediction[] | Promise<readonly GoalPrediction[]>;
}

export interface LikelihoodSettings {
  /**
   * Standard deviation that is accepted around a value to be matched, as a share of the goal's scale; it
   * is joined with the standard deviation of the prediction.
   */
  readonly tolerance: number;
  /** Least standard deviation at the ends of a range, as a share of the goal's scale: computed properties have none. */
  readonly sharpness: number;
}

export interface PosteriorSettings extends LikelihoodSettings {
  /** Designs that are moved together. */
  readonly particles: number;
  /** Moves of every particle at each temperature; so many times more designs than particles are drawn at first. */
  readonly sweeps: number;
  /** Further moves of every particle at the end, where its state is kept after every eighth. */
  readonly finalSweeps: number;
  /** Effective share of the designs that a change of temperature must leave, 0 ... 1. */
  readonly keptShare: number;
}

export interface PosteriorOptions {
  readonly rng: Rng;
  readonly work?: Work;
}

/** How often a kind of move was tried and taken. */
export interface MoveCount {
  readonly kind: string;
  readonly proposed: number;
  readonly accepted: number;
}

/** Weighted designs from p(design | what is asked for), n of them. */
export interface Posterior {
  /** n x dimension, all feasible; the same design may come several times. */
  readonly rows: Matrix;
  /** n numbers that sum to one. */
  readonly weights: Float64Array;
  /** Logarithm of the likelihood of each row. */
  readonly logLikelihood: Float64Array;
  /** Of the rows, one per goal. */
  readonly predictions: readonly GoalPrediction[];
  /** Draws from the prior, m x dimension: what the designs would be without the goals. */
  readonly prior: Matrix;
  /** `enumeration`: every design of the space, weighted exactly. */
  readonly method: "sequential Monte Carlo" | "enumeration";
  /** Designs that were predicted. */
  readonly evaluated: number;
  /** Logarithm of the mean likelihood over the space: how easily a random design has what is asked for. */
  readonly logEvidence: number;
  /** Exponents of the likelihood from 0 to 1, with the effective number of particles on the way there. */
  readonly temperatures: readonly { readonly exponent: number; readonly effectiveSize: number }[];
  /** Initial draws that still have descendants; few of many mean a posterior that is hard to find. */
  readonly ancestors: number;
  /** The initial draw from which each row descends, n of them. */
  readonly ancestorOf: Int32Array;
  readonly moves: readonly MoveCount[];
}

import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Belief, FeasibilityBelief } from "../belief/contract.ts";
import type { TargetGoal } from "../objectives.ts";

/**
 * How much a measurement is worth: larger is better, in log form where the value itself would underflow.
 * A point is one row, or `points` rows side by side that are judged together (a batch).
 */
export interface Acquisition {
  /** Rows that are judged together; 1 = each for itself. */
  readonly points: number;
  /** How much a unit of the logarithm of a further factor (a chance, one over a cost) counts; 1 when absent. */
  readonly logWeight?: number;
  /** Values at n points; n x (points x dimension). */
  values(rows: Matrix): Float64Array;
  /** Value at one point; writes the derivatives by its columns into `gradient` (points x dimension). */
  slope(row: ArrayLike<number>, gradient: Float64Array): number;
}

/** All that an acquisition function may look at. Beliefs know the measurements and pending designs already. */
export interface AcquisitionContext {
  /** One per goal, in order. */
  readonly beliefs: readonly Belief[];
  readonly goals: readonly TargetGoal[];
  /** Measured and pending rows of the space, n x dimension: where noisy and hypervolume forms take their best so far. */
  readonly rows: Matrix;
  /** Absent as long as every design could be measured. */
  readonly feasibility?: FeasibilityBelief;
  /** Rows that are judged together by joint forms. */
  readonly points: number;
  /** Attitude: 0 = only what looks best, 1 = only what teaches most, 0.5 = the function as published. */
  readonly exploration: number;
  /** Number of measurements so far; schedules follow it. */
  readonly measured: number;
  readonly rng: Rng;
  /** Rows to average or maximise over (entropy search, knowledge gradient, integrated variance); feasible ones. */
  readonly reference: Matrix;
}

/** One acquisition function; the registry lists them. */
export interface AcquisitionSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: {
    /** How many goals with an objective (`minimise`, `maximise`, `match`) it weighs against each other. */
    readonly objectives: { readonly min: number; readonly max: number };
    /** Judges several rows together; else batches are built one by one on fantasies. */
    readonly joint: boolean;
    /**
     * Integrates over what pending and chosen rows (the last of `rows`) may give: its beliefs are left without
     * them, while others are told that those gave what was expected. False when absent.
     */
    readonly integrates?: boolean;
  };
  readonly defaults: Options;
  /** @throws InputError for options out of range, UnsupportedError for goals outside `supports` */
  create(context: AcquisitionContext, options?: Partial<Options>): Acquisition;
}

import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { SettingNotes } from "../settings.ts";
import type { TargetGoal } from "../objectives.ts";

/** What may be measured and what is wanted of it, without any domain. */
export interface ExperimentProblem {
  readonly space: SearchSpace;
  /** One per outcome, in order. Thresholds of an objective (`low`, `high`) are its worst acceptable value. */
  readonly goals: readonly TargetGoal[];
  /** Parameters that have one value in a whole batch, by name. */
  readonly perBatch?: readonly string[];
  /** Cost of measuring each of n rows, above 0; 1 for all when absent. */
  cost?(rows: Matrix): Float64Array;
  /** A numeric parameter whose smaller values are cheaper, rougher versions of the experiment at `target`. */
  readonly fidelity?: { readonly parameter: string; readonly target: number };
  /** For goals whose outcome follows from the design (a density): its values at n rows; undefined = it is learned. */
  readonly known?: readonly (((rows: Matrix) => Float64Array) | undefined)[];
}

/** What was measured. */
export interface Observations {
  /** n x dimension; rows may lie outside the space. */
  readonly rows: Matrix;
  /** n x goals; NaN = not measured. */
  readonly outcomes: Matrix;
  /** Known standard deviation of each outcome; NaN or absent = not known. */
  readonly noiseStd?: Matrix;
  /** Rows where nothing could be measured as the design cannot be made; q x dimension. */
  readonly infeasible?: Matrix;
}

export interface PlanOptions {
  /** How many designs to measure next. */
  readonly batchSize: number;
  readonly rng: Rng;
  readonly work?: Work;
  /** Designs that are being measured, q x dimension. */
  readonly pending?: Matrix;
  /** Designs never to propose again, such as abandoned ones. */
  readonly exclude?: Matrix;
  /** The only designs that may be proposed (a table, a store room); m x dimension. */
  readonly pool?: Matrix;
  /** Measured and pending designs may be proposed again; false when absent. */
  readonly replicates?: boolean;
  /** 0 = what looks best ... 1 = what teaches most; 0.5 when absent. */
  readonly exploration?: number;
}

/** One design to measure next, with what spoke for it. */
export interface Proposal {
  readonly row: Float64Array;
  /** Of each goal; empty as long as nothing is believed. Standard deviations without noise. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Chance that it can be made and measured, 0 ... 1. */
  readonly feasibility: number;
  /** Chance that it meets every requirement of the goals; 1 without requirements. */
  readonly meets: number;
  /** What the planner maximised. */
  readonly value: number;
  /** Expected gain over the best so far (one objective: in its unit; several: hypervolume); null where not defined. */
  readonly expectedGain: number | null;
  /** The gain without uncertainty, at the mean (never above what is expected): what exploiting is worth; the rest is exploring. */
  readonly exploit: number | null;
  /** Share of the variance over the space that measuring it would remove, 0 ... 1; null where not defined. */
  readonly teaches: number | null;
}

export interface Plan {
  /** In the order of choice: the first is the one to make when only one can be made. */
  readonly proposals: readonly Proposal[];
  /** What was believed, by goal: hyper-parameters and leave-one-out scores, for model cards. */
  readonly models: readonly Readonly<Record<string, number | string>>[];
  /** What the user should know: constant targets, too few measurements, all failed. */
  readonly warnings: readonly string[];
}

/** What a planner can do, as data; shared code asks here and never for a name. */
export interface PlannerSupport {
  readonly objectives: { readonly min: number; readonly max: number };
  /** Looks at measurements; else its designs follow from the space alone. */
  readonly learns: boolean;
  /** Fewest completed measurements it needs; below, the caller starts with a planner that does not learn. */
  readonly least: number;
  readonly perBatch: boolean;
  readonly cost: boolean;
  readonly fidelity: boolean;
  /** Needs a goal with a limit (a range, a class, a threshold); false when absent. */
  readonly needsLimit?: boolean;
}

/** One way to choose the next experiments; the registry lists them. */
export interface PlannerSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: PlannerSupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /** What each of them means. */
  readonly about: SettingNotes<Options>;
  /**
   * Pure: the same problem, observations, options and seed give the same plan. Every proposed row is feasible and,
   * unless replicates are asked for, new; fewer than `batchSize` come only when nothing else is left (said in
   * `warnings`).
   * @throws UnsupportedError for a problem outside `supports`; InputError for observations, options or settings
   *   that cannot be used; InfeasibleError when no design is left
   */
  plan(
    problem: ExperimentProblem,
    observations: Observations,
    options: PlanOptions,
    settings?: Partial<Options>,
  ): Promise<Plan>;
}

import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { ExperimentProblem } from "../../search/planning/contract.ts";
import type { JsonValue } from "../../surrogates/contract.ts";

/** A place where designs are measured without a laboratory: a table of finished experiments, or a model with noise. */
export interface Laboratory {
  readonly problem: ExperimentProblem;
  /** The only designs that can be measured, m x dimension; absent where every design of the space can. */
  readonly pool?: Matrix;
  /** One measurement of each of n rows with its noise: n x goals. */
  measure(rows: Matrix, rng: Rng): Matrix;
  /** The same without noise, as far as it is known: what progress is counted by. */
  truth(rows: Matrix): Matrix;
}

/** How a planner is tried. */
export interface ReplayOptions {
  /** Name in the registry of planners; the default for the problem when absent. */
  readonly planner?: string;
  readonly settings?: Readonly<Record<string, JsonValue>>;
  /** Experiments in all, the initial ones included. */
  readonly budget: number;
  /** Experiments at a time. */
  readonly batchSize: number;
  /** Experiments drawn at random before the planner begins, the same for every planner and seed. */
  readonly initial: number;
  readonly exploration?: number;
  readonly work?: Work;
}

export interface BacktestOptions extends ReplayOptions {
  /** Number of repeats; seed k draws other initial designs. */
  readonly seeds: number;
  /** Of the first repeat; the others count on. */
  readonly seed: number;
}

/** Quartiles over the seeds after 1, 2, ... experiments. */
export interface Band {
  readonly median: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** What was reached after 1, 2, ... experiments; null before the first design that meets the requirements. */
export interface ReplayCurves {
  /** Share of the top designs found; null where nothing is listed as top (a space without a pool). */
  readonly share: Band | null;
  /** Best value of the only objective so far, in its unit; null for several. */
  readonly best: Band | null;
  /** Distance of that from the best there is. */
  readonly regret: Band | null;
  /** Hypervolume of what was found over that of all designs; null for one objective. */
  readonly hypervolume: Band | null;
}

/** How the planner did against random designs with the same start, seed by seed. */
export interface PairedComparison {
  /** What was compared: `share of the top 5 %`, `hypervolume`. */
  readonly figure: string;
  /** Mean difference planner - random at the end of the budget, larger is better. */
  readonly difference: number;
  /** 95 % bootstrap interval of it over the seeds. */
  readonly low: number;
  readonly high: number;
  /** Two-sided chance of such a difference where there is none (sign flips). */
  readonly pValue: number;
  readonly verdict: "better" | "worse" | "no difference shown";
  /** The same mean difference with its interval after 1, 2, ... experiments. */
  readonly curve: readonly { readonly mean: number; readonly low: number; readonly high: number }[];
}

/** Experiments needed to reach a level. */
export interface Acceleration {
  /** `one of the top 5 %`, `half of the top 5 %`, `the hypervolume of 20 random designs`. */
  readonly level: string;
  /** Median over the seeds; null where the median run does not reach it within the budget. */
  readonly planner: number | null;
  /** For shares of the top of drawing without replacement, exactly; null where nothing is top. */
  readonly random: number | null;
  /** random / planner; above 1 = faster. */
  readonly factor: number | null;
}

export interface BacktestResult {
  readonly planner: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
  readonly budget: number;
  readonly batchSize: number;
  readonly initial: number;
  readonly seeds: number;
  readonly seed: number;
  /** Designs that could be measured and how many of them count as top; null without a pool. */
  readonly pool: {
    readonly designs: number;
    readonly top: number;
    readonly topTitle: string;
  } | null;
  readonly curves: { readonly planner: ReplayCurves; readonly random: ReplayCurves };
  /** Share of the top found over what random draws find on average, at the end: median and quartiles; null without a pool and for several objectives. */
  readonly enhancement: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
  } | null;
  readonly acceleration: readonly Acceleration[];
  readonly comparison: PairedComparison;
  readonly sentence: string;
  readonly warnings: readonly string[];
}

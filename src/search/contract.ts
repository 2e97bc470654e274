import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
import type { SettingNotes } from "./settings.ts";
import type { SearchSpace } from "../space/contract.ts";

/** One number to be made small; a quantity to be maximised arrives with its sign turned. */
export interface Objective {
  readonly label: string;
}

/** What the search sees of n designs. */
export interface Evaluation {
  /** n x objectives, all to be minimised. */
  readonly objectives: Matrix;
  /** n numbers: 0 where every outcome requirement is met, else the sum of their scaled violations. */
  readonly violation: Float64Array;
}

/**
 * Derivatives of what the search sees of n designs by the columns of their rows. Only those of continuous
 * columns are read; fractions count as if each could move alone (their sum is kept by projection).
 */
export interface EvaluationGradient {
  /** (n objectives) x dimension: row `i * objectives + k` is the gradient of objective k of design i. */
  readonly objectives: Matrix;
  /** n x dimension; zero where the violation is. */
  readonly violation: Matrix;
}

/** A search problem without any domain: a space and a function on its rows. */
export interface SearchProblem {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  /**
   * Scores encoded designs, n x dimension: the same answer for the same row, whatever stands beside
   * it. Work that runs elsewhere (threads, a queue) answers later.
   */
  evaluate(rows: Matrix): Evaluation | Promise<Evaluation>;
  /** The gradient of `evaluate`, for models that have one; strategies that need it take differences else. */
  gradient?(rows: Matrix): EvaluationGradient | Promise<EvaluationGradient>;
}

export interface SearchOptions {
  /** How many designs to hand back; fewer come only when the space (less `exclude`) has no more. */
  readonly batchSize: number;
  /** How many designs may be scored; at least `batchSize`. */
  readonly budget: number;
  readonly rng: Rng;
  readonly work?: Work;
  /**
   * Designs to start from, such as measured ones inside the space; n x dimension. They are repaired
   * where needed, scored, and count towards the budget, of which they leave at least one batch.
   */
  readonly start?: Matrix;
  /** Designs not to hand back, such as measured or pending ones; n x dimension. */
  readonly exclude?: Matrix;
  /**
   * Designs that differ in no column by more than this share of the column's range count as the same,
   * both in the list and towards `exclude`; 0.05 when absent. Designs nearer to each other fill the
   * list only when it would stay short.
   */
  readonly tolerance?: number;
}

export interface SearchResult {
  /** The best designs found, mutually different, best first: feasible before infeasible, then by front. */
  readonly rows: Matrix;
  readonly evaluation: Evaluation;
  /** Pareto rank of each row among all that were kept: 1 = front. */
  readonly rank: Int32Array;
  /** Designs scored. */
  readonly evaluated: number;
  /** Best-so-far figures for people: about one point for every hundredth of the budget. */
  readonly history: readonly SearchHistoryPoint[];
}

export interface SearchHistoryPoint {
  readonly evaluated: number;
  /** Designs scored so far that meet every requirement. */
  readonly feasible: number;
  /** Designs on the front of all that are kept. */
  readonly front: number;
  /** Smallest value of each objective among designs that meet the requirements; null before the first. */
  readonly best: readonly (number | null)[];
}

/** What a strategy can do, as data; shared code asks here and never for a name. */
export interface StrategySupport {
  readonly objectives: { readonly min: number; readonly max: number };
  /** Spaces that cannot be counted. */
  readonly continuous: boolean;
  /** Spaces with discrete, categorical or stepped parameters. */
  readonly discrete: boolean;
}

/** One way to search; the registry lists them. */
export interface StrategySpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: StrategySupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /** What each of them means. */
  readonly about: SettingNotes<Options>;
  /**
   * Pure: the same problem, options and seed give the same result.
   * @throws UnsupportedError for a problem outside `supports`; InputError for options or settings that
   *   cannot be used; NumericalError when a score is NaN or infinite; the signal's reason when cancelled.
   */
  search(
    problem: SearchProblem,
    options: SearchOptions,
    settings?: Partial<Options>,
  ): Promise<SearchResult>;
}

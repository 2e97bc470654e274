import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Work } from "../core/work.ts";
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

/** A search problem without any domain: a space and a function on its rows. */
export interface SearchProblem {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  /** Scores encoded designs, n x dimension. */
  evaluate(rows: Matrix): Evaluation;
}

export interface SearchOptions {
  /** How many designs to hand back; fewer come only when the space has no more. */
  readonly batchSize: number;
  /** How many designs may be scored. */
  readonly budget: number;
  readonly rng: Rng;
  readonly work?: Work;
  /** Designs to start from, such as measured ones inside the space; n x dimension. */
  readonly start?: Matrix;
}

export interface SearchResult {
  /** The best designs found, mutually different, best first: feasible before infeasible, then by front. */
  readonly rows: Matrix;
  readonly evaluation: Evaluation;
  /** Pareto rank of each row among all that were kept: 1 = front. */
  readonly rank: Int32Array;
  /** Designs scored. */
  readonly evaluated: number;
  /** Best-so-far figures for people: one point a generation or chunk. */
  readonly history: readonly SearchHistoryPoint[];
}

export interface SearchHistoryPoint {
  readonly evaluated: number;
  readonly feasible: number;
  readonly front: number;
  /** Smallest value of each objective among designs that meet the requirements; null before the first. */
  readonly best: readonly (number | null)[];
}

export interface StrategySupport {
  readonly objectives: { readonly min: number; readonly max: number };
  readonly continuous: boolean;
  readonly discrete: boolean;
}

/** One way to search; the registry lists them. */
export interface StrategySpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: StrategySupport;
  /** Plain JSON. */
  readonly defaults: Options;
  search(
    problem: SearchProblem,
    options: SearchOptions,
    settings?: Partial<Options>,
  ): Promise<SearchResult>;
}

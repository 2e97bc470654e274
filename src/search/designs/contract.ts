import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";

export interface DesignOptions {
  /** How many experiments; null lets a design with a size of its own choose it. */
  readonly n: number | null;
  readonly rng: Rng;
  readonly work?: Work;
  /** Experiments that exist already and are added to, m x dimension; only where `supports.known`. */
  readonly known?: Matrix;
}

/** A set of experiments. */
export interface ExperimentalDesign {
  /** n x dimension: feasible and mutually different (but for optimal designs that are asked for replicates). */
  readonly rows: Matrix;
  /** What is known of the design, such as its resolution. */
  readonly figures: Readonly<Record<string, number>>;
  /** The same and anything that had to be changed, in sentences. */
  readonly notes: readonly string[];
}

/** What a design can do, as data. */
export interface DesignSupport {
  /** Compositions that may vary: none, one and nothing else, or any. */
  readonly composition: "none" | "only" | "any";
  /** Numbers of a list, beside their ends, and categories of more than two words. */
  readonly lists: boolean;
  /** Limits that cut the ranges; others refuse a design that breaks one. */
  readonly constraints: boolean;
  /** Has a size of its own, which `n` must be or be absent. */
  readonly ownSize: boolean;
  /** Can add to experiments that exist already. */
  readonly known: boolean;
}

/** One classical way to choose experiments before any model is known; the registry lists them. */
export interface DesignSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  readonly supports: DesignSupport;
  /** Plain JSON. */
  readonly defaults: Options;
  /**
   * Pure: the same space, options and seed give the same design.
   * @throws UnsupportedError for a space outside `supports`; InputError for a size or settings that cannot be
   *   used, for a space with too few designs, and for a fixed design that a constraint forbids
   */
  points(
    space: SearchSpace,
    options: DesignOptions,
    settings?: Partial<Options>,
  ): Promise<ExperimentalDesign>;
}

import type { Conflict } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Node } from "./expression/node.ts";

/** Atomic fractions by element symbol; absent elements are left out. */
export type Fractions = Readonly<Record<string, number>>;
export type ParameterValue = number | string | Fractions;
/** A point of the design space: one value per parameter name. */
export type Design = Readonly<Record<string, ParameterValue>>;

/** What may be varied. New kinds of parameter join this union and `parameters/`. */
export type Parameter =
  CompositionParameter | ContinuousParameter | DiscreteParameter | CategoricalParameter;

/** One element of a composition: absent (0), or between `min` and `max` (atomic fractions). */
export interface ElementRange {
  readonly symbol: string;
  readonly min: number;
  readonly max: number;
  /** Must be there: 0 is not allowed. */
  readonly required?: boolean;
}

/** Fractions over the elements that sum to one; on a grid when `step` is given. */
export interface CompositionParameter {
  readonly kind: "composition";
  readonly name: string;
  readonly elements: readonly ElementRange[];
  /** Grid of the fractions, a divisor of one (0.01); without it they are continuous. */
  readonly step?: number;
  /** How many elements may be present (fraction above 0). */
  readonly count?: { readonly min: number; readonly max: number };
}

export interface ContinuousParameter extends MayBeConditional {
  readonly kind: "continuous";
  readonly name: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Absent or at least `min`: 0 is allowed as well, and nothing between; `min` is above 0. */
  readonly zeroOr?: boolean;
}

/**
 * A parameter that only some designs have. Where it is not there its column holds one canonical value
 * (the lowest number, the first word), `decode` leaves it out, and constraints that name it do not apply.
 */
export interface MayBeConditional {
  readonly when?: {
    readonly text: string;
    /** It is there where all conditions of one of these lists hold. */
    readonly alternatives: readonly (readonly Condition[])[];
  };
}

/** Numbers from a list; a single one fixes the parameter. */
export interface DiscreteParameter extends MayBeConditional {
  readonly kind: "discrete";
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** Words from a list; a single one fixes the parameter. */
export interface CategoricalParameter extends MayBeConditional {
  readonly kind: "categorical";
  readonly name: string;
  readonly values: readonly string[];
  /** Numbers that say how words differ. */
  readonly descriptors?: readonly Descriptor[];
  /** How models of measurements place the words; `descriptors` where there are some, else `one-hot`, when absent. */
  readonly encoding?: Encoding;
}

/** A number known of every word of a category, such as the dielectric constant of solvents. */
export interface Descriptor {
  readonly name: string;
  readonly unit: string;
  /** One for each word, in their order. */
  readonly values: readonly number[];
}

/**
 * Where models of measurements place the words of a category: each as far from any other (`one-hot`), by numbers
 * known of them (`descriptors`), or in a plane in which their places are learned (`learned`).
 */
export type Encoding = "one-hot" | "descriptors" | "learned";

/**
 * A number that follows from the composition, such as a density or a price. A quotient of two sums
 * over the fractions (`sum c_i numerator_i / sum c_i denominator_i`) makes its limits linear in the
 * composition, hence exact in counting, sampling and conflict search; any other rule is a function.
 */
export interface Quantity {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly source: string;
  readonly ratio?: {
    readonly numerator: Readonly<Record<string, number>>;
    /** All ones when absent. */
    readonly denominator?: Readonly<Record<string, number>>;
  };
  /** Values for rows of fractions (n x elements) in the order of `symbols`; used when no ratio is given. */
  evaluate?(fractions: Matrix, symbols: readonly string[]): Float64Array;
  /** One standard deviation of the rule against measurement, in `unit`, where it is known. */
  readonly modelStd?: { readonly value: number; readonly source: string };
}

export type Relation = "<=" | "<" | ">=" | ">" | "=";

/** What every design must satisfy; `text` is what the user wrote. */
export type Constraint =
  | LinearConstraint
  | CountConstraint
  | QuantityConstraint
  | ExclusionConstraint
  | NonlinearConstraint;

/** `sum coefficient * column <relation> bound`; columns are element symbols and numeric parameters. */
export interface LinearConstraint {
  readonly kind: "linear";
  readonly text: string;
  readonly coefficients: Readonly<Record<string, number>>;
  /**
   * Makes the left-hand side the quotient by this sum (`Ti / (Ti + Zr) <= 0.5`); coefficients are not
   * negative. Held as `sum <= bound * this sum`, which also says what holds where this sum is zero.
   */
  readonly denominator?: Readonly<Record<string, number>>;
  readonly relation: Relation;
  readonly bound: number;
}

/** How many of these elements are present. */
export interface CountConstraint {
  readonly kind: "count";
  readonly text: string;
  readonly elements: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** A limit on a derived quantity, bound in the quantity's own unit. */
export interface QuantityConstraint {
  readonly kind: "quantity";
  readonly text: string;
  readonly quantity: string;
  readonly relation: Relation;
  readonly bound: number;
}

/** `left <relation> right` of expressions over elements, numeric parameters and quantities, with units. */
export interface NonlinearConstraint {
  readonly kind: "nonlinear";
  readonly text: string;
  readonly left: Node;
  readonly relation: Exclude<Relation, "=">;
  readonly right: Node;
}

/** These conditions must not hold all at once. */
export interface ExclusionConstraint {
  readonly kind: "exclusion";
  readonly text: string;
  readonly conditions: readonly Condition[];
}

export type Condition =
  | { readonly kind: "present"; readonly element: string }
  | { readonly kind: "absent"; readonly element: string }
  | { readonly kind: "is"; readonly parameter: string; readonly values: readonly string[] }
  | {
      readonly kind: "compare";
      /** Element symbol or numeric parameter. */
      readonly column: string;
      readonly relation: "<" | "<=" | ">" | ">=";
      readonly bound: number;
    };

/** What a user wants of a property; numbers are in `unit`, the property's own. */
export type Target = NumberTarget | MatchTarget | RangeTarget | ClassTarget;

interface TargetBase {
  readonly text: string;
  readonly property: string;
  readonly unit: string;
}

export interface NumberTarget extends TargetBase {
  readonly kind: "minimise" | "maximise";
  readonly low: null;
  readonly high: null;
  readonly classes: readonly [];
}

/** As near as possible to a value: `low` and `high` are both that value. */
export interface MatchTarget extends TargetBase {
  readonly kind: "match";
  readonly low: number;
  readonly high: number;
  readonly classes: readonly [];
}

/** Inside a range; an open end is null. */
export interface RangeTarget extends TargetBase {
  readonly kind: "range";
  readonly low: number | null;
  readonly high: number | null;
  readonly classes: readonly [];
}

/**
 * One of these classes with a probability between `low` and `high` (null: no limit); `unit` is `1`.
 * `low` and `high` both null: as probable as possible (`direction` says which way).
 */
export interface ClassTarget extends TargetBase {
  readonly kind: "class";
  readonly low: number | null;
  readonly high: number | null;
  readonly classes: readonly string[];
  readonly direction: "maximise" | "minimise" | null;
}

/** One column of an encoded design: an element's fraction, a number, or the index of a category. */
export interface Column {
  readonly label: string;
  readonly parameter: string;
  readonly kind: "fraction" | "number" | "category";
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Of a category that is not placed one-hot. */
  readonly words?: WordPlaces;
}

/** How models of measurements tell the words of a category apart other than one-hot. */
export type WordPlaces =
  | { readonly encoding: "descriptors"; readonly descriptors: readonly Descriptor[] }
  | { readonly encoding: "learned" };

/** How one constraint stands for one design. */
export interface ConstraintCheck {
  readonly text: string;
  /** The left-hand side's value (a count, a sum, a quantity); null where there is none. */
  readonly value: number | null;
  readonly unit: string;
  readonly satisfied: boolean;
}

/**
 * A space as cells: a cell is all designs with the same choices (listed numbers, words, fractions on a grid, which
 * numbers and which continuous fractions are there). Within a cell only continuous columns vary, in different cells
 * different ones.
 */
export interface SpaceCells {
  /**
   * How `sample` weighs the cells. True: each cell that has designs is as probable as any other. False: in proportion
   * to the share of a cell's continuous numbers, drawn from their ranges, that keep all constraints. Uniform within
   * a cell in both cases; said of spaces whose designs have volume.
   */
  readonly areEqual: boolean;
  /** Columns of continuous fractions whose absence is a choice. */
  readonly optionalFractions: readonly number[];
  /** Columns of conditional parameters, in the order in which it can be decided whether they are there. */
  readonly conditionals: readonly {
    readonly column: number;
    /** The value of the column in designs without the parameter. */
    readonly canonical: number;
    isActive(row: ArrayLike<number>): boolean;
  }[];
  /**
   * Replaces the continuous columns of a row that are there by a uniform draw from its cell. Where a cell is walked
   * through the walk goes on from call to call.
   * @returns false when the cell has no design, or none was found
   */
  redraw(row: Float64Array, rng: Rng): boolean;
}

/**
 * The designs that may be proposed. Rows are encoded designs (`dimension` numbers, see `columns`).
 * Everything that returns rows returns feasible ones, or throws InfeasibleError.
 */
export interface SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  readonly columns: readonly Column[];
  readonly dimension: number;
  encode(design: Design): Float64Array;
  decode(row: ArrayLike<number>): Design;
  /** Every bound and constraint, as a person would list them. */
  check(row: ArrayLike<number>): ConstraintCheck[];
  isFeasible(row: ArrayLike<number>): boolean;
  /**
   * n uniform draws from the feasible designs, n x dimension; they follow from n and `rng` alone. A set without volume,
   * which no draw hits, gives the designs nearest to random points, which is not uniform.
   */
  sample(n: number, rng: Rng): Matrix;
  /** The cells that differ in which numbers vary, for one stream of draws. */
  cells(): SpaceCells;
  /** The feasible design for a point of the unit cube of this many coordinates (low-discrepancy designs). */
  readonly unitDimension: number;
  fromUnit(point: ArrayLike<number>): Float64Array;
  /**
   * The feasible design nearest to a row, in scaled Euclidean distance; a feasible row comes back as it
   * is. With `out` (which may be `row` itself) the answer may be written there and returned, to save memory.
   */
  repair(row: ArrayLike<number>, out?: Float64Array): Float64Array;
  /**
   * The feasible designs one discrete step away, m x dimension: another word or listed number, a number
   * that may be absent switched, one grid step between two elements, an element replaced by an absent one.
   */
  neighbours(row: ArrayLike<number>): Matrix;
  /**
   * The same space, rows encoded alike, with some parameters or fractions of elements held at a value.
   * @throws InputError for a name or a value that the space does not have, InfeasibleError when no
   *   design is left
   */
  withFixed(values: Readonly<Record<string, number | string>>): SearchSpace;
  /** Exact number of designs; `uncountable` when it cannot be told, see `countReason`. */
  count(): bigint | "uncountable";
  /** Why `count` says `uncountable`, in a sentence; null where it counts. */
  countReason(): string | null;
  /** All designs in a fixed order, one at a time, in constant memory; throws for continuous spaces. */
  enumerate(): IterableIterator<Float64Array>;
  /** Smallest sets of constraints that cannot hold together; empty when the space has a design. */
  explainInfeasible(): Conflict[];
}

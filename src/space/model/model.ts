import type {
  Column,
  CompositionParameter,
  Condition,
  Constraint,
  Parameter,
  Quantity,
} from "../contract.ts";

/** What a space is made from. */
export interface SpaceSpec {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** Derived quantities that constraints may name. */
  readonly quantities: readonly Quantity[];
}

/** One element of the composition; column i of the space is element i. */
export interface ElementModel {
  readonly symbol: string;
  /** Bounds while present, as fractions; `lo` is at least one grid step, or `PRESENT` without a grid. */
  readonly lo: number;
  readonly hi: number;
  /** The same in grid steps; 0 without a grid. */
  readonly loUnits: number;
  readonly hiUnits: number;
  readonly mayBeAbsent: boolean;
}

export interface CompositionModel {
  readonly parameter: CompositionParameter;
  readonly elements: readonly ElementModel[];
  readonly symbols: readonly string[];
  /** Grid steps in one; 0 for continuous fractions. */
  readonly grid: number;
}

/** A column that is not a fraction. */
export type OtherModel =
  | {
      readonly kind: "continuous";
      readonly column: number;
      readonly min: number;
      readonly max: number;
      /** Where only 0 and numbers from here on are allowed; 0 for all from `min`. */
      readonly gap: number;
    }
  /** Ascending numbers, or the indices of categories. */
  | {
      readonly kind: "finite";
      readonly column: number;
      readonly values: readonly number[];
      readonly isCategory: boolean;
    };

/** `lower <= sum coefficient * column <= upper`, the tolerance already inside the bounds. */
export interface LinearRow {
  /** Index of the constraint it comes from. */
  readonly source: number;
  readonly coefficients: Float64Array;
  readonly lower: number;
  readonly upper: number;
  /** The tolerance inside the bounds. */
  readonly slack: number;
}

/** `min <= number of these columns above zero <= max`. */
export interface CountRow {
  /** Index of the constraint; -1 is the composition's own count. */
  readonly source: number;
  readonly columns: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** A test of one column. */
export interface ConditionModel {
  readonly column: number;
  readonly condition: Condition;
  readonly holds: (value: number) => boolean;
}

/** Not all of these at once. */
export interface ExclusionRow {
  readonly source: number;
  readonly conditions: readonly ConditionModel[];
}

/** A limit on a number that only a function gives. */
export interface FunctionRow {
  readonly source: number;
  /** The columns it follows from. */
  readonly columns: readonly number[];
  readonly unit: string;
  /** Tolerance inside the bounds. */
  readonly lower: number;
  readonly upper: number;
  /** The number for a row; NaN where it has no value, which keeps no limit. */
  readonly evaluate: (row: ArrayLike<number>) => number;
  /** Where the limit applies; everywhere when absent. */
  readonly applies?: (row: ArrayLike<number>) => boolean;
}

/** A column that has one value in the designs without its parameter. */
export interface ConditionalModel {
  readonly column: number;
  readonly canonical: number;
  readonly isActive: (row: ArrayLike<number>) => boolean;
}

/** The space in numbers: what counting, sampling, repair and the programs work on. */
export interface Model {
  readonly spec: SpaceSpec;
  readonly columns: readonly Column[];
  readonly composition: CompositionModel | null;
  readonly others: readonly OtherModel[];
  readonly linear: readonly LinearRow[];
  readonly counts: readonly CountRow[];
  readonly exclusions: readonly ExclusionRow[];
  readonly functions: readonly FunctionRow[];
  readonly conditionals: readonly ConditionalModel[];
  /** Numbers that may be absent. */
  readonly switches: readonly Extract<OtherModel, { kind: "continuous" }>[];
  /** How many of `spec.constraints` are the user's; those after them follow from the parameters. */
  readonly stated: number;
}

/** Least value of a number that is there: its gap's end where it may be absent, else the end of its range. */
export const leastPresent = ({
  min,
  gap,
}: {
  readonly min: number;
  readonly gap: number;
}): number => (gap > 0 ? gap : min);

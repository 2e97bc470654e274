import { matrix } from "../../core/matrix.ts";
import type { Quantity } from "../contract.ts";
import type {
  CompositionModel,
  CountRow,
  ExclusionRow,
  FunctionRow,
  LinearRow,
  Model,
  OtherModel,
} from "./model.ts";
import { quantityValues } from "./quantity.ts";
import { PRESENT, TOLERANCE } from "./tolerance.ts";

/** Whether a row of numbers satisfies every bound and constraint. */
export function satisfies(model: Model, row: ArrayLike<number>): boolean {
  return (
    keepsBounds(model, row) &&
    model.linear.every((linear) => {
      const value = valueOf(linear, row);
      return value >= linear.lower && value <= linear.upper;
    }) &&
    model.counts.every((count) => keepsCount(count, row)) &&
    model.exclusions.every((exclusion) => keepsExclusion(exclusion, row)) &&
    model.functions.every((limit) => keepsFunction(limit, row))
  );
}

/** Bounds, grids, lists and the sum of the fractions. */
export function keepsBounds(model: Model, row: ArrayLike<number>): boolean {
  const { composition } = model;
  if (composition !== null) {
    let sum = 0;
    for (let i = 0; i < composition.elements.length; i++) {
      const x = row[i]!;
      if (!isAllowedFraction(composition, i, x)) return false;
      sum += x;
    }
    if (Math.abs(sum - 1) > TOLERANCE) return false;
  }
  return model.others.every((other) => isAllowedValue(other, row[other.column]!));
}

export function isAllowedFraction(composition: CompositionModel, i: number, x: number): boolean {
  const { lo, hi, mayBeAbsent } = composition.elements[i]!;
  if (composition.grid > 0) {
    const clean = Math.round(x * composition.grid) / composition.grid;
    if (!(Math.abs(x - clean) <= TOLERANCE)) return false;
  }
  if (x >= -TOLERANCE && x <= TOLERANCE) return mayBeAbsent;
  // Without a lower bound, traces are fractions like any other.
  if (mayBeAbsent && lo === PRESENT) return x > 0 && x <= hi + TOLERANCE;
  return x >= lo - TOLERANCE && x <= hi + TOLERANCE;
}

export function isAllowedValue(other: OtherModel, value: number): boolean {
  if (other.kind === "continuous") {
    const slack = TOLERANCE * Math.max(Math.abs(other.min), Math.abs(other.max));
    if (other.gap > 0 && value < other.gap - slack && Math.abs(value) > slack) return false;
    return value >= other.min - slack && value <= other.max + slack;
  }
  return other.values.some((known) => Math.abs(value - known) <= TOLERANCE * Math.abs(known));
}

/** Fractions that rounding leaves where zero is meant; far below the tolerance, so that no limit notices. */
const ROUNDING = 1e-12;

/** Gives every column without its parameter the canonical value, and makes what counts as 0 exactly that. */
export function settle(model: Model, row: Float64Array): void {
  const elements = model.composition?.elements.length ?? 0;
  for (let i = 0; i < elements; i++) if (Math.abs(row[i]!) <= ROUNDING) row[i] = 0;
  for (const { column, max } of model.switches) {
    if (Math.abs(row[column]!) <= TOLERANCE * max) row[column] = 0;
  }
  for (const { column, canonical, isActive } of model.conditionals) {
    if (row[column] !== canonical && !isActive(row)) row[column] = canonical;
  }
}

/** The value of a linear row. */
export function valueOf(row: LinearRow, values: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < row.coefficients.length; j++) sum += row.coefficients[j]! * values[j]!;
  return sum;
}

export function countPresent(columns: readonly number[], row: ArrayLike<number>): number {
  let present = 0;
  for (const column of columns) if (row[column]! > TOLERANCE) present++;
  return present;
}

export function keepsCount(count: CountRow, row: ArrayLike<number>): boolean {
  const present = countPresent(count.columns, row);
  return present >= count.min && present <= count.max;
}

export function keepsExclusion(exclusion: ExclusionRow, row: ArrayLike<number>): boolean {
  for (const { column, holds } of exclusion.conditions) if (!holds(row[column]!)) return true;
  return false;
}

export function keepsFunction(limit: FunctionRow, row: ArrayLike<number>): boolean {
  if (limit.applies?.(row) === false) return true;
  const value = limit.evaluate(row);
  return value >= limit.lower && value <= limit.upper;
}

/** The value of a quantity for a row of the space. */
export function evaluateQuantity(
  { symbols }: CompositionModel,
  quantity: Quantity,
  row: ArrayLike<number>,
): number {
  const fractions = matrix(1, symbols.length);
  for (let i = 0; i < symbols.length; i++) fractions.data[i] = row[i]!;
  return quantityValues(quantity, fractions, symbols)[0]!;
}

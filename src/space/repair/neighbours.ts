import { matrix } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { satisfies, settle } from "../model/feasibility.ts";
import { leastPresent, type Model } from "../model/model.ts";

/** Lists up to this long give all of their values, longer ones those 1, 2, 4, ... places away. */
const SHORT = 16;

/**
 * Rows one step away from a row in its discrete parts: another word or another number of a list, a number
 * that may be absent switched on or off, one grid step from one element to another, an element replaced by
 * an absent one. Parameters without their conditions get their canonical value. Not all are feasible.
 */
export function* moves(model: Model, row: ArrayLike<number>): Generator<Float64Array> {
  yield* otherMoves(model, row);
  yield* compositionMoves(model, row);
}

/** The feasible ones of `moves`, m x dimension, each different from the row and from each other. */
export function discreteNeighbours(model: Model, row: ArrayLike<number>): Matrix {
  const found: Float64Array[] = [];
  const seen = new Set([Float64Array.from(row).join(" ")]);
  for (const candidate of moves(model, row)) {
    if (!satisfies(model, candidate)) continue;
    const key = candidate.join(" ");
    if (seen.has(key)) continue;
    seen.add(key);
    found.push(candidate);
  }
  const result = matrix(found.length, model.columns.length);
  found.forEach((one, i) => result.data.set(one, i * result.columns));
  return result;
}

function* otherMoves(model: Model, row: ArrayLike<number>): Generator<Float64Array> {
  const changed = (column: number, value: number): Float64Array => {
    const copy = Float64Array.from(row);
    copy[column] = value;
    settle(model, copy);
    return copy;
  };
  for (const other of model.others) {
    const { column } = other;
    // A parameter that is not there has nothing to change.
    const conditional = model.conditionals.find((one) => one.column === column);
    if (conditional?.isActive(row) === false) continue;
    if (other.kind === "continuous") {
      if (other.gap > 0) yield changed(column, row[column]! > 0 ? 0 : other.gap);
      continue;
    }
    const { values, isCategory } = other;
    const at = values.findIndex(
      (value) => Math.abs(value - row[column]!) <= 1e-9 * Math.abs(value),
    );
    if (isCategory || values.length <= SHORT) {
      for (let v = 0; v < values.length; v++) {
        if (v === at) continue;
        const copy = changed(column, values[v]!);
        yield copy;
        const filled = withMiddles(model, row, copy);
        if (filled !== null) yield filled;
      }
      continue;
    }
    for (let step = 1; step < values.length; step *= 2) {
      if (at - step >= 0) yield changed(column, values[at - step]!);
      if (at + step < values.length) yield changed(column, values[at + step]!);
    }
  }
}

/** The row with parameters that it has and another one lacks in the middle of their ranges; null for none. */
function withMiddles(
  model: Model,
  before: ArrayLike<number>,
  after: Float64Array,
): Float64Array | null {
  let copy: Float64Array | null = null;
  for (const { column, isActive } of model.conditionals) {
    if (isActive(before) || !isActive(after)) continue;
    const other = model.others.find((one) => one.column === column)!;
    copy ??= after.slice();
    if (other.kind === "continuous") copy[column] = (leastPresent(other) + other.max) / 2;
    else copy[column] = other.values[other.values.length >> 1]!;
  }
  if (copy !== null) settle(model, copy);
  return copy;
}

function* compositionMoves(model: Model, row: ArrayLike<number>): Generator<Float64Array> {
  const { composition } = model;
  if (composition === null) return;
  const { elements, grid } = composition;
  for (let i = 0; i < elements.length; i++) {
    if (!(row[i]! > 0)) continue;
    for (let j = 0; j < elements.length; j++) {
      if (j === i) continue;
      const amounts = new Set<number>();
      if (grid > 0) {
        amounts.add(1 / grid);
        // Elements that may be absent enter with their least fraction.
        if (row[j] === 0) amounts.add(elements[j]!.lo);
        amounts.add(row[i]! - elements[i]!.lo);
      }
      if (row[j] === 0 || grid > 0) amounts.add(row[i]!);
      for (const amount of amounts) {
        if (!(amount > 0) || amount > row[i]! + 1e-12) continue;
        const copy = Float64Array.from(row);
        copy[i] = onGrid(row[i]! - amount, grid);
        copy[j] = onGrid(row[j]! + amount, grid);
        settle(model, copy);
        yield copy;
      }
    }
  }
}

const onGrid = (x: number, grid: number): number =>
  grid > 0 ? Math.round(x * grid) / grid : Math.abs(x) < 1e-15 ? 0 : x;

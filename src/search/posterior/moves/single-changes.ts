import { log, pow } from "../../../core/elementary.ts";
import type { Rng } from "../../../core/rng.ts";
import type { CompositionVariable, ListVariable } from "../../operators/layout.ts";
import { otherThan } from "../../operators/list.ts";
import { even, type Changed } from "./contract.ts";

/** Steps of numbers range over so many decades below the width of their range. */
const decades = 3;

/** A share of a range, drawn without regard to the state. */
export const randomSize = (rng: Rng): number => pow(10, -decades * rng.uniform());

/** Place of the nearest of ascending values. */
export function placeOf(values: readonly number[], value: number): number {
  let at = 0;
  for (let k = 1; k < values.length; k++) {
    if (Math.abs(values[k] - value) < Math.abs(values[at] - value)) at = k;
  }
  return at;
}

/** Another value of a list, by an even step to a neighbour (staying at an end) or any other. */
export function changeListed(
  row: Float64Array,
  { column, values }: ListVariable,
  rng: Rng,
): Changed | null {
  const at = placeOf(values, row[column]);
  const isNear = rng.uniform() < 0.5;
  const next = isNear ? at + (rng.uniform() < 0.5 ? -1 : 1) : otherThan(at, values.length, rng);
  if (!(next >= 0 && next < values.length)) return null;
  row[column] = values[next];
  return even;
}

/** Two different elements of a composition, in random order: columns and places. */
function pairOf({ columns }: CompositionVariable, rng: Rng): readonly [number, number] {
  const first = rng.integer(columns.length);
  return [first, otherThan(first, columns.length, rng)];
}

/** Two elements share their sum anew, uniformly, or by a step. */
export function transfer(
  row: Float64Array,
  composition: CompositionVariable,
  rng: Rng,
): Changed | null {
  const { columns, step } = composition;
  const [i, j] = pairOf(composition, rng).map((place) => columns[place]);
  const anew = rng.uniform() < 0.5;
  if (step === undefined) {
    if (!(row[i] > 0 && row[j] > 0)) return null;
    const sum = row[i] + row[j];
    const part = anew ? sum * rng.uniform() : row[i] + sum * randomSize(rng) * rng.normal();
    if (!(part > 0 && part < sum)) return null;
    row[i] = part;
    row[j] = sum - part;
    return even;
  }
  const grid = Math.round(1 / step);
  const units = Math.round(row[i] * grid);
  const sum = units + Math.round(row[j] * grid);
  if (sum === 0) return null;
  const part = anew ? rng.integer(sum + 1) : units + (rng.uniform() < 0.5 ? -1 : 1);
  if (part < 0 || part > sum) return null;
  row[i] = part / grid;
  row[j] = (sum - part) / grid;
  return even;
}

/** Two elements exchange their amounts. */
export function swap(
  row: Float64Array,
  composition: CompositionVariable,
  rng: Rng,
): Changed | null {
  const { columns, step } = composition;
  const [i, j] = pairOf(composition, rng).map((place) => columns[place]);
  if (step === undefined && !(row[i] > 0 && row[j] > 0)) return null;
  const kept = row[i];
  row[i] = row[j];
  row[j] = kept;
  return even;
}

/**
 * Changes which continuous fractions are there, by two random elements: of one that is there and one that is not, the
 * second takes a uniform part of the first (`split`) or all of it, each half of the time; of two that are there the
 * first takes all of the second (`merge`), which is as probable as the split of the same two. The room in which a
 * split chooses depends on the sum, so the chances differ by the ratio of rooms.
 */
export function changeElements(
  row: Float64Array,
  composition: CompositionVariable,
  isOptional: (column: number) => boolean,
  rng: Rng,
): Changed | null {
  const { columns, elements } = composition;
  let [at, other] = pairOf(composition, rng);
  if (!(row[columns[at]] > 0)) [at, other] = [other, at];
  const [i, j] = [columns[at], columns[other]];
  if (!(row[i] > 0)) return null;
  /** Amounts that the second of two may have of a sum: the least, and how far they range. */
  const room = (sum: number): readonly [number, number] => {
    const least = Math.max(elements[other].min, sum - elements[at].max);
    return [least, Math.min(elements[other].max, sum - elements[at].min) - least];
  };
  const split = (target: Float64Array, random: Rng): number | null => {
    const sum = target[i];
    const [least, width] = room(sum);
    if (!(width > 0)) return null;
    target[j] = least + width * random.uniform();
    target[i] = sum - target[j];
    return log(width);
  };
  const merge = (target: Float64Array): number | null => {
    const sum = target[i] + target[j];
    const [, width] = room(sum);
    if (!(width > 0)) return null;
    target[i] = sum;
    target[j] = 0;
    return -log(width);
  };
  const changed = (balance: number | null, undo: Changed["undo"]): Changed | null =>
    balance === null || undo === undefined ? null : { balance, undo };
  if (row[j] > 0) return isOptional(j) ? changed(merge(row), split) : null;
  if (rng.uniform() < 0.5) return changed(split(row, rng), merge);
  if (!isOptional(i)) return null;
  const exchange = (target: Float64Array, from: number, to: number): number => {
    target[to] = target[from];
    target[from] = 0;
    return 0;
  };
  return changed(exchange(row, i, j), (target) => exchange(target, j, i));
}

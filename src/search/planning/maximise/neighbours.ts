import type { SearchSpace } from "../../../space/contract.ts";
import { layoutOf, type CompositionVariable, type Layout } from "../../operators/layout.ts";

/** Exchanges that break a constraint are mended, so many of them at once: that may take a program for each. */
const mostRepairs = 16;
/** Lists up to this length are tried value by value; longer ones at doubling distances. */
const mostValues = 12;

/** Designs that differ from a row by one exchange in what is not continuous. */
export function neighbourMoves(space: SearchSpace): (row: Float64Array) => Float64Array[] {
  const layout = layoutOf(space);
  const switches = space.parameters.flatMap((one) => {
    if (one.kind !== "continuous" || one.zeroOr !== true) return [];
    const column = space.columns.findIndex(({ label }) => label === one.name);
    const isFree = space.columns[column].max > space.columns[column].min;
    return isFree ? [{ column, values: [one.min, (one.min + one.max) / 2, one.max] }] : [];
  });
  return (row) => {
    const found: Float64Array[] = [];
    const broken: Float64Array[] = [];
    const add = (change: (copy: Float64Array) => void): void => {
      const copy = row.slice();
      change(copy);
      (space.isFeasible(copy) ? found : broken).push(copy);
    };
    addListed(layout, row, add);
    for (const change of switches) {
      // Absent, or there with little, a middling amount or much.
      if (row[change.column] > 0) add((copy) => (copy[change.column] = 0));
      else for (const value of change.values) add((copy) => (copy[change.column] = value));
    }
    for (const variable of layout.compositions) addExchanges(variable, row, add);
    const stride = Math.max(1, Math.ceil(broken.length / mostRepairs));
    for (let i = 0; i < broken.length; i += stride) {
      const mended = space.repair(broken[i]);
      if (mended.some((value, k) => value !== row[k])) found.push(mended);
    }
    return found;
  };
}

type Add = (change: (copy: Float64Array) => void) => void;

function addListed({ lists, categories }: Layout, row: Float64Array, add: Add): void {
  for (const { column, values } of lists) {
    const at = values.indexOf(row[column]);
    const steps =
      values.length <= mostValues ? values.map((_, k) => k - at) : doublings(values.length);
    for (const step of steps) {
      const value = values[at + step];
      if (step !== 0 && value !== undefined) add((copy) => (copy[column] = value));
    }
  }
  for (const { column, count } of categories) {
    for (let k = 0; k < count; k++) if (k !== row[column]) add((copy) => (copy[column] = k));
  }
}

/** Steps of 1, 2, 4, ... up and down. */
function doublings(length: number): number[] {
  const steps: number[] = [];
  for (let step = 1; step < length; step *= 2) steps.push(step, -step);
  return steps;
}

/**
 * For every two elements: the one takes the other's whole place, both change amounts, and on a grid a few steps
 * move from one to the other; and an absent one comes in with its least amount.
 */
function addExchanges(
  { columns, elements, step, maxCount, minCount }: CompositionVariable,
  row: Float64Array,
  add: Add,
): void {
  const present: number[] = [];
  columns.forEach((column, e) => {
    if (row[column] > 0) present.push(e);
  });
  const move = (from: number, to: number, amount: number): void =>
    add((copy) => {
      copy[columns[to]] += amount;
      copy[columns[from]] = amount === row[columns[from]] ? 0 : row[columns[from]] - amount;
    });
  for (const from of present) {
    const whole = row[columns[from]];
    for (let to = 0; to < columns.length; to++) {
      if (to === from || elements[to].max <= 0) continue;
      const other = row[columns[to]];
      if (other === 0) {
        move(from, to, whole);
        const least = Math.max(elements[to].min, step ?? 0.02);
        if (present.length < maxCount && least < whole) move(from, to, least);
      } else {
        if (to > from) {
          add((copy) => {
            copy[columns[from]] = other;
            copy[columns[to]] = whole;
          });
        }
        if (present.length > minCount) move(from, to, whole);
      }
      if (step === undefined || other === 0) continue;
      for (let amount = step; amount < whole && other + amount <= elements[to].max; amount *= 2) {
        move(from, to, amount);
      }
    }
  }
}

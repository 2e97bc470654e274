import { pow } from "../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { layoutOf, type CompositionVariable, type ListVariable } from "../operators/layout.ts";
import { otherThan } from "../operators/list.ts";
import { columnWeights } from "../similarity.ts";

/** One proposal for each of n designs. */
export interface Proposals {
  /** n x dimension; rows that left the space are as they were. */
  readonly rows: Matrix;
  /** Index of the kind of each move. */
  readonly kind: Uint8Array;
  /** 1 where the proposal is a feasible design. */
  readonly isInside: Uint8Array;
}

/** Proposes moves whose chance is the same forth and back. */
export interface Mover {
  readonly kinds: readonly string[];
  /** @param reference designs whose differences guide the moves; they stay the same while moves are made */
  propose(rows: Matrix, reference: Matrix, rng: Rng): Proposals;
}

/** Steps of numbers range over so many decades below the width of their range. */
const decades = 3;
/** Factor of differences at which moves in d dimensions are taken best (C. J. F. ter Braak, 2006). */
const differenceFactor = 2.38;
/** Reference designs that count as near. */
const nearCount = 5;

type Change = (row: Float64Array, reference: Matrix, rng: Rng) => boolean;

/**
 * Moves for the kinds of variables that a space has. Each kind is drawn with the same chance in every
 * state and proposes y from x as probably as x from y, so that taking y with the chance
 * min(1, likelihood(y) / likelihood(x)), and staying when y is not feasible, keeps the posterior under a
 * uniform prior (detailed balance):
 *
 * - `step`: a normal step of one number; its size is drawn without regard to the state;
 * - `list`: another value of a list, by an even step to a neighbour (staying at an end) or any other;
 * - `flip`: any other category;
 * - `transfer`: two elements share their sum anew, uniformly, or by a step; on a grid this brings elements in
 *   and takes them out, and all splits of a sum are equally likely in both directions;
 * - `swap`: two elements exchange their amounts, its own inverse;
 * - `difference`: adds a multiple of the difference of two reference designs, whose order is random, which
 *   leads along ridges and, with the multiple one, from mode to mode;
 * - `jump`: the difference of any reference design a and one of the five that are nearest to x, b. The way back from
 *   y chooses b and a, which is as probable if a is among the five nearest to y, else y is not proposed;
 * - `prior`: a fresh draw from the space. Its chance does not depend on the state, so the rule of acceptance is
 *   the same.
 *
 * Continuous fractions of different elements have no common measure: there only `prior` changes which
 * elements are present; all other moves keep them, also in reverse.
 * Sources: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953), doi:10.1063/1.1699114; C. J. F. ter Braak,
 * Stat. Comput. 16, 239 (2006), doi:10.1007/s11222-006-8769-1.
 */
export function createMover(space: SearchSpace): Mover {
  const { reals, lists, categories, compositions } = layoutOf(space);
  const scale = columnWeights(space.columns);
  const isCategory = Uint8Array.from(space.columns, ({ kind }) => Number(kind === "category"));
  const changes: [string, Change][] = [];
  if (reals.length > 0) {
    changes.push([
      "step",
      (row, _, rng) => {
        const { column, min, max } = reals[rng.integer(reals.length)];
        row[column] += (max - min) * randomSize(rng) * rng.normal();
        return true;
      },
    ]);
  }
  if (lists.length > 0) {
    changes.push([
      "list",
      (row, _, rng) => changeListed(row, lists[rng.integer(lists.length)], rng),
    ]);
  }
  if (categories.length > 0) {
    changes.push([
      "flip",
      (row, _, rng) => {
        const { column, count } = categories[rng.integer(categories.length)];
        row[column] = otherThan(row[column], count, rng);
        return true;
      },
    ]);
  }
  for (const composition of compositions) {
    changes.push(["transfer", (row, _, rng) => transfer(row, composition, rng)]);
    changes.push(["swap", (row, _, rng) => swap(row, composition, rng)]);
  }
  const smooth = [
    ...reals.map(({ column }) => column),
    ...compositions.flatMap(({ step, columns }) => (step === undefined ? [...columns] : [])),
  ];
  if (reals.length + lists.length + compositions.length > 0) {
    changes.push(["difference", addDifference]);
  }
  changes.push(["jump", jump]);
  const kinds = [...changes.map(([kind]) => kind), "prior"];

  /** A multiple of a difference for smooth columns, or a whole difference for all but categories. */
  function addDifference(row: Float64Array, reference: Matrix, rng: Rng): boolean {
    if (reference.rows < 2) return false;
    const first = rng.integer(reference.rows);
    const a = rowOf(reference, first);
    const b = rowOf(reference, otherThan(first, reference.rows, rng));
    if (smooth.length === 0 || rng.uniform() < 0.5) return addWhole(row, a, b);
    const factor = (differenceFactor / Math.sqrt(2 * smooth.length)) * pow(10, -rng.uniform());
    return addSmooth(row, a, b, factor);
  }

  /** From near one reference design to just as near another one. */
  function jump(row: Float64Array, reference: Matrix, rng: Rng): boolean {
    if (reference.rows <= nearCount) return false;
    const a = rng.integer(reference.rows);
    const b = nearest(row, reference)[rng.integer(nearCount)];
    const to = rowOf(reference, a);
    const from = rowOf(reference, b);
    for (const { column } of categories) {
      if (row[column] !== from[column]) return false;
      row[column] = to[column];
    }
    return addWhole(row, to, from) && nearest(row, reference).includes(a);
  }

  function addWhole(row: Float64Array, a: Float64Array, b: Float64Array): boolean {
    for (const { columns, step } of compositions) {
      if (step === undefined) continue;
      const grid = Math.round(1 / step);
      for (const k of columns) row[k] = Math.round((row[k] + a[k] - b[k]) * grid) / grid;
    }
    for (const { column, values } of lists) {
      const at =
        placeOf(values, row[column]) + placeOf(values, a[column]) - placeOf(values, b[column]);
      if (!(at >= 0 && at < values.length)) return false;
      row[column] = values[at];
    }
    return addSmooth(row, a, b, 1);
  }

  /** Continuous fractions stay where the three designs do not have the same elements, forth and back. */
  function addSmooth(row: Float64Array, a: Float64Array, b: Float64Array, factor: number): boolean {
    for (const { column } of reals) row[column] += factor * (a[column] - b[column]);
    for (const { columns, step } of compositions) {
      if (step !== undefined) continue;
      const isAlike = columns.every((k) => row[k] > 0 === a[k] > 0 && row[k] > 0 === b[k] > 0);
      if (!isAlike) continue;
      for (const k of columns) {
        if (!(row[k] > 0)) continue;
        row[k] += factor * (a[k] - b[k]);
        if (!(row[k] > 0)) return false;
      }
    }
    return true;
  }

  /** The nearest reference designs; another category is one range away. */
  function nearest(row: Float64Array, reference: Matrix): Int32Array {
    const { data, columns: d } = reference;
    const index = new Int32Array(nearCount).fill(-1);
    const square = new Float64Array(nearCount).fill(Number.POSITIVE_INFINITY);
    const last = nearCount - 1;
    for (let o = 0; o < reference.rows; o++) {
      let distance = 0;
      for (let j = 0; j < d && distance < square[last]; j++) {
        const gap = (row[j] - data[o * d + j]) * scale[j];
        distance += isCategory[j] === 1 ? Number(gap !== 0) : gap * gap;
      }
      if (!(distance < square[last])) continue;
      let at = last;
      for (; at > 0 && square[at - 1] > distance; at--) {
        square[at] = square[at - 1];
        index[at] = index[at - 1];
      }
      square[at] = distance;
      index[at] = o;
    }
    return index;
  }

  return {
    kinds,
    propose(rows, reference, rng) {
      const n = rows.rows;
      const result = matrix(n, rows.columns, rows.data.slice());
      const kind = new Uint8Array(n);
      const isInside = new Uint8Array(n);
      const fresh: number[] = [];
      for (let i = 0; i < n; i++) {
        kind[i] = rng.integer(kinds.length);
        if (kind[i] === changes.length) {
          fresh.push(i);
          continue;
        }
        const row = rowOf(result, i);
        const isMade = changes[kind[i]][1](row, reference, rng);
        if (isMade && space.isFeasible(row)) isInside[i] = 1;
        else row.set(rowOf(rows, i));
      }
      const drawn = space.sample(fresh.length, rng);
      fresh.forEach((i, k) => {
        rowOf(result, i).set(rowOf(drawn, k));
        isInside[i] = 1;
      });
      return { rows: result, kind, isInside };
    },
  };
}

const randomSize = (rng: Rng): number => pow(10, -decades * rng.uniform());

/** Place of the nearest of ascending values. */
function placeOf(values: readonly number[], value: number): number {
  let at = 0;
  for (let k = 1; k < values.length; k++) {
    if (Math.abs(values[k] - value) < Math.abs(values[at] - value)) at = k;
  }
  return at;
}

function changeListed(row: Float64Array, { column, values }: ListVariable, rng: Rng): boolean {
  const at = placeOf(values, row[column]);
  const isNear = rng.uniform() < 0.5;
  const next = isNear ? at + (rng.uniform() < 0.5 ? -1 : 1) : otherThan(at, values.length, rng);
  if (!(next >= 0 && next < values.length)) return false;
  row[column] = values[next];
  return true;
}

function transfer(row: Float64Array, { columns, step }: CompositionVariable, rng: Rng): boolean {
  const first = rng.integer(columns.length);
  const i = columns[first];
  const j = columns[otherThan(first, columns.length, rng)];
  const anew = rng.uniform() < 0.5;
  if (step === undefined) {
    if (!(row[i] > 0 && row[j] > 0)) return false;
    const sum = row[i] + row[j];
    const part = anew ? sum * rng.uniform() : row[i] + sum * randomSize(rng) * rng.normal();
    if (!(part > 0 && part < sum)) return false;
    row[i] = part;
    row[j] = sum - part;
    return true;
  }
  const grid = Math.round(1 / step);
  const units = Math.round(row[i] * grid);
  const sum = units + Math.round(row[j] * grid);
  if (sum === 0) return false;
  const part = anew ? rng.integer(sum + 1) : units + (rng.uniform() < 0.5 ? -1 : 1);
  if (part < 0 || part > sum) return false;
  row[i] = part / grid;
  row[j] = (sum - part) / grid;
  return true;
}

function swap(row: Float64Array, { columns, step }: CompositionVariable, rng: Rng): boolean {
  const first = rng.integer(columns.length);
  const i = columns[first];
  const j = columns[otherThan(first, columns.length, rng)];
  if (step === undefined && !(row[i] > 0 && row[j] > 0)) return false;
  const kept = row[i];
  row[i] = row[j];
  row[j] = kept;
  return true;
}

import { pow } from "../../core/elementary.ts";
import type { Rng } from "../../core/rng.ts";
import type { CompositionVariable } from "./layout.ts";
import { otherThan } from "./list.ts";

/**
 * Mixes two compositions into two children: elements that both parents have stay, every other one goes
 * to a child with an even chance, amounts lie on a line through the parents' (a little beyond them too)
 * and are scaled to sum to one. Bounds and steps are left to the space's repair.
 * @param a one child's row, holding the first parent's fractions; written to
 * @param b the other child's row, holding the second parent's; written to
 */
export function mixCompositions(
  a: Float64Array,
  b: Float64Array,
  { columns }: CompositionVariable,
  rng: Rng,
): void {
  const t = 1.2 * rng.uniform() - 0.1;
  let sumA = 0;
  let sumB = 0;
  for (const k of columns) {
    const x = a[k];
    const y = b[k];
    if (x > 0 && y > 0) {
      a[k] = Math.max(0, x + t * (y - x));
      b[k] = Math.max(0, y + t * (x - y));
    } else if (x > 0 || y > 0) {
      // Present in one parent: the whole amount goes to one child.
      const first = rng.uniform() < 0.5;
      a[k] = first ? x + y : 0;
      b[k] = first ? 0 : x + y;
    }
    sumA += a[k];
    sumB += b[k];
  }
  // Parents without a common element can leave a child with nothing: it takes the other's elements.
  if (sumA === 0) for (const k of columns) a[k] = b[k];
  if (sumB === 0) for (const k of columns) b[k] = a[k];
  rescale(a, columns, sumA === 0 ? sumB : sumA);
  rescale(b, columns, sumB === 0 ? sumA : sumB);
}

/**
 * One change of a composition, drawn from those that its bounds and counts allow: move an amount from
 * one element to another, exchange two amounts (which replaces an element when one of them is absent),
 * bring in an element, or take one out. The sum stays as it is; steps and further constraints are left
 * to the space's repair.
 * @param row written to
 * @param index as in polynomial mutation: the larger, the smaller the amounts moved
 */
export function mutateComposition(
  row: Float64Array,
  variable: CompositionVariable,
  index: number,
  rng: Rng,
): void {
  const { columns, elements, minCount, maxCount } = variable;
  const present: number[] = [];
  const absent: number[] = [];
  for (let e = 0; e < columns.length; e++) {
    if (row[columns[e]] > 0) present.push(e);
    else if (elements[e].max > 0) absent.push(e);
  }
  const removable = present.filter((e) => elements[e].required !== true);
  const moves: (() => void)[] = [];
  if (present.length > 1) moves.push(transfer, transfer);
  if (removable.length > 0 && absent.length > 0) moves.push(replace);
  if (present.length > 1) moves.push(exchange);
  if (present.length < maxCount && absent.length > 0) moves.push(introduce);
  if (present.length > minCount && present.length > 1 && removable.length > 0) moves.push(remove);
  if (moves.length > 0) pick(moves)();

  function pick<T>(from: readonly T[]): T {
    return from[rng.integer(from.length)];
  }

  function twoPresent(): readonly [number, number] {
    const first = rng.integer(present.length);
    return [present[first], present[otherThan(first, present.length, rng)]];
  }

  function transfer(): void {
    const [from, to] = twoPresent();
    const room = Math.min(spare(from), elements[to].max - row[columns[to]]);
    if (room > 0) move(columns[from], columns[to], amount(room));
  }

  function exchange(): void {
    const [one, other] = twoPresent();
    const kept = row[columns[one]];
    row[columns[one]] = row[columns[other]];
    row[columns[other]] = kept;
  }

  function replace(): void {
    const from = columns[pick(removable)];
    move(from, columns[pick(absent)], row[from]);
  }

  function introduce(): void {
    const e = pick(absent);
    const from = pick(present);
    const room = Math.min(spare(from), elements[e].max);
    if (room > 0) move(columns[from], columns[e], Math.min(room, elements[e].min + amount(room)));
  }

  function remove(): void {
    const out = pick(removable);
    const others = present.filter((e) => e !== out);
    move(columns[out], columns[pick(others)], row[columns[out]]);
  }

  function move(from: number, to: number, share: number): void {
    row[to] += share;
    // Exactly zero when everything moves, so that the element counts as absent.
    row[from] = share === row[from] ? 0 : row[from] - share;
  }

  /** What a present element can give away and still be present. */
  function spare(e: number): number {
    const free = row[columns[e]] - Math.max(elements[e].min, variable.step ?? 0);
    return free > 1e-9 ? free : 0;
  }

  /** Part of `room`, mostly small; whole steps, at least one. */
  function amount(room: number): number {
    const free = room * (1 - pow(1 - rng.uniform(), 3 / (index + 1)));
    const { step } = variable;
    if (step === undefined) return free;
    return Math.min(room, step * Math.max(1, Math.round(free / step)));
  }
}

function rescale(row: Float64Array, columns: Int32Array, sum: number): void {
  for (const k of columns) row[k] /= sum;
}

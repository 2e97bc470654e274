import { pow } from "../../core/elementary.ts";
import type { Rng } from "../../core/rng.ts";

/**
 * Simulated binary crossover of one real variable of two children, inside [min, max]. The smaller
 * `index`, the farther the children lie from the parents.
 * @param a one child's row, holding the first parent's value; written to
 * @param b the other child's row, holding the second parent's value; written to
 * Source: K. Deb, R. B. Agrawal, Complex Systems 9, 115 (1995); bounded form of K. Deb et al., IEEE
 *   Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017.
 */
export function crossReal(
  a: Float64Array,
  b: Float64Array,
  column: number,
  min: number,
  max: number,
  index: number,
  rng: Rng,
): void {
  const low = Math.min(a[column], b[column]);
  const high = Math.max(a[column], b[column]);
  const gap = high - low;
  if (!(gap > 1e-14 * (max - min))) return;
  const u = rng.uniform();
  const below = spread(u, 1 + (2 * (low - min)) / gap, index);
  const above = spread(u, 1 + (2 * (max - high)) / gap, index);
  const first = clamp(0.5 * (low + high - below * gap), min, max);
  const second = clamp(0.5 * (low + high + above * gap), min, max);
  const swap = rng.uniform() < 0.5;
  a[column] = swap ? second : first;
  b[column] = swap ? first : second;
}

/** How many half gaps a child lies from the parents' middle, when `room` half gaps are free. */
function spread(u: number, room: number, index: number): number {
  const alpha = 2 - 1 / power(room, index + 1);
  const scaled = u * alpha;
  return root(scaled <= 1 ? scaled : 1 / (2 - scaled), index + 1);
}

/**
 * Polynomial mutation of a value inside [min, max]. The larger `index`, the smaller the step.
 * Source: K. Deb, M. Goyal, Computer Science and Informatics 26(4), 30 (1996); bounded form of the
 *   NSGA-II authors' program.
 */
export function mutateReal(
  value: number,
  min: number,
  max: number,
  index: number,
  rng: Rng,
): number {
  const range = max - min;
  const u = rng.uniform();
  let step: number;
  if (u < 0.5) {
    const free = 1 - (value - min) / range;
    step = root(2 * u + (1 - 2 * u) * power(free, index + 1), index + 1) - 1;
  } else {
    const free = 1 - (max - value) / range;
    step = 1 - root(2 * (1 - u) + (2 * u - 1) * power(free, index + 1), index + 1);
  }
  return clamp(value + step * range, min, max);
}

/** x^n for x >= 0: by squaring where n is a whole number, as the usual indices are. */
function power(x: number, n: number): number {
  if (!Number.isInteger(n)) return pow(x, n);
  let result = 1;
  for (let rest = n, square = x; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}

/** The n-th root of x >= 0: by square roots where n is a power of two, as for the usual crossover index 15. */
function root(x: number, n: number): number {
  let result = x;
  let rest = n;
  for (; rest % 2 === 0 && rest > 0; rest /= 2) result = Math.sqrt(result);
  return rest === 1 ? result : pow(result, 1 / rest);
}

const clamp = (value: number, min: number, max: number): number =>
  value < min ? min : value > max ? max : value;

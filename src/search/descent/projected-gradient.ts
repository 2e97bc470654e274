import type { ScaledColumns } from "./scaled-columns.ts";

/** A function to be made small and what its steps need; undefined where the budget has ended. */
export interface Descended {
  value(row: Float64Array): Promise<number | undefined>;
  /** The derivative of the smooth part by each column. */
  gradient(row: Float64Array): Promise<Float64Array | undefined>;
  /** Applies the part with a kink, in place. */
  shrink(row: Float64Array, step: number): void;
  /** The nearest feasible design. */
  project(row: Float64Array): Float64Array;
}

export interface DescentEnd {
  readonly row: Float64Array;
  readonly value: number;
}

/** Values among which the largest is the bar for the next step. */
const memory = 8;
const mostIterations = 1000;
/** Steps and gains below this share count as none. */
const least = 1e-10;

/**
 * Goes down from a feasible design by projected gradient steps of spectral length: the last step and the
 * change of the gradient along it give the next length; a step that is not a gain over the worst of the
 * last values is halved. Lengths count in scaled columns, as the projection does.
 * Source: E. G. Birgin, J. M. Martinez, M. Raydan, SIAM J. Optim. 10, 1196 (2000),
 *   doi:10.1137/S1052623497330963, algorithm SPG1.
 * @returns where it ended, or undefined where the budget did not suffice for the first value
 */
export async function descend(
  start: Float64Array,
  { moving, unit }: ScaledColumns,
  target: Descended,
): Promise<DescentEnd | undefined> {
  let row = start;
  const first = await target.value(row);
  if (first === undefined || moving.length === 0) {
    return first === undefined ? undefined : { row, value: first };
  }
  let best: DescentEnd = { row, value: first };
  let gradient = await target.gradient(row);
  const values = [first];
  let length = gradient === undefined ? 0 : firstLength(gradient);
  for (let iteration = 0; iteration < mostIterations && gradient !== undefined; iteration++) {
    const bar = Math.max(...values.slice(-memory));
    const step = await acceptedStep(row, gradient, length, bar);
    if (step === undefined) break;
    const next = await target.gradient(step.row);
    const gain = best.value - step.value;
    if (gain > 0) best = step;
    values.push(step.value);
    if (next === undefined) break;
    length = spectralLength(row, step.row, gradient, next);
    const isStill =
      values.length > memory && spread(values.slice(-memory)) <= least * (1 + Math.abs(best.value));
    row = step.row;
    gradient = next;
    if (isStill) break;
  }
  return best;

  async function acceptedStep(
    from: Float64Array,
    slope: Float64Array,
    longest: number,
    bar: number,
  ): Promise<DescentEnd | undefined> {
    for (let step = longest, tries = 0; tries < 30; step /= 2, tries++) {
      const moved = from.slice();
      for (const k of moving) moved[k] -= step * slope[k] * unit[k] * unit[k];
      target.shrink(moved, step);
      const reached = target.project(moved);
      let square = 0;
      for (const k of moving) {
        const gap = (reached[k] - from[k]) / unit[k];
        square += gap * gap;
      }
      if (square <= least * least) return undefined;
      const value = await target.value(reached);
      if (value === undefined) return undefined;
      if (value <= bar - (1e-4 / step) * square) return { row: reached, value };
    }
    return undefined;
  }

  /** A tenth of a range along the steepest direction. */
  function firstLength(slope: Float64Array): number {
    let square = 0;
    for (const k of moving) square += slope[k] * unit[k] * slope[k] * unit[k];
    return square > 0 ? 0.1 / Math.sqrt(square) : 1;
  }

  function spectralLength(
    a: Float64Array,
    b: Float64Array,
    slopeA: Float64Array,
    slopeB: Float64Array,
  ): number {
    let above = 0;
    let below = 0;
    for (const k of moving) {
      const gap = (b[k] - a[k]) / unit[k];
      above += gap * gap;
      below += gap * (slopeB[k] - slopeA[k]) * unit[k];
    }
    return below > 0 ? Math.min(1e10, Math.max(1e-10, above / below)) : 10 * firstLength(slopeB);
  }
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

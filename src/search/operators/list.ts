import type { Rng } from "../../core/rng.ts";

/** Another number of an ascending list: a neighbour half of the time, else any. */
export function mutateListed(value: number, values: readonly number[], rng: Rng): number {
  let at = 0;
  for (let k = 1; k < values.length; k++) {
    if (Math.abs(values[k] - value) < Math.abs(values[at] - value)) at = k;
  }
  if (rng.uniform() < 0.5) {
    const next = at + (rng.uniform() < 0.5 ? -1 : 1);
    return values[next < 0 ? 1 : next >= values.length ? values.length - 2 : next];
  }
  return values[otherThan(at, values.length, rng)];
}

/** An index of 0 ... count - 1 that is not `current`; `count` is at least 2. */
export function otherThan(current: number, count: number, rng: Rng): number {
  const drawn = rng.integer(count - 1);
  return drawn < current ? drawn : drawn + 1;
}

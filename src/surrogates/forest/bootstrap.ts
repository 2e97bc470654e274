import type { Rng } from "../../core/rng.ts";

/**
 * How often each of n rows is drawn when as many are drawn with replacement as there are `candidates`;
 * 0 for rows that are no candidates.
 */
export function bootstrap(n: number, candidates: ArrayLike<number>, rng: Rng): Float64Array {
  const weight = new Float64Array(n);
  for (let i = 0; i < candidates.length; i++) {
    weight[candidates[Math.floor(rng.uniform() * candidates.length)]]++;
  }
  return weight;
}

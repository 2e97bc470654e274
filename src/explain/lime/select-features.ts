import type { Matrix } from "../../core/matrix.ts";
import { weightedRidge } from "./weighted-ridge.ts";

/** Features up to which they are added one by one; more are chosen at once. */
const mostForward = 6;

/**
 * The columns that the local model may use: by forward selection when at most 6 are asked for, else those
 * with the largest |coefficient x row| in a fit of all of them.
 * Source: as in the LIME reference implementation ("auto").
 * @param row the explained row in the units of x
 */
export function selectFeatures(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array,
  row: Float64Array,
  count: number,
): number[] {
  const all = Array.from({ length: x.columns }, (_, j) => j);
  if (count >= x.columns) return all;
  if (count <= mostForward) {
    const chosen: number[] = [];
    while (chosen.length < count) {
      let best = -1;
      let bestR2 = -Infinity;
      for (const j of all) {
        if (chosen.includes(j)) continue;
        const { r2 } = weightedRidge(x, y, weights, [...chosen, j], 0);
        if (r2 > bestR2) [best, bestR2] = [j, r2];
      }
      chosen.push(best);
    }
    return chosen.sort((a, b) => a - b);
  }
  const { coefficients } = weightedRidge(x, y, weights, all, 0.01);
  const size = all.map((j) => Math.abs(coefficients[j] * row[j]));
  return all
    .sort((a, b) => size[b] - size[a] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

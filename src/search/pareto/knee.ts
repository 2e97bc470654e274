import type { Matrix } from "../../core/matrix.ts";
import { objectiveRanges } from "./sort.ts";

/**
 * The row of a front where a little more of one objective costs most of another: the smallest sum of
 * objectives, each scaled to 0 ... 1 over the front. For two objectives this is the point farthest from
 * the line through the front's ends. Ties go to the first row.
 * @param objectives n x m, minimised
 * @param front rows of the front; at least one
 * @returns a member of `front`
 * Source: I. Das, Struct. Optim. 18, 107 (1999), doi:10.1007/BF01195985.
 */
export function kneePoint(objectives: Matrix, front: Int32Array): number {
  const { low, high } = objectiveRanges(objectives, front);
  const m = objectives.columns;
  let best = front[0];
  let bestSum = Number.POSITIVE_INFINITY;
  for (const i of front) {
    let sum = 0;
    for (let k = 0; k < m; k++) {
      const range = high[k] - low[k];
      if (range > 0) sum += (objectives.data[i * m + k] - low[k]) / range;
    }
    if (sum < bestSum) {
      bestSum = sum;
      best = i;
    }
  }
  return best;
}

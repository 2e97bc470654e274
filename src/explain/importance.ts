import type { Matrix } from "../core/matrix.ts";

/** Mean size of each feature's contribution over all rows: what a feature moves, either way. */
export function meanAbsolute(contributions: Matrix): Float64Array {
  const { rows, columns, data } = contributions;
  const result = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) result[k % columns] += Math.abs(data[k]) / rows;
  return result;
}

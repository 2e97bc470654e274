import type { Matrix } from "../../../core/matrix.ts";
import { objectiveRanges, paretoFront } from "../../pareto/sort.ts";
import type { Loss } from "./losses.ts";

/** Share of the front's range by which an inferred reference lies beyond the front's worst values. */
const margin = 0.1;

/**
 * The point from which hypervolume is counted: the worst acceptable loss where the goal names one, else the worst
 * value on the front of these rows plus a tenth of the front's range; of all rows' range where the front has none,
 * and of the outcome's scale where all rows are equal.
 * @param values losses, n x m; without rows the unnamed coordinates are 0
 * Source: H. Ishibuchi, R. Imada, Y. Setoguchi, Y. Nojima, Evol. Comput. 26, 411 (2018), doi:10.1162/evco_a_00226
 *   (a reference slightly beyond the nadir point).
 */
export function referencePoint(losses: readonly Loss[], values: Matrix): Float64Array {
  const all = Int32Array.from({ length: values.rows }, (_, i) => i);
  const front = objectiveRanges(values, paretoFront(values));
  const spread = objectiveRanges(values, all);
  return Float64Array.from(losses, ({ worst, scale }, k) => {
    if (worst !== null) return worst;
    if (values.rows === 0) return 0;
    const ranges = [front.high[k] - front.low[k], spread.high[k] - spread.low[k], scale];
    return front.high[k] + margin * ranges.find((range) => range > 0)!;
  });
}

import { log } from "../../../core/elementary.ts";
import { InputError } from "../../../core/errors.ts";
import type { Matrix } from "../../../core/matrix.ts";
import type { LogFactor } from "./weighed-acquisition.ts";

/**
 * What a design is worth for its cost: one over it.
 * Source: J. Snoek, H. Larochelle, R. P. Adams, NIPS 25 (2012), section 3.2 (expected improvement per second).
 */
export function perCost(who: string, cost: (rows: Matrix) => Float64Array): LogFactor {
  return (rows) =>
    cost(rows).map((value) => {
      if (value > 0 && value < Number.POSITIVE_INFINITY) return -log(value);
      throw new InputError(`${who}: expected finite costs above 0, got ${value}.`);
    });
}

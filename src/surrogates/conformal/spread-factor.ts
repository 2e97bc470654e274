import { normalQuantile } from "../../core/special.ts";
import { conformalQuantile } from "./quantile.ts";

/** The level at which normal intervals are made to cover. */
const level = 0.9;

/**
 * What standard deviations are multiplied with so that the normal 90 % interval holds as many held-out rows as the
 * conformal rank asks for; infinite when there are too few.
 * @param ascending sizes of held-out errors in standard deviations, in ascending order
 */
export const spreadFactor = (ascending: ArrayLike<number>): number =>
  conformalQuantile(ascending, level) / normalQuantile((1 + level) / 2);

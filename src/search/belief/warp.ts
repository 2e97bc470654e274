import { exp, expm1, log, log1p, pow } from "../../core/elementary.ts";
import { median, medianAbsoluteDeviation } from "../../core/statistics.ts";

/** A smooth increasing change of an outcome's scale under which it is more like a Gaussian process. */
export interface Warp {
  /** Power of the transformation; 1 = none. */
  readonly power: number;
  /** The warped value of an outcome. */
  to(value: number): number;
  /** The outcome of a warped value. */
  from(warped: number): number;
  /** Derivative of the warped value by the outcome, above 0. */
  slope(value: number): number;
}

/** No change. */
export const unwarped: Warp = {
  power: 1,
  to: (value) => value,
  from: (warped) => warped,
  slope: () => 1,
};

/** Powers tried, the weaker first: below 1 they shorten a long upper tail, above 1 a long lower one; all reach every number. */
export const warpPowers = [
  [0.5, 0],
  [1.5, 2],
] as const;

/** Median absolute deviations times this estimate the standard deviation of normal values. */
const normalShare = 1.4826;

/**
 * The transformation of Yeo and Johnson in units of the median and the median absolute deviation.
 * Source: I.-K. Yeo, R. A. Johnson, Biometrika 87, 954 (2000), doi:10.1093/biomet/87.4.954, eq. 2.1.
 * @param values outcomes that are not all equal
 * @param power 0 ... 2
 */
export function powerWarp(values: Float64Array, power: number, fallbackScale: number): Warp {
  const centre = median(values);
  const deviation = normalShare * medianAbsoluteDeviation(values);
  const scale = deviation > 0 ? deviation : fallbackScale;
  return {
    power,
    to: (value) => scale * yeoJohnson((value - centre) / scale, power),
    from: (warped) => centre + scale * inverseYeoJohnson(warped / scale, power),
    slope: (value) => {
      const x = (value - centre) / scale;
      return x >= 0 ? pow(1 + x, power - 1) : pow(1 - x, 1 - power);
    },
  };
}

function yeoJohnson(x: number, power: number): number {
  if (x < 0) return -yeoJohnson(-x, 2 - power);
  return power === 0 ? log1p(x) : (pow(1 + x, power) - 1) / power;
}

function inverseYeoJohnson(y: number, power: number): number {
  if (y < 0) return -inverseYeoJohnson(-y, 2 - power);
  return power === 0 ? expm1(y) : exp(log(1 + power * y) / power) - 1;
}

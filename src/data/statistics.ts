/** Middle of the values (mean of the two middle ones for an even count); NaN for none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Centre and width of the bulk of a column. */
export interface RobustScale {
  readonly median: number;
  /** 1.4826 times the median absolute deviation: the standard deviation, were the bulk normal. */
  readonly sigma: number;
}

/**
 * Median and scaled median absolute deviation.
 * Source: B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers, ASQC (1993), section 3.
 */
export function robustScale(values: ArrayLike<number>): RobustScale {
  const centre = median(values);
  return {
    median: centre,
    sigma: 1.4826 * median(Array.from(values, (value) => Math.abs(value - centre))),
  };
}

/**
 * Ends and tick distance of an axis that holds every value: multiples of 1, 2 or 5 times a power of ten,
 * about `ticks` steps. One value or none gives a range around it.
 */
export function niceRange(
  values: readonly number[],
  ticks = 6,
): { min: number; max: number; interval: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { min: 0, max: 1, interval: 0.2 };
  if (low === high) {
    const half = Math.abs(low) * 0.1 || 0.5;
    low -= half;
    high += half;
  }
  const rough = (high - low) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 5].find((step) => step * power >= rough * 0.999) ?? 10) * power;
  const tidy = (value: number): number => Number(value.toPrecision(12));
  return {
    min: tidy(Math.floor(low / interval + 1e-9) * interval),
    max: tidy(Math.ceil(high / interval - 1e-9) * interval),
    interval: tidy(interval),
  };
}

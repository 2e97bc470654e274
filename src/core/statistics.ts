import { InputError, ShapeError } from "./errors.ts";

// Descriptive statistics of one list of numbers. An empty list or a NaN is refused: a statistic of
// nothing has no value, and a NaN would make every answer one.

function check(who: string, values: ArrayLike<number>, atLeast = 1): void {
  if (values.length < atLeast) {
    throw new InputError(`${who}: expected at least ${atLeast} number(s), got ${values.length}.`);
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) throw new InputError(`${who}: expected numbers, got NaN at ${i}.`);
  }
}

function checkWeights(who: string, values: ArrayLike<number>, weights: ArrayLike<number>): number {
  if (weights.length !== values.length) {
    throw new ShapeError(`${who}: expected ${values.length} weights, got ${weights.length}.`);
  }
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0)) {
      throw new InputError(`${who}: expected weights of at least 0, got ${weights[i]} at ${i}.`);
    }
    total += weights[i];
  }
  if (!(total > 0))
    throw new InputError(`${who}: expected a positive sum of weights, got ${total}.`);
  return total;
}

/**
 * Sum with a running compensation, so that its error does not grow with the number of terms.
 * Source: A. Neumaier, Z. Angew. Math. Mech. 54, 39 (1974), doi:10.1002/zamm.19740540106.
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // An infinite term makes the compensation NaN, though the sum has a value.
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean. */
export function mean(values: ArrayLike<number>): number {
  check("mean", values);
  return sum(values) / values.length;
}

/**
 * Variance by two passes. `freedom` is what is taken off the count: 1 (default) for the unbiased estimate
 * from a sample, 0 for a whole population.
 */
export function variance(values: ArrayLike<number>, freedom = 1): number {
  check("variance", values, freedom + 1);
  const centre = mean(values);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i] - centre;
    squares += deviation * deviation;
    rest += deviation;
  }
  // The second term undoes the rounding of the mean. Source: T. F. Chan, G. H. Golub, R. J. LeVeque,
  // Am. Stat. 37, 242 (1983), doi:10.1080/00031305.1983.10483115.
  return (squares - (rest * rest) / values.length) / (values.length - freedom);
}

/** Square root of `variance`. */
export function standardDeviation(values: ArrayLike<number>, freedom = 1): number {
  return Math.sqrt(Math.max(0, variance(values, freedom)));
}

/** Numbers in ascending order, copied. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile of numbers in ascending order with linear interpolation (type 7, as in R and numpy).
 * Source: R. J. Hyndman, Y. Fan, Am. Stat. 50, 361 (1996), doi:10.1080/00031305.1996.10473566.
 * @param share in [0, 1]
 */
export function quantileSorted(ascending: ArrayLike<number>, share: number): number {
  check("quantile", ascending);
  if (!(share >= 0 && share <= 1)) {
    throw new InputError(`quantile: expected a share in [0, 1], got ${share}.`);
  }
  const place = share * (ascending.length - 1);
  const low = Math.floor(place);
  const fraction = place - low;
  if (fraction === 0) return ascending[low];
  return ascending[low] + fraction * (ascending[low + 1] - ascending[low]);
}

/** Quantile (type 7) of numbers in any order. */
export function quantile(values: ArrayLike<number>, share: number): number {
  check("quantile", values);
  return quantileSorted(sorted(values), share);
}

/** The middle number, or the mean of the two middle ones. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Median distance from the median; times 1.4826 it estimates the standard deviation of normal data. */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** Sum of weight times value over the sum of weights. */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  check("weightedMean", values);
  const total = checkWeights("weightedMean", values, weights);
  return sum(Float64Array.from(values, (value, i) => value * weights[i])) / total;
}

/** The smallest value at which the values up to it hold at least the given share of the weight. */
export function weightedQuantile(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  share: number,
): number {
  check("weightedQuantile", values);
  const total = checkWeights("weightedQuantile", values, weights);
  if (!(share >= 0 && share <= 1)) {
    throw new InputError(`weightedQuantile: expected a share in [0, 1], got ${share}.`);
  }
  const order = Array.from(values, (_, i) => i)
    .filter((i) => weights[i] > 0)
    .sort((a, b) => values[a] - values[b]);
  let below = 0;
  for (const i of order) {
    below += weights[i];
    if (below >= share * total) return values[i];
  }
  return values[order[order.length - 1]];
}

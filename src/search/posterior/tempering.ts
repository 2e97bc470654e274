import { exp, log } from "../../core/elementary.ts";
import type { Rng } from "../../core/rng.ts";

/** Weights in proportion to exp(values), which sum to one, and the logarithm of the mean of exp(values). */
export function normaliseLog(values: ArrayLike<number>): {
  readonly weights: Float64Array;
  readonly logMean: number;
} {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  const weights = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    weights[i] = exp(values[i] - most);
    sum += weights[i];
  }
  for (let i = 0; i < values.length; i++) weights[i] /= sum;
  return { weights, logMean: most + log(sum / values.length) };
}

/**
 * How many equally weighted draws weights that sum to one are worth: 1 / sum w^2.
 * Source: A. Kong, J. S. Liu, W. H. Wong, J. Am. Stat. Assoc. 89, 278 (1994), doi:10.1080/01621459.1994.10476469.
 */
export function effectiveSize(weights: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i] * weights[i];
  return 1 / squares;
}

/**
 * The next exponent of the likelihood, at most 1: the one that leaves this effective share of particles that
 * stand for the exponent `from`.
 * Source: A. Jasra et al., Scand. J. Stat. 38, 1 (2011), doi:10.1111/j.1467-9469.2010.00723.x.
 */
export function nextExponent(logLikelihood: Float64Array, from: number, keptShare: number): number {
  const n = logLikelihood.length;
  const shareAt = (exponent: number): number =>
    effectiveSize(normaliseLog(logLikelihood.map((value) => (exponent - from) * value)).weights) /
    n;
  if (shareAt(1) >= keptShare) return 1;
  let low = from;
  let high = 1;
  // Likelihoods may differ by hundreds of powers of ten, so the first exponents may be tiny.
  for (let step = 0; step < 80 && high - low > 1e-3 * (high - from); step++) {
    const middle = (low + high) / 2;
    if (shareAt(middle) >= keptShare) low = middle;
    else high = middle;
  }
  return low > from ? low : high;
}

/**
 * Systematic resampling: index i comes n weights_i times, rounded up or down.
 * Source: G. Kitagawa, J. Comput. Graph. Stat. 5, 1 (1996), doi:10.1080/10618600.1996.10474692.
 */
export function resample(weights: Float64Array, n: number, rng: Rng): Int32Array {
  const chosen = new Int32Array(n);
  const start = rng.uniform();
  let sum = weights[0];
  let at = 0;
  for (let k = 0; k < n; k++) {
    while (n * sum < k + start && at < weights.length - 1) sum += weights[++at];
    chosen[k] = at;
  }
  return chosen;
}

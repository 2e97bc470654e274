import { NumericalError } from "./errors.ts";

/**
 * The place where a continuous distribution function reaches p: Newton steps, kept inside a bracket that
 * shrinks at every step.
 * @param range ends of the support and a first guess inside it
 */
export function invertCdf(
  cdf: (x: number) => number,
  pdf: (x: number) => number,
  p: number,
  range: { readonly guess: number; readonly low: number; readonly high: number },
): number {
  let { guess: x, low, high } = range;
  for (let i = 0; i < 1100; i++) {
    const error = cdf(x) - p;
    if (error === 0) return x;
    if (error > 0) high = x;
    else low = x;
    let next = x - error / pdf(x);
    if (!(next > low && next < high)) next = between(low, high);
    if (Math.abs(next - x) <= 2e-16 * Math.abs(next) || next === low || next === high) return next;
    x = next;
  }
  throw new NumericalError(`invertCdf: no convergence at p = ${p}, last place ${x}.`);
}

/** The middle, also of a bracket that is open on one or both sides. */
function between(low: number, high: number): number {
  if (high === Number.POSITIVE_INFINITY) return low > 0.5 ? 2 * low : low + 1;
  if (low === Number.NEGATIVE_INFINITY) return high < -0.5 ? 2 * high : high - 1;
  return low + (high - low) / 2;
}

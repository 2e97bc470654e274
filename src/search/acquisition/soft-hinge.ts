import { exp, log, log1p } from "../../core/elementary.ts";

// Smooth stand-ins for max(0, x) and for a maximum, with gradients everywhere and logarithms that do not underflow.
// Source: S. Ament et al., Unexpected improvements to expected improvement for Bayesian optimization, NeurIPS 2023,
// section 4.2 and appendix A.4.

export interface Hinge {
  readonly value: number;
  readonly slope: number;
}

/** Share of the tail that falls like a square. */
const tail = 0.1;

/** `log(1 + e^x) + 0.1 / (1 + x^2)` and its derivative: far below zero the second term alone is left. */
export function softHinge(x: number): Hinge {
  const soft = x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
  const bySoft = x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
  const far = tail / (1 + x * x);
  return { value: soft + far, slope: bySoft - (2 * x * far * far) / tail };
}

/** The logarithm of the same. */
export function logSoftHinge(x: number): Hinge {
  const { value, slope } = softHinge(x);
  return { value: log(value), slope: slope / value };
}

/** Width of the smoothing of a maximum of logarithms. */
const maxWidth = 1e-2;

/** A smooth largest of logarithms; `shares` receives its derivatives by them. */
export function softMaximum(logs: Float64Array, shares: Float64Array): number {
  const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let j = 0; j < logs.length; j++) {
    shares[j] = exp((logs[j] - top) / maxWidth);
    sum += shares[j];
  }
  for (let j = 0; j < logs.length; j++) shares[j] /= sum;
  return top + maxWidth * log(sum);
}

import { exp, log, log1p } from "./elementary.ts";
import { InputError, NumericalError } from "./errors.ts";
import { logGamma } from "./gamma-function.ts";
import { invertCdf } from "./invert-cdf.ts";
import { normalQuantile } from "./special.ts";

const maxTerms = 100_000;

/** Continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || 1e-300);
  let fraction = d;
  for (let m = 1; m < maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || 1e-300);
    c = 1 + even / c || 1e-300;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || 1e-300);
    c = 1 + odd / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) return fraction;
  }
  throw new NumericalError(
    `betaRegularised: the fraction did not converge at a = ${a}, b = ${b}, x = ${x}.`,
  );
}

/** I_x(a, b) given both x and 1 - x, so that neither loses digits. */
function betaShare(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const logX = x < 0.5 ? log(x) : log1p(-y);
  const logY = y < 0.5 ? log(y) : log1p(-x);
  const front = exp(a * logX + b * logY + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, y)) / b;
}

/**
 * Regularised incomplete beta function I_x(a, b): the share of Beta(a, b) that lies below x in [0, 1].
 * Source: NIST Digital Library of Mathematical Functions (2010), 8.17.22.
 */
export function betaRegularised(a: number, b: number, x: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) {
    throw new InputError(
      `betaRegularised: expected a > 0, b > 0 and x in [0, 1], got ${a}, ${b} and ${x}.`,
    );
  }
  return betaShare(a, b, x, 1 - x);
}

/** Probability that Student's t with `degrees` > 0 degrees of freedom is at most t. */
export function studentCdf(t: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(t)) {
    throw new InputError(
      `studentCdf: expected a number and degrees above 0, got ${t} and ${degrees}.`,
    );
  }
  if (!Number.isFinite(t)) return t > 0 ? 1 : 0;
  const sum = degrees + t * t;
  const tail = 0.5 * betaShare(degrees / 2, 0.5, degrees / sum, (t * t) / sum);
  return t < 0 ? tail : 1 - tail;
}

/** Quantile of Student's t with `degrees` > 0 degrees of freedom at p in [0, 1]. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1 && degrees > 0)) {
    throw new InputError(
      `studentQuantile: expected p in [0, 1] and degrees above 0, got ${p} and ${degrees}.`,
    );
  }
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const logScale =
    logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * log(degrees * Math.PI);
  const pdf = (t: number): number => exp(logScale - ((degrees + 1) / 2) * log1p((t * t) / degrees));
  return invertCdf((t) => studentCdf(t, degrees), pdf, p, {
    guess: normalQuantile(p),
    low: Number.NEGATIVE_INFINITY,
    high: 0,
  });
}

import { exp, log, log1p, pow } from "./elementary.ts";
import { InputError, NumericalError } from "./errors.ts";
import { invertCdf } from "./invert-cdf.ts";
import { normalQuantile } from "./special.ts";

/** zeta(k) - 1 for k = 2, 3, ...; evaluated with 40 digits. */
// prettier-ignore
const zetaMinusOne = [0.64493406684822644, 0.20205690315959429, 0.082323233711138192, 0.036927755143369926, 0.01734306198444914, 0.0083492773819228268, 0.0040773561979443394, 0.0020083928260822144, 0.00099457512781808534, 0.00049418860411946456, 0.0002460865533080483, 0.00012271334757848915, 6.1248135058704829e-5, 3.0588236307020494e-5, 1.5282259408651872e-5, 7.6371976378997623e-6, 3.8172932649998399e-6, 1.9082127165539389e-6, 9.5396203387279611e-7, 4.7693298678780646e-7, 2.3845050272773299e-7, 1.1921992596531107e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365041e-8, 7.4507117898354295e-9, 3.7253340247884571e-9, 1.862659723513049e-9];
const eulerGamma = 0.5772156649015329;
const halfLogTwoPi = 0.9189385332046728;

/** log Gamma(2 + z) for |z| <= 1/2 by its Taylor series (DLMF 5.7.3). */
function logGammaNearTwo(z: number): number {
  let sum = 0;
  for (let k = zetaMinusOne.length + 1; k >= 2; k--) {
    sum = -z * sum + zetaMinusOne[k - 2] / k;
  }
  return z * (1 - eulerGamma + z * sum);
}

/** log Gamma(x) - (x - 1/2) log x + x - log(2 pi) / 2 for x >= 8 (DLMF 5.11.1). */
function stirlingCorrection(x: number): number {
  const y = 1 / (x * x);
  let sum = -3617 / 122400;
  sum = sum * y + 1 / 156;
  sum = sum * y - 691 / 360360;
  sum = sum * y + 1 / 1188;
  sum = sum * y - 1 / 1680;
  sum = sum * y + 1 / 1260;
  sum = sum * y - 1 / 360;
  sum = sum * y + 1 / 12;
  return sum / x;
}

/**
 * Logarithm of the gamma function for x > 0; Infinity at 0 and at Infinity, NaN below 0.
 * Source: NIST Digital Library of Mathematical Functions (2010), 5.7.3, 5.11.1 and 5.5.1.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < 0.5) return logGammaNearTwo(x) - log1p(x) - log(x);
  if (x < 1.5) return logGammaNearTwo(x - 1) - log1p(x - 1);
  if (x < 8) {
    let y = x;
    let product = 1;
    while (y >= 2.5) {
      y -= 1;
      product *= y;
    }
    return log(product) + logGammaNearTwo(y - 2);
  }
  if (x === Number.POSITIVE_INFINITY) return x;
  return (x - 0.5) * (log(x) - 1) - 0.5 + halfLogTwoPi + stirlingCorrection(x);
}

/**
 * Derivative of `logGamma` for x > 0; -Infinity at 0, NaN below.
 * Source: NIST Digital Library of Mathematical Functions (2010), 5.11.2 and 5.5.2.
 */
export function digamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift += 1 / z;
  const y = 1 / (z * z);
  let sum = -3617 / 8160;
  sum = sum * y + 1 / 12;
  sum = sum * y - 691 / 32760;
  sum = sum * y + 1 / 132;
  sum = sum * y - 1 / 240;
  sum = sum * y + 1 / 252;
  sum = sum * y - 1 / 120;
  sum = sum * y + 1 / 12;
  return log(z) - 0.5 / z - y * sum - shift;
}

const maxTerms = 100_000;

/** x^a e^-x / Gamma(a + 1), without cancellation of large exponents. */
function gammaTerm(a: number, x: number): number {
  if (a < 8) return exp(a * log(x) - x - logGamma(a + 1));
  const relative = (x - a) / a;
  const exponent = Math.abs(relative) < 0.5 ? log1p(relative) - relative : log(x / a) - relative;
  return exp(a * exponent - stirlingCorrection(a)) / Math.sqrt(2 * Math.PI * a);
}

/** P(a, x) by its power series (DLMF 8.11.4); for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < maxTerms; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < 1e-17 * sum) return sum * gammaTerm(a, x);
  }
  throw new NumericalError(`gammaP: the series did not converge at a = ${a}, x = ${x}.`);
}

/** Q(a, x) by its continued fraction (DLMF 8.9.2, evaluated by Lentz's method); for x >= a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < maxTerms; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b || 1e-300);
    c = b + numerator / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) return fraction * a * gammaTerm(a, x);
  }
  throw new NumericalError(`gammaQ: the fraction did not converge at a = ${a}, x = ${x}.`);
}

function checkGammaArguments(who: string, a: number, x: number): void {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY && x >= 0)) {
    throw new InputError(`${who}: expected a > 0 and x >= 0, got ${a} and ${x}.`);
  }
}

/** Regularised lower incomplete gamma function P(a, x): the share of Gamma(a) that lies below x. */
export function gammaP(a: number, x: number): number {
  checkGammaArguments("gammaP", a, x);
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate in the upper tail. */
export function gammaQ(a: number, x: number): number {
  checkGammaArguments("gammaQ", a, x);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** Probability that a chi-square number with `degrees` degrees of freedom is at most x. */
export function chiSquareCdf(x: number, degrees: number): number {
  return gammaP(degrees / 2, x / 2);
}

/**
 * Quantile of the chi-square distribution with `degrees` > 0 degrees of freedom at p in [0, 1].
 * Source of the first guess: E. B. Wilson, M. M. Hilferty, PNAS 17, 684 (1931), doi:10.1073/pnas.17.12.684.
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1 && degrees > 0)) {
    throw new InputError(
      `chiSquareQuantile: expected p in [0, 1] and degrees above 0, got ${p} and ${degrees}.`,
    );
  }
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const a = degrees / 2;
  const spread = 2 / (9 * degrees);
  const root = 1 - spread + normalQuantile(p) * Math.sqrt(spread);
  // Far in the lower tail P(a, x) is nearly x^a / Gamma(a + 1).
  const guess =
    root > 0.2 ? degrees * root * root * root : 2 * pow(p, 1 / a) * exp(logGamma(a + 1) / a);
  return invertCdf(
    (x) => gammaP(a, x / 2),
    (x) => (gammaTerm(a, x / 2) * a) / x,
    p,
    { guess: Math.max(guess, Number.MIN_VALUE), low: 0, high: Number.POSITIVE_INFINITY },
  );
}

import { erfc, erfcx, exp, log, log1p } from "./elementary.ts";

// The standard normal distribution.

const inverseRootTwoPi = 0.3989422804014327;
const rootTwoOverPi = 0.7978845608028654;

/** exp(-x^2 / 2), split so that rounding x^2 costs no digits in the tails. */
function gauss(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  if (!Number.isFinite(head)) return Number.isNaN(x) ? x : 0;
  return exp(-0.5 * head * head) * exp(-0.5 * (x - head) * (x + head));
}

/** Density of the standard normal distribution. */
export function normalPdf(x: number): number {
  return inverseRootTwoPi * gauss(x);
}

/** Probability that a standard normal number is at most x; accurate in the lower tail too. */
export function normalCdf(x: number): number {
  return x < -1 ? 0.5 * erfcx(-x * Math.SQRT1_2) * gauss(x) : 0.5 * erfc(-x * Math.SQRT1_2);
}

/** Logarithm of `normalCdf`, also where that is too small for a number (x below -38). */
export function normalLogCdf(x: number): number {
  if (x < -1) return log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
  return log1p(-normalCdf(-x)) + 0;
}

/** `normalPdf / normalCdf`, the slope of `normalLogCdf`; accurate in the lower tail, where it grows like -x. */
export function normalLogCdfSlope(x: number): number {
  if (x < -1) return rootTwoOverPi / erfcx(-x * Math.SQRT1_2);
  return normalPdf(x) / normalCdf(x);
}

/**
 * Standard normal quantile; accurate to about 1e-16 relative.
 * Source: M. J. Wichura, Appl. Stat. 37, 477 (1988), algorithm AS 241 (PPND16), doi:10.2307/2347330.
 * @param p probability in (0, 1); 0 and 1 give minus and plus infinity
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centreTop, r)) / polynomial(centreBottom, r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail <= 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-log(tail));
  const x =
    r <= 5
      ? polynomial(middleTop, r - 1.6) / polynomial(middleBottom, r - 1.6)
      : polynomial(farTop, r - 5) / polynomial(farBottom, r - 5);
  return q < 0 ? -x : x;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i];
  return value;
}

// prettier-ignore
const centreTop = [3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
  45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727];
// prettier-ignore
const centreBottom = [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
  21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852545925];
// prettier-ignore
const middleTop = [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4];
// prettier-ignore
const middleBottom = [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
  0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9];
// prettier-ignore
const farTop = [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
  0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7];
// prettier-ignore
const farBottom = [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
  7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15];

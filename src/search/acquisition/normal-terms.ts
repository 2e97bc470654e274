import { erfcx, exp, log, log1p } from "../../core/elementary.ts";
import { normalCdf, normalLogCdf, normalLogCdfSlope, normalPdf } from "../../core/special.ts";

// Expectations under one normal distribution, in logarithms and without loss of digits in the tails.

/** A quantity with its derivatives by the mean and the standard deviation of a normal distribution. */
export interface NormalTerm {
  readonly value: number;
  readonly byMean: number;
  readonly byStd: number;
}

const halfLogTwoPi = 0.9189385332046727;
const rootHalfPi = 1.2533141373155003;
/** Below it the series is exact to rounding and the closed form no longer is. */
const seriesBelow = -50;

/**
 * log h(z), h(z) = pdf(z) + z cdf(z) = E[max(0, z + N(0, 1))], for every z.
 * Source: S. Ament et al., Unexpected improvements to expected improvement for Bayesian optimization,
 * NeurIPS 2023, eq. 9; the series is that of the error function, M. Abramowitz, I. A. Stegun (1964), 26.2.12.
 */
export function logH(z: number): number {
  if (z > -1) return log(normalPdf(z) + z * normalCdf(z));
  if (z < seriesBelow) {
    return -0.5 * z * z - halfLogTwoPi - 2 * log(-z) + log(series(1 / (z * z)));
  }
  return -0.5 * z * z - halfLogTwoPi + log(1 + z * millsRatio(z));
}

/** Derivative of `logH`: cdf(z) / h(z). */
export function logHSlope(z: number): number {
  if (z > -1) return normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
  if (z < seriesBelow) {
    const a = 1 / (z * z);
    return (-z * (1 - a * (1 - a * (3 - 15 * a)))) / series(a);
  }
  const ratio = millsRatio(z);
  return ratio / (1 + z * ratio);
}

/** cdf / pdf. */
const millsRatio = (z: number): number => rootHalfPi * erfcx(-z * Math.SQRT1_2);

const series = (a: number): number => 1 - a * (3 - a * (15 - 105 * a));

/** log E[max(0, limit - y)] for y ~ N(mean, std). */
export function logExpectedBelow(limit: number, mean: number, std: number): NormalTerm {
  const z = (limit - mean) / std;
  const slope = logHSlope(z);
  return { value: log(std) + logH(z), byMean: -slope / std, byStd: (1 - z * slope) / std };
}

/** Narrower intervals (in stds) are taken as points, where differences would cancel. */
const narrow = 1e-4;

/**
 * log P(low <= y <= high) for y ~ N(mean, std); a limit may be infinite.
 * @param std above 0
 */
export function logChanceBetween(low: number, high: number, mean: number, std: number): NormalTerm {
  const [a, b] = [(low - mean) / std, (high - mean) / std];
  const value = logInterval(a, b);
  const [fromLow, fromHigh] = [densityOver(a, value), densityOver(b, value)];
  const byMean = (fromLow - fromHigh) / std;
  if (b - a < narrow) {
    const middle = 0.5 * (a + b);
    return { value, byMean: middle / std, byStd: (middle * middle - 1) / std };
  }
  const weighted = (x: number, density: number): number => (Number.isFinite(x) ? x * density : 0);
  return { value, byMean, byStd: (weighted(a, fromLow) - weighted(b, fromHigh)) / std };
}

/** pdf(x) over the exponential of `value`, which may both underflow. */
function densityOver(x: number, value: number): number {
  return Number.isFinite(x) ? exp(-0.5 * x * x - halfLogTwoPi - value) : 0;
}

function logInterval(a: number, b: number): number {
  if (a > 0) return logInterval(-b, -a);
  if (b - a < narrow) return -0.125 * (a + b) * (a + b) - halfLogTwoPi + log(b - a);
  if (b === Number.POSITIVE_INFINITY) return a === Number.NEGATIVE_INFINITY ? 0 : normalLogCdf(-a);
  if (a === Number.NEGATIVE_INFINITY) return normalLogCdf(b);
  if (b > 0) return log1p(-normalCdf(a) - normalCdf(-b));
  const top = normalLogCdf(b);
  return top + log1p(-exp(normalLogCdf(a) - top));
}

/**
 * log E[max(0, reach - distance of y from low ... high)] for y ~ N(mean, std): how much nearer than `reach` y
 * comes to an interval (or a value). Exact: the integrand is a sum of four hinges, each of which has
 * expectation std h(z).
 * @param reach above 0
 */
export function logExpectedNearer(
  low: number,
  high: number,
  reach: number,
  mean: number,
  std: number,
): NormalTerm {
  if (mean > 0.5 * (low + high)) {
    const mirrored = logExpectedNearer(-high, -low, reach, -mean, std);
    return { ...mirrored, byMean: -mirrored.byMean };
  }
  if (reach + (high - low) < narrow * std) {
    // A narrow hat: its area times the density.
    const z = (0.5 * (low + high) - mean) / std;
    const value = log(reach * (reach + high - low)) - log(std) - 0.5 * z * z - halfLogTwoPi;
    return { value, byMean: z / std, byStd: (z * z - 1) / std };
  }
  const ends = [low - reach, low, high, high + reach].map((end) => (mean - end) / std);
  const signs = [1, -1, -1, 1];
  const logs = ends.map(logH);
  const shares = logs.map((value, k) => signs[k] * exp(value - logs[0]));
  const sum = shares[0] + shares[1] + shares[2] + shares[3];
  const bySlope = shares.map((share, k) => (share / sum) * logHSlope(ends[k]));
  const byMean = bySlope.reduce((total, slope) => total + slope, 0) / std;
  const byStd = (1 - bySlope.reduce((total, slope, k) => total + slope * ends[k], 0)) / std;
  return { value: log(std) + logs[0] + log(sum), byMean, byStd };
}

/** log cdf((limit - y) / std) as a term; the chance to lie below a limit. */
export function logChanceBelow(limit: number, mean: number, std: number): NormalTerm {
  const z = (limit - mean) / std;
  const slope = normalLogCdfSlope(z);
  return { value: normalLogCdf(z), byMean: -slope / std, byStd: (-z * slope) / std };
}

/** E[distance of y from low ... high] for y ~ N(mean, std). */
export function expectedDistance(low: number, high: number, mean: number, std: number): NormalTerm {
  const [below, above] = [(low - mean) / std, (mean - high) / std];
  const [pBelow, pAbove] = [normalCdf(below), normalCdf(above)];
  const density = normalPdf(below) + normalPdf(above);
  return {
    value: std * (density + below * pBelow + above * pAbove),
    byMean: pAbove - pBelow,
    byStd: density,
  };
}

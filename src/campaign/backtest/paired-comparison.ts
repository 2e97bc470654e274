import type { Rng } from "../../core/rng.ts";
import { mean, quantileSorted } from "../../core/statistics.ts";
import type { PairedComparison } from "./contract.ts";

const resamples = 2000;
const level = 0.95;
/** Differences are called real below this chance. */
const significance = 0.05;

/**
 * How two arms differ over paired seeds: the mean difference with its bootstrap interval, and the chance of one as
 * large when the sign of every seed's difference is a coin toss.
 * Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 15.
 * @param planner what each seed reached after 1, 2, ... experiments, larger is better
 * @param random the same of random designs with the same start
 */
export function pairedComparison(
  figure: string,
  planner: readonly ArrayLike<number>[],
  random: readonly ArrayLike<number>[],
  rng: Rng,
): PairedComparison {
  const steps = Math.min(...[...planner, ...random].map(({ length }) => length));
  const differences = Array.from({ length: steps }, (_, i) =>
    Float64Array.from(planner, (arm, s) => arm[i]! - random[s]![i]!),
  );
  // One set of resamples for the whole curve.
  const draws = Array.from({ length: resamples }, () =>
    Int32Array.from(planner, () => rng.integer(planner.length)),
  );
  const curve = differences.map((at) => ({ mean: mean(at), ...interval(at, draws) }));
  const last = differences.at(-1)!;
  const end = curve.at(-1)!;
  const pValue = signFlip(last, rng.fork("signs"));
  const verdict =
    pValue >= significance ? "no difference shown" : end.mean > 0 ? "better" : "worse";
  return { figure, difference: end.mean, low: end.low, high: end.high, pValue, verdict, curve };
}

function interval(values: Float64Array, draws: readonly Int32Array[]) {
  const means = Float64Array.from(draws, (draw) => {
    let sum = 0;
    for (const i of draw) sum += values[i]!;
    return sum / draw.length;
  }).sort();
  return {
    low: quantileSorted(means, 0.5 - level / 2),
    high: quantileSorted(means, 0.5 + level / 2),
  };
}

/** Two-sided; sums that are equal but for rounding count as equal. */
function signFlip(values: Float64Array, rng: Rng): number {
  let own = 0;
  let size = 0;
  for (const value of values) {
    own += value;
    size += Math.abs(value);
  }
  const limit = Math.abs(own) - 1e-9 * size;
  let asLarge = 0;
  for (let k = 0; k < resamples; k++) {
    let sum = 0;
    for (const value of values) sum += rng.uniform() < 0.5 ? value : -value;
    if (Math.abs(sum) >= limit) asLarge++;
  }
  return (asLarge + 1) / (resamples + 1);
}

import { log } from "../../core/elementary.ts";
import type { ObjectiveWithGradient } from "../../core/optimise/minimise.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import {
  parameterBounds,
  parameterCount,
  startingParameters,
  type CovarianceModel,
} from "./covariance-model.ts";
import { search, tryoutRows, type Optimum, type SearchOptions } from "./likelihood-search.ts";
import { hasVarianceParameter, marginalLikelihood } from "./marginal-likelihood.ts";
import { takeSample, type Sample } from "./merge-rows.ts";

/**
 * Noise variance over signal variance. The lower bound keeps the condition number below about 1e8 n,
 * which double precision factorises; the upper one is pure noise.
 */
export const noiseRatioBounds = { lower: 1e-8, upper: 1e3 } as const;

/** Signal variance of standardised targets, where it is a parameter. */
export const varianceBounds = { lower: 1e-4, upper: 1e6 } as const;

/**
 * Covariance, noise and (with known noise) signal variance of largest marginal likelihood (type II maximum
 * likelihood, no prior beside the bounds): the first start has length scales sqrt(d) and noise ratio 0.01,
 * the others are drawn around it. With more than 150 rows the starts are tried on a random 150 of them.
 * @param from where the only start is, instead of drawn ones
 */
export async function fitHyperParameters(
  model: CovarianceModel,
  sample: Sample,
  options: SearchOptions,
  rng: Rng,
  work: Work,
  from?: Float64Array,
): Promise<Optimum> {
  const rows = sample.y.length;
  const objectiveOf = (of: Sample) => exactObjective(model, of);
  const isLarge = rows > tryoutRows && from === undefined;
  const tryout = isLarge ? takeSample(sample, chooseRows(sample, tryoutRows, rng)) : undefined;
  const first = startingPoint(model, sample);
  const problem = {
    rows,
    all: objectiveOf(sample),
    some: tryout && { rows: tryout.y.length, objective: objectiveOf(tryout) },
    lower: searchBounds(model, sample, "lower"),
    upper: searchBounds(model, sample, "upper"),
    start: (s: number): Float64Array => {
      if (from !== undefined) return from;
      if (s === 0) return first;
      const draw = rng.fork(`start ${s}`);
      const isNoise = (k: number): boolean => k >= parameterCount(model);
      return first.map((value, k) => value + (isNoise(k) ? 3 : 1) * draw.normal());
    },
  };
  return search(problem, from === undefined ? options : { ...options, starts: 1 }, work);
}

/** Minus the log marginal likelihood of a sample. */
export function exactObjective(model: CovarianceModel, sample: Sample): ObjectiveWithGradient {
  return (point, gradient) => {
    const at = marginalLikelihood(model, sample, point);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -at.gradient[k];
    return -at.value;
  };
}

/** The lower or upper bound of every parameter of the search. */
export function searchBounds(
  model: CovarianceModel,
  sample: Sample,
  side: "lower" | "upper",
): Float64Array {
  const noise = new Float64Array(model.sources).fill(log(noiseRatioBounds[side]));
  const variance = hasVarianceParameter(sample) ? [log(varianceBounds[side])] : [];
  return Float64Array.of(...parameterBounds(model, side), ...noise, ...variance);
}

/** Random rows, of several sources in turn as long as there are any. */
function chooseRows(sample: Sample, count: number, rng: Rng): Int32Array {
  const order = rng.fork("rows").permutation(sample.y.length);
  const { source } = sample.places;
  if (source === undefined) return order.subarray(0, count);
  const rank = new Map<number, number>();
  const turn = Array.from(order, (row) => {
    const s = source[sample.placeOf[row]];
    const at = rank.get(s) ?? 0;
    rank.set(s, at + 1);
    return { row, at };
  });
  turn.sort((a, b) => a.at - b.at);
  return Int32Array.from(turn.slice(0, count), ({ row }) => row);
}

/** Rows of a source from which its spread is told. */
const rowsForSpread = 5;

function startingPoint(model: CovarianceModel, sample: Sample): Float64Array {
  const { y, placeOf, places, knownVariance } = sample;
  const spreads = new Float64Array(model.sources).fill(1);
  for (let s = 0; s < model.sources && places.source !== undefined; s++) {
    const values = y.filter((_, i) => places.source![placeOf[i]] === s);
    if (values.length < rowsForSpread) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    spreads[s] = Math.min(20, Math.max(0.05, Math.sqrt(squares / values.length)));
  }
  const noise = spreads.map((spread) => log(1e-2 * spread * spread));
  const variance = knownVariance === undefined ? [] : [0];
  return Float64Array.of(...startingParameters(model, spreads), ...noise, ...variance);
}

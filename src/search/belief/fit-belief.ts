import { exp, log } from "../../core/elementary.ts";
import { InputError, ShapeError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { mean, standardDeviation } from "../../core/statistics.ts";
import type { Work } from "../../core/work.ts";
import type { Column } from "../../space/contract.ts";
import type { CovarianceModel } from "../../surrogates/gaussian-process/covariance-model.ts";
import { exactObjective } from "../../surrogates/gaussian-process/fit-hyper-parameters.ts";
import {
  search,
  tryoutRows,
  type Optimum,
} from "../../surrogates/gaussian-process/likelihood-search.ts";
import {
  findPlaces,
  mergeRows,
  takeSample,
  type Sample,
} from "../../surrogates/gaussian-process/merge-rows.ts";
import type { Belief } from "./contract.ts";
import type { SmoothCorrelation } from "./correlate.ts";
import { embeddingOf, placeRows, type Embedding } from "./embedding.ts";
import { gaussianBelief } from "./gaussian-belief.ts";
import { penalised, type NormalPrior } from "./priors.ts";

export interface FitBeliefOptions {
  readonly rng: Rng;
  /** `matern-5/2` when absent. */
  readonly correlation?: SmoothCorrelation;
  readonly work?: Work;
  /** Known standard deviation of the noise of each value, in its unit; NaN = not known. */
  readonly noiseStd?: Float64Array;
  /** Spread to assume where the values do not tell one (a single value, equal values); 1 when absent. */
  readonly scale?: number;
  /** Starts of the hyper-parameter search; 4 when absent. */
  readonly starts?: number;
  /** Where the only start is: the `parameters` of another fit on the same space. */
  readonly from?: Float64Array;
}

/** A fitted belief, and how well it fits. */
export interface FittedBelief {
  readonly belief: Belief;
  /** Log posterior density of hyper-parameters and values, the latter in their unit. */
  readonly logDensity: number;
  /** Logarithms of length scales, noise over signal variance, and signal variance. */
  readonly parameters: Float64Array;
}

/**
 * Priors on the logarithms of length scales (of ranges), of noise over signal variance, and of the signal
 * variance of standardised values. Length scales: the log-normal density of Hvarfner et al. with
 * log-mean sqrt(2) + log(d) / 2 and log-variance 3, the mode of which has the log-mean less the
 * log-variance, so that functions of many parameters are taken as no rougher than those of few. Noise:
 * between the rounding of a simulation and a tenth of the spread of a measurement.
 * Source: C. Hvarfner, E. O. Hellsten, L. Nardi, Vanilla Bayesian optimization performs great in high
 * dimensions, ICML 2024, section 5.
 */
const noisePrior: NormalPrior = { centre: log(1e-3), std: 3 };
const variancePrior: NormalPrior = { centre: 0, std: 1.5 };
export const lengthScalePrior = (dimensions: number): NormalPrior => ({
  centre: Math.SQRT2 + 0.5 * log(dimensions) - 3,
  std: Math.sqrt(3),
});

const bounds = {
  lengthScale: { lower: 5e-3, upper: 1e3 },
  noise: { lower: 1e-8, upper: 1e2 },
  variance: { lower: 1e-4, upper: 1e6 },
} as const;
const mostIterations = 100;
/** Values that hyper-parameters are fitted to, drawn at random from more; the belief itself knows all of them. */
const mostFitted = 600;

/**
 * What measured values say of a function on a space: a Gaussian process with one length scale a column, at the hyper-parameters of largest posterior density (MAP).
 * @param rows n x dimension, n >= 1; equal rows are replicates
 * @param values n finite numbers
 * @throws ShapeError or InputError for rows and values that cannot be used
 */
export async function fitBelief(
  columns: readonly Column[],
  rows: Matrix,
  values: Float64Array,
  options: FitBeliefOptions,
): Promise<FittedBelief> {
  requireValues(columns, rows, values, options);
  const embedding = embeddingOf(columns, rows);
  const unit = unitOf(values, options.scale ?? 1);
  const sample = sampleOf(embedding, rows, values, unit.scale, unit.offset, options.noiseStd);
  const optimum = await fitParameters(embedding, sample, options);
  const [lengthScales, noise, variance] = [
    optimum.point.slice(0, embedding.scales).map(exp),
    exp(optimum.point[embedding.scales]),
    exp(optimum.point[embedding.scales + 1]),
  ];
  const merged = mergeRows(sample, Float64Array.of(noise), variance);
  const belief = gaussianBelief({
    embedding,
    correlation: options.correlation ?? "matern-5/2",
    lengthScales,
    variance,
    noise,
    points: sample.places.points,
    targets: merged.target,
    noises: merged.noise,
    unit,
    summary: {
      measurements: values.length,
      logPosterior: optimum.likelihood,
      iterations: optimum.iterations,
      converged: optimum.converged ? "yes" : "no",
    },
  });
  const logDensity = optimum.likelihood - values.length * log(unit.scale);
  return { belief, logDensity, parameters: optimum.point };
}

function unitOf(values: Float64Array, fallback: number): { offset: number; scale: number } {
  const offset = mean(values);
  const spread = values.length > 1 ? standardDeviation(values) : 0;
  // Differences within rounding are none.
  const isSpread = spread > 1e-12 * Math.max(Math.abs(offset), fallback);
  return { offset, scale: isSpread ? spread : fallback };
}

function sampleOf(
  embedding: Embedding,
  rows: Matrix,
  values: Float64Array,
  scale: number,
  offset: number,
  noiseStd: Float64Array | undefined,
): Sample {
  const known = (i: number): number => noiseStd?.[i] ?? Number.NaN;
  return {
    ...findPlaces(placeRows(embedding, rows)),
    y: values.map((value) => (value - offset) / scale),
    // Zeros make the signal variance a parameter, which has a prior of its own.
    knownVariance: values.map((_, i) => {
      const std = Number.isNaN(known(i)) ? 0 : known(i) / scale;
      return std * std;
    }),
    noiseFactor: values.map((_, i) => (known(i) >= 0 ? leastNoiseShare : 1)),
  };
}

/** Known noise takes the place of the fitted one, all but a little that keeps the covariance regular. */
const leastNoiseShare = 1e-3;

async function fitParameters(
  embedding: Embedding,
  values: Sample,
  { rng, work = {}, starts = 4, from, correlation = "matern-5/2" }: FitBeliefOptions,
): Promise<Optimum> {
  const { scales, scaleOf } = embedding;
  const model: CovarianceModel = { kernel: correlation, scaleOf, scales, sources: 1, rank: 1 };
  const priors = [
    ...Array.from({ length: scales }, () => lengthScalePrior(scales)),
    noisePrior,
    variancePrior,
  ];
  const objectiveOf = (of: Sample) => penalised(exactObjective(model, of), priors);
  const limits = (side: "lower" | "upper"): Float64Array =>
    Float64Array.from(priors, (_, k) =>
      log(
        k < scales
          ? bounds.lengthScale[side]
          : k === scales
            ? bounds.noise[side]
            : bounds.variance[side],
      ),
    );
  const n = Math.min(mostFitted, values.y.length);
  const sample =
    n < values.y.length
      ? takeSample(values, rng.fork("fitted").permutation(values.y.length).slice(0, n))
      : values;
  const some =
    n > tryoutRows
      ? takeSample(sample, rng.fork("tryout").permutation(n).slice(0, tryoutRows))
      : undefined;
  return search(
    {
      rows: n,
      all: objectiveOf(sample),
      some: some && { rows: some.y.length, objective: objectiveOf(some) },
      lower: limits("lower"),
      upper: limits("upper"),
      start: (s) => {
        if (from !== undefined) return from;
        const draw = rng.fork(`start ${s}`);
        return Float64Array.from(priors, ({ centre, std }, k) => {
          const middle = k < scales ? 0.5 * log(scales) - Math.LN2 : centre;
          return s === 0 ? middle : middle + 0.5 * std * draw.normal();
        });
      },
    },
    { starts: from === undefined ? starts : 1, maxIterations: mostIterations },
    work,
  );
}

function requireValues(
  columns: readonly Column[],
  rows: Matrix,
  values: Float64Array,
  { noiseStd }: FitBeliefOptions,
): void {
  const n = rows.rows;
  if (rows.columns !== columns.length || values.length !== n) {
    throw new ShapeError(
      `fitBelief: expected n x ${columns.length} rows and n values, got ${n} x ${rows.columns} and ${values.length}.`,
    );
  }
  if (noiseStd !== undefined && noiseStd.length !== n) {
    throw new ShapeError(`fitBelief: expected ${n} noises, got ${noiseStd.length}.`);
  }
  const negative = noiseStd?.find((std) => std < 0);
  if (negative !== undefined) {
    throw new InputError(`fitBelief: expected noises of 0 or more, or NaN, got ${negative}.`);
  }
  if (n === 0) throw new InputError("fitBelief: expected at least one value, got none.");
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(`fitBelief: expected finite values, got ${values[bad]} at ${bad}.`);
  }
}

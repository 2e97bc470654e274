import { exp, log } from "../../core/elementary.ts";
import { InputError, ShapeError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { mean, standardDeviation } from "../../core/statistics.ts";
import { stage, type Work } from "../../core/work.ts";
import type { Column } from "../../space/contract.ts";
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
import {
  covarianceOf,
  covarianceParameters,
  fittedEmbedding,
  type HyperParameter,
} from "./hyper-parameters.ts";
import { freePlaces, priceOfPlaces, startWithPlaces, withoutPlaces } from "./learned-places.ts";
import { penalised } from "./priors.ts";

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
  /** Logarithms of length scales, places of learned words, logarithms of noise over signal variance, and signal variance. */
  readonly parameters: Float64Array;
}

/**
 * Priors on the logarithms of noise over signal variance, and of the signal variance of standardised values. Noise:
 * between the rounding of a simulation and a tenth of the spread of a measurement.
 */
const noiseParameter: HyperParameter = {
  centre: log(1e-3),
  std: 3,
  lower: log(1e-8),
  upper: log(1e2),
  start: log(1e-3),
};
const varianceParameter: HyperParameter = {
  centre: 0,
  std: 1.5,
  lower: log(1e-4),
  upper: log(1e6),
  start: 0,
};

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
  const beliefAt = (optimum: Optimum): Belief => {
    const fitted = fittedEmbedding(embedding, optimum.point);
    const [noise, variance] = optimum.point.subarray(-2).map(exp);
    const merged = mergeRows(sample, Float64Array.of(noise), variance);
    return gaussianBelief({
      embedding: fitted.embedding,
      correlation: options.correlation ?? "matern-5/2",
      lengthScales: fitted.lengthScales,
      variance,
      noise,
      points: findPlaces(placeRows(fitted.embedding, rows)).places.points,
      targets: merged.target,
      noises: merged.noise,
      unit,
      summary: {
        measurements: values.length,
        logPosterior: optimum.likelihood,
        iterations: optimum.iterations,
        converged: optimum.converged ? "yes" : "no",
        ...fitted.summary,
      },
    });
  };
  const optimum = await fitParameters(embedding, rows, sample, options, beliefAt);
  const logDensity = optimum.likelihood - values.length * log(unit.scale);
  return { belief: beliefAt(optimum), logDensity, parameters: optimum.point };
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

/** The hyper-parameters of largest posterior density; places of words are learned where that is worth it. */
async function fitParameters(
  embedding: Embedding,
  rows: Matrix,
  sample: Sample,
  options: FitBeliefOptions,
  beliefAt: (optimum: Optimum) => Belief,
): Promise<Optimum> {
  const { learned, scales } = embedding;
  const { from } = options;
  const wasLearned = from?.subarray(scales, -2).some((place) => place !== 0) ?? false;
  if (learned.length === 0 || wasLearned) return searchParameters(embedding, sample, options);
  if (from !== undefined) {
    const begin = Float64Array.of(...from.subarray(0, scales), ...from.subarray(-2));
    const plain = { ...embedding, learned: [] };
    const found = await searchParameters(plain, sample, { ...options, from: begin });
    return { ...found, point: withoutPlaces(embedding, found.point) };
  }
  const part = (from: number, to: number): FitBeliefOptions => ({
    ...options,
    work: stage(options.work ?? {}, from, to),
  });
  const together = await searchParameters({ ...embedding, learned: [] }, sample, part(0, 0.2));
  const oneHot = { ...together, point: withoutPlaces(embedding, together.point) };
  const free = freePlaces(embedding, sample);
  // So many coordinates do not follow from fewer values.
  if (free === 0 || sample.y.length <= free) return oneHot;
  const belief = beliefAt(oneHot);
  const further = { ...part(0.2, 1), starts: 2 };
  const apart = await searchParameters(embedding, sample, further, (s) => {
    const draw = options.rng.fork(`places ${s}`);
    const noise = (): number => (s === 0 ? 0 : draw.normal());
    return startWithPlaces(embedding, together.point, belief, rows, noise);
  });
  const gain = apart.likelihood - together.likelihood;
  return gain > priceOfPlaces(free, sample) ? apart : oneHot;
}

async function searchParameters(
  embedding: Embedding,
  values: Sample,
  { rng, work = {}, starts = 4, from, correlation = "matern-5/2" }: FitBeliefOptions,
  begin?: (s: number) => Float64Array,
): Promise<Optimum> {
  const model = covarianceOf(embedding, correlation);
  const parameters = [...covarianceParameters(embedding), noiseParameter, varianceParameter];
  const objectiveOf = (of: Sample) => penalised(exactObjective(model, of), parameters);
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
      lower: Float64Array.from(parameters, ({ lower }) => lower),
      upper: Float64Array.from(parameters, ({ upper }) => upper),
      start: (s) => {
        if (from !== undefined) return from;
        if (begin !== undefined) return begin(s);
        const draw = rng.fork(`start ${s}`);
        return Float64Array.from(parameters, ({ start, std }) =>
          s === 0 ? start : start + 0.5 * std * draw.normal(),
        );
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

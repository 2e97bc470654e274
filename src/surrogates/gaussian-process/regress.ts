import { log } from "../../core/elementary.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { FitInput, Prediction, SavedState, Surrogate } from "../contract.ts";
import type { StateReader } from "../saved-state.ts";
import { standardise } from "../standardise.ts";
import {
  coregionalisation,
  shapeOf,
  type CovarianceModel,
  type Places,
} from "./covariance-model.ts";
import { fitHyperParameters } from "./fit-hyper-parameters.ts";
import type { Optimum } from "./likelihood-search.ts";
import { findPlaces, type Sample } from "./merge-rows.ts";
import type { GaussianProcessOptions } from "./options.ts";
import { condition, type Posterior, type PosteriorState } from "./posterior.ts";
import { loadParameters, loadPlaces, savePlaces } from "./saved.ts";
import { stateAt } from "./state-at.ts";
import { fitStudentT } from "./student-t.ts";

/** Targets as `mean + scale z` of the standardised z, and their noise. */
export interface TargetScale {
  readonly mean: number;
  readonly scale: number;
  /** Std of the noise of each source, in the unit of the targets. */
  readonly noiseStd: Float64Array;
}

/** A regression, ready to predict. */
export interface Regression {
  readonly state: PosteriorState;
  readonly target: TargetScale;
  readonly predict: (places: Places) => Prediction;
  /** Derivative of the mean by each coordinate of the places, n x q. */
  readonly slope: (places: Places) => Matrix;
}

/** Fits numbers. The summary's `logMarginalLikelihood` is of the targets in the caller's unit. */
export async function fitRegression(
  name: string,
  model: CovarianceModel,
  places: Places,
  { y, noiseStd, rng, columns, work = {} }: FitInput,
  options: GaussianProcessOptions,
): Promise<{ readonly regression: Regression; readonly summary: Surrogate["summary"] }> {
  const isRobust = options.noise === "student-t";
  if (isRobust && noiseStd !== undefined) {
    throw new UnsupportedError(`${name}.fit: takes known noise only with noise "gaussian".`, {
      path: "noiseStd",
      hint: "Leave out the known noise, or the option noise.",
    });
  }
  const { values, mean, scale } = standardise(y);
  const knownVariance = noiseStd?.map((std) => (std / scale) * (std / scale));
  const plain: Sample = { ...findPlaces(places.points, places.source), y: values, knownVariance };
  const { degreesOfFreedom } = options;
  const robust = isRobust
    ? await fitStudentT(model, plain, degreesOfFreedom, options, rng, work)
    : undefined;
  const sample = robust?.sample ?? plain;
  const optimum = robust?.optimum ?? (await fitHyperParameters(model, plain, options, rng, work));
  const { state, noise } = stateAt(model, sample, optimum.point);
  const spread = isRobust ? degreesOfFreedom / (degreesOfFreedom - 2) : 1;
  const known =
    knownVariance === undefined ? 0 : knownVariance.reduce((sum, v) => sum + v / y.length, 0);
  const fittedStd = noise.map((ratio) => scale * Math.sqrt(ratio * state.signalVariance));
  const std = noise.map((r) => scale * Math.sqrt(r * state.signalVariance * spread + known));
  const target = { mean, scale, noiseStd: std };
  const { regression, posterior } = regressionOf(state, target);
  const levels = columns?.find(({ kind }) => kind === "source")?.levels;
  return {
    regression,
    summary: {
      places: sample.places.points.rows,
      // With Student-t noise the likelihood is known only given the expected precisions.
      ...(isRobust ? {} : { logMarginalLikelihood: optimum.likelihood - y.length * log(scale) }),
      signalStd: scale * Math.sqrt(state.signalVariance),
      ...(model.sources === 1 ? { noiseStd: fittedStd[0] } : {}),
      ...(noiseStd === undefined ? {} : { knownNoiseStd: scale * Math.sqrt(known) }),
      ...(robust === undefined ? {} : { degreesOfFreedom, ...outliersOf(robust.precision) }),
      ...(model.sources > 1 ? sourceSummary(state, posterior, fittedStd, scale, levels ?? []) : {}),
      ...(model.kernel === "rational-quadratic" ? { shape: shapeOf(model, state.parameters) } : {}),
      jitter: posterior.jitter,
      ...searchSummary(optimum),
    },
  };
}

/** The regression that follows from its state. */
function regressionOf(
  state: PosteriorState,
  target: TargetScale,
): { regression: Regression; posterior: Posterior } {
  const posterior = condition(state);
  const { mean, scale, noiseStd } = target;
  const predict = (places: Places): Prediction => {
    const n = places.points.rows;
    const at = inBlocks(posterior, places);
    const noiseOf = (i: number) => noiseStd[places.source === undefined ? 0 : places.source[i]];
    return {
      mean: matrix(
        n,
        1,
        at.mean.map((m) => mean + scale * m),
      ),
      epistemicStd: matrix(
        n,
        1,
        at.variance.map((v) => scale * Math.sqrt(v)),
      ),
      aleatoricStd: matrix(
        n,
        1,
        Float64Array.from({ length: n }, (_, i) => noiseOf(i)),
      ),
    };
  };
  const slope = (places: Places): Matrix => {
    const { rows, columns, data } = posterior.slopeAt(places);
    return matrix(
      rows,
      columns,
      data.map((value) => scale * value),
    );
  };
  return { regression: { state, target, predict, slope }, posterior };
}

/** Steps of the search, for summaries. */
export function searchSummary({ iterations, converged }: Omit<Optimum, "point" | "likelihood">) {
  return { iterations, converged: converged ? "yes" : "no" };
}

/** Rows predicted at once: keeps the n x block matrices small. */
export const blockRows = 512;

/** Some of the places, from `first` on. */
export function blockOf({ points, source }: Places, first: number): Places {
  const rows = Math.min(blockRows, points.rows - first);
  const { columns, data } = points;
  return {
    points: matrix(rows, columns, data.subarray(first * columns, (first + rows) * columns)),
    source: source?.subarray(first, first + rows),
  };
}

function inBlocks(posterior: Pick<Posterior, "at">, places: Places) {
  const mean = new Float64Array(places.points.rows);
  const variance = new Float64Array(places.points.rows);
  for (let first = 0; first < places.points.rows; first += blockRows) {
    const part = posterior.at(blockOf(places, first));
    mean.set(part.mean, first);
    variance.set(part.variance, first);
  }
  return { mean, variance };
}

/** Rows whose precision is below this are named in the summary. */
const outlierPrecision = 0.2;

function outliersOf(precision: Float64Array) {
  const rows = Array.from(precision.keys()).filter((i) => precision[i] < outlierPrecision);
  return { outliers: rows.length, outlierRows: rows.slice(0, 20).join(" ") };
}

/** Offset of each source from the first, with its std; correlation of sources; noise of each. */
function sourceSummary(
  { model, parameters }: PosteriorState,
  { means, meanCovariance }: Posterior,
  noise: Float64Array,
  scale: number,
  levels: readonly string[],
): Surrogate["summary"] {
  const { sources } = model;
  const b = coregionalisation(model, parameters);
  const covariance = (s: number, t: number) => meanCovariance.data[s * sources + t];
  const describe = (value: number): string => value.toPrecision(4);
  const first = Array.from(levels.keys()).find((s) => !Number.isNaN(covariance(s, s))) ?? 0;
  const offsets = levels.map((level, s) => {
    if (Number.isNaN(covariance(s, s))) return `${level}: no rows`;
    if (s === first) return `${level}: 0`;
    const variance = covariance(s, s) + covariance(first, first) - 2 * covariance(s, first);
    const offset = scale * (means[s] - means[first]);
    return `${level}: ${describe(offset)} +- ${describe(scale * Math.sqrt(Math.max(0, variance)))}`;
  });
  const pairs: string[] = [];
  for (let s = 0; s < sources; s++) {
    for (let t = s + 1; t < sources; t++) {
      const r = b[s * sources + t] / Math.sqrt(b[s * (sources + 1)] * b[t * (sources + 1)]);
      pairs.push(`${levels[s]}, ${levels[t]}: ${r.toFixed(3)}`);
    }
  }
  return {
    sourceOffsets: offsets.join("; "),
    sourceCorrelations: pairs.join("; "),
    noiseStd: levels.map((level, s) => `${level}: ${describe(noise[s])}`).join("; "),
  };
}

export function saveRegression({ state, target }: Regression): SavedState {
  const places = savePlaces(state.places);
  return {
    settings: {
      ...places.settings,
      targetMean: target.mean,
      targetScale: target.scale,
      signalVariance: state.signalVariance,
    },
    arrays: {
      ...places.arrays,
      parameters: state.parameters,
      target: state.target,
      noise: state.noise,
      noiseStd: target.noiseStd,
    },
  };
}

export function loadRegression(state: StateReader, model: CovarianceModel): Regression {
  const places = loadPlaces(state, model);
  const rows = places.points.rows;
  const { regression } = regressionOf(
    {
      model,
      parameters: loadParameters(state, model),
      places,
      target: state.float64("target", rows),
      noise: state.float64("noise", rows),
      signalVariance: state.number("signalVariance"),
    },
    {
      mean: state.number("targetMean"),
      scale: state.number("targetScale"),
      noiseStd: state.float64("noiseStd", model.sources),
    },
  );
  return regression;
}

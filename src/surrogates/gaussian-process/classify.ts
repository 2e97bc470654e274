import { exp, log } from "../../core/elementary.ts";
import { matrix, takeRows } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, Prediction, SavedArray, SavedState, Surrogate } from "../contract.ts";
import type { StateReader } from "../saved-state.ts";
import {
  parameterBounds,
  parameterCount,
  startingParameters,
  type CovarianceModel,
  type Places,
} from "./covariance-model.ts";
import { conditionLaplace, laplaceMode, type LabelledRows, type LaplaceState } from "./laplace.ts";
import { search, tryoutRows } from "./likelihood-search.ts";
import { averageSigmoid } from "./logistic-normal.ts";
import type { GaussianProcessOptions } from "./options.ts";
import { blockOf, blockRows, searchSummary } from "./regress.ts";
import { loadNumbers, loadParameters, loadPlaces, savePlaces } from "./saved.ts";

/** Signal variance of the latent function. */
export const latentVarianceBounds = { lower: 1e-3, upper: 1e5 } as const;

/** One process for each class against the others; for two classes one alone, for the second of them. */
export interface Classification {
  readonly classes: number;
  /** Class that each process is for. */
  readonly members: readonly { readonly label: number; readonly state: LaplaceState }[];
  /** Classes that have rows. */
  readonly present: readonly number[];
  readonly predict: (places: Places) => Prediction;
}

/**
 * Fits classes: a Laplace approximation for each class that has rows against all others, of which the
 * probabilities are normalised to a sum of one. A class without rows has probability 0.
 */
export async function fitClassification(
  model: CovarianceModel,
  places: Places,
  { y, task, rng, work = {} }: FitInput,
  options: GaussianProcessOptions,
): Promise<{ readonly classification: Classification; readonly summary: Surrogate["summary"] }> {
  const present = [...new Set(y)].sort((a, b) => a - b);
  const targets = present.length === 2 ? present.slice(1) : present;
  const members: { label: number; state: LaplaceState }[] = [];
  let likelihood = 0;
  let iterations = 0;
  let converged = true;
  for (const [at, label] of targets.entries()) {
    const labels = y.map((value) => (value === label ? 1 : -1));
    const part = stage(work, at / targets.length, (at + 1) / targets.length);
    const fitted = await fitBinary(model, { places, labels }, options, rng, part);
    members.push({ label, state: fitted.state });
    likelihood += fitted.likelihood;
    iterations += fitted.iterations;
    converged &&= fitted.converged;
  }
  const classes = task.kind === "classification" ? task.classes.length : 0;
  return {
    classification: classificationOf(classes, present, members),
    summary: {
      latentStd: members.map(({ state }) => Math.sqrt(state.variance).toPrecision(4)).join(" "),
      logMarginalLikelihood: likelihood,
      ...searchSummary({ iterations, converged }),
    },
  };
}

async function fitBinary(
  model: CovarianceModel,
  rows: LabelledRows,
  options: GaussianProcessOptions,
  rng: Rng,
  work: NonNullable<FitInput["work"]>,
) {
  const n = rows.labels.length;
  const objectiveOf = (of: LabelledRows) => {
    let start: Float64Array | undefined;
    return (point: Float64Array, gradient: Float64Array): number => {
      const mode = laplaceMode(model, of, point, start);
      start = mode.weights;
      for (let k = 0; k < gradient.length; k++) gradient[k] = -mode.gradient[k];
      return -mode.value;
    };
  };
  const some = n > tryoutRows ? takeLabelled(rows, chooseRows(rows.labels, rng)) : undefined;
  const spreads = new Float64Array(model.sources).fill(1);
  const first = Float64Array.of(...startingParameters(model, spreads), log(4));
  const count = parameterCount(model);
  const optimum = await search(
    {
      rows: n,
      all: objectiveOf(rows),
      some: some && { rows: some.labels.length, objective: objectiveOf(some) },
      lower: Float64Array.of(...parameterBounds(model, "lower"), log(latentVarianceBounds.lower)),
      upper: Float64Array.of(...parameterBounds(model, "upper"), log(latentVarianceBounds.upper)),
      start: (s) => {
        if (s === 0) return first;
        const draw = rng.fork(`start ${s}`);
        return first.map((value) => value + draw.normal());
      },
    },
    options,
    work,
  );
  const { weights, rootCurvature } = laplaceMode(model, rows, optimum.point);
  const state: LaplaceState = {
    model,
    parameters: optimum.point.slice(0, count),
    variance: exp(optimum.point[count]),
    places: rows.places,
    weights,
    rootCurvature,
  };
  return { ...optimum, state };
}

/** Random rows, of both labels in turn as long as there are any. */
function chooseRows(labels: Float64Array, rng: Rng): Int32Array {
  const order = Array.from(rng.fork("rows").permutation(labels.length));
  const ranked = [-1, 1].flatMap((label) =>
    order.filter((row) => labels[row] === label).map((row, at) => ({ row, at })),
  );
  ranked.sort((a, b) => a.at - b.at);
  return Int32Array.from(ranked.slice(0, tryoutRows), ({ row }) => row);
}

function takeLabelled({ places, labels }: LabelledRows, rows: Int32Array): LabelledRows {
  const { points, source } = places;
  return {
    places: {
      points: takeRows(points, rows),
      source: source === undefined ? undefined : rows.map((row) => source[row]),
    },
    labels: Float64Array.from(rows, (row) => labels[row]),
  };
}

function classificationOf(
  classes: number,
  present: readonly number[],
  members: Classification["members"],
): Classification {
  const processes = members.map(({ label, state }) => ({
    label,
    posterior: conditionLaplace(state),
  }));
  const predict = (places: Places): Prediction => {
    const n = places.points.rows;
    const [mean, epistemicStd, aleatoricStd] = [
      matrix(n, classes),
      matrix(n, classes),
      matrix(n, classes),
    ];
    /** Variance of the probability, before it is normalised. */
    const spread = matrix(n, classes);
    const set = (i: number, label: number, p: number, between: number): void => {
      mean.data[i * classes + label] = p;
      spread.data[i * classes + label] = Math.max(0, between);
    };
    for (let first = 0; first < n; first += blockRows) {
      const block = blockOf(places, first);
      for (const { label, posterior } of processes) {
        const latent = posterior.at(block);
        latent.mean.forEach((m, k) => {
          const { p, within } = averageSigmoid(m, Math.sqrt(latent.variance[k]));
          const between = p * (1 - p) - within;
          set(first + k, label, p, between);
          if (processes.length === 1) set(first + k, present[0], 1 - p, between);
        });
      }
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += mean.data[i * classes + c];
      for (let c = 0, at = i * classes; c < classes; c++, at++) {
        const p = (mean.data[at] /= sum);
        const between = Math.min(spread.data[at] / (sum * sum), p * (1 - p));
        epistemicStd.data[at] = Math.sqrt(between);
        aleatoricStd.data[at] = Math.sqrt(Math.max(0, p * (1 - p) - between));
      }
    }
    return { mean, epistemicStd, aleatoricStd };
  };
  return { classes, present, members, predict };
}

export function saveClassification({ present, members }: Classification): SavedState {
  const places = savePlaces(members[0].state.places);
  const arrays: Record<string, SavedArray> = { ...places.arrays };
  members.forEach(({ state }, k) => {
    arrays[`parameters ${k}`] = state.parameters;
    arrays[`weights ${k}`] = state.weights;
    arrays[`rootCurvature ${k}`] = state.rootCurvature;
  });
  return {
    settings: {
      ...places.settings,
      present: [...present],
      labels: members.map(({ label }) => label),
      variances: members.map(({ state }) => state.variance),
    },
    arrays,
  };
}

export function loadClassification(
  state: StateReader,
  model: CovarianceModel,
  classes: number,
): Classification {
  const places = loadPlaces(state, model);
  const rows = places.points.rows;
  const variances = loadNumbers(state, "variances");
  const members = loadNumbers(state, "labels").map((label, k) => ({
    label,
    state: {
      model,
      parameters: loadParameters(state, model, `parameters ${k}`),
      variance: variances[k],
      places,
      weights: state.float64(`weights ${k}`, rows),
      rootCurvature: state.float64(`rootCurvature ${k}`, rows),
    },
  }));
  return classificationOf(classes, loadNumbers(state, "present"), members);
}

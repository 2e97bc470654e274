import { log } from "../../core/elementary.ts";
import { cholesky } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { ObjectiveWithGradient } from "../../core/optimise/minimise.ts";
import { checkpoint, stage } from "../../core/work.ts";
import type {
  FitInput,
  Prediction,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
} from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { standardise } from "../standardise.ts";
import { chooseInducing } from "./choose-inducing.ts";
import type { CovarianceModel } from "./covariance-model.ts";
import { embed, fitEmbedding, scalesOf, type Embedding } from "./embedding.ts";
import { exactObjective, fitHyperParameters, searchBounds } from "./fit-hyper-parameters.ts";
import { constantPrediction, lengthScaleSummary } from "./gaussian-process.ts";
import { refine, tryoutRows } from "./likelihood-search.ts";
import { partsOf } from "./marginal-likelihood.ts";
import { findPlaces, takeSample, type Sample } from "./merge-rows.ts";
import {
  checkKernelOptions,
  gaussianProcessDefaults,
  kernelTunable,
  type GaussianProcessOptions,
} from "./options.ts";
import { covarianceBetween } from "./posterior.ts";
import { blockOf, blockRows, searchSummary } from "./regress.ts";
import { loadEmbedding, loadModel, loadParameters, saveEmbedding, saveModel } from "./saved.ts";
import { factorOfInducing, plusIdentity, sparseBound, sparseSums } from "./sparse-bound.ts";

/** Options of `sparse-gaussian-process`; plain JSON. */
export interface SparseGaussianProcessOptions extends Pick<
  GaussianProcessOptions,
  "starts" | "maxIterations" | "kernel" | "ard" | "composition"
> {
  /** Most inducing points; the cost grows with their square. */
  readonly inducing: number;
  /** Most rows (random ones) on which hyper-parameters are chosen; predictions use all rows. */
  readonly searchRows: number;
}

/**
 * Gaussian process for many rows: everything the rows say goes through inducing points among them (Titsias'
 * variational bound), at a cost of rows times inducing points squared. Hyper-parameters of the largest bound,
 * from those of an exact process on a part of the rows, with which the inducing points are chosen
 * (`chooseInducing`). Options, inputs and uncertainties are as in `gaussian-process`.
 */
export const sparseGaussianProcess = {
  name: "sparse-gaussian-process",
  title: "Sparse Gaussian process",
  supports: {
    regression: true,
    classification: false,
    epistemic: true,
    aleatoric: true,
    noise: true,
  },
  defaults: {
    starts: gaussianProcessDefaults.starts,
    maxIterations: gaussianProcessDefaults.maxIterations,
    kernel: gaussianProcessDefaults.kernel,
    ard: gaussianProcessDefaults.ard,
    composition: gaussianProcessDefaults.composition,
    inducing: 400,
    searchRows: 5000,
  },
  tunable: kernelTunable,
  fit: fitSparseGaussianProcess,
  version: 1,
  load: loadSparseGaussianProcess,
} as const satisfies SurrogateSpec<SparseGaussianProcessOptions>;

const { name } = sparseGaussianProcess;

/** Rows of the exact process from which the search starts. */
const exactRows = 500;

/** All that predictions follow from. */
interface State {
  readonly embedding: Embedding;
  readonly model: CovarianceModel;
  readonly parameters: Float64Array;
  readonly inducing: Matrix;
  readonly information: Matrix;
  readonly weights: Float64Array;
  readonly signalVariance: number;
  /** Mean and scale of the targets, and std of their noise in the caller's unit. */
  readonly target: { readonly mean: number; readonly scale: number; readonly noiseStd: number };
}

/** See `sparseGaussianProcess`. The summary's `evidenceBound` is of the targets in the caller's unit. */
export async function fitSparseGaussianProcess(
  input: FitInput,
  given?: Partial<SparseGaussianProcessOptions>,
): Promise<Surrogate> {
  checkFitInput(sparseGaussianProcess, input);
  const { defaults } = sparseGaussianProcess;
  const options = withDefaults<SparseGaussianProcessOptions>(name, defaults, given);
  checkKernelOptions(name, options);
  checkNumberOption(name, "inducing", options.inducing, { min: 1, max: 5000, integer: true });
  checkNumberOption(name, "searchRows", options.searchRows, { min: 2, integer: true });
  const { x, y, columns, noiseStd, rng, work = {} } = input;
  const embedding = fitEmbedding(name, x, columns, options.composition);
  const scaleOf = scalesOf(embedding, options.ard);
  const model: CovarianceModel = {
    kernel: options.kernel,
    scaleOf,
    scales: scaleOf.reduce((most, scale) => Math.max(most, scale + 1), 0),
    sources: 1,
    rank: 1,
  };
  const { values, mean, scale } = standardise(y);
  if (values.every((value) => value === 0)) {
    const summary = { rows: x.rows, constantTarget: mean };
    return constantSurrogate(embedding, model, mean, summary);
  }
  const { points } = embed(embedding, x);
  const knownVariance = noiseStd?.map((std) => (std / scale) * (std / scale));
  // Rows are not merged: the cost does not grow with their cube.
  const sample: Sample = {
    places: { points },
    placeOf: Int32Array.from(y.keys()),
    y: values,
    knownVariance,
  };
  const order = rng.fork("sparse rows").permutation(y.length);
  const take = (count: number): Sample =>
    count >= y.length ? sample : takeSample(sample, order.subarray(0, count));

  const part = take(exactRows);
  const small: Sample = { ...part, ...placesOf(part) };
  const begun = await fitHyperParameters(model, small, options, rng, stage(work, 0, 0.3));
  const { covariance } = partsOf(model, small, begun.point);
  const searched = take(options.searchRows);
  const inducing = chooseInducing(model, covariance, searched.places.points, options.inducing);
  const label = "inducing points";
  const report = (): Promise<void> => checkpoint(work, { label, done: 1, total: 2 });
  await report();
  const all: ObjectiveWithGradient = (point, gradient) => {
    const at = sparseBound(model, searched, inducing, point);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -at.gradient[k];
    return -at.value;
  };
  const tryout = take(Math.max(tryoutRows, exactRows));
  const optimum = await refine(
    {
      rows: searched.y.length,
      cost: 3 * searched.y.length * inducing.rows * inducing.rows,
      all,
      some: {
        rows: tryout.y.length,
        objective: exactObjective(model, { ...tryout, ...placesOf(tryout) }),
      },
      lower: searchBounds(model, sample, "lower"),
      upper: searchBounds(model, sample, "upper"),
    },
    begun.point,
    options.maxIterations,
    report,
  );
  const sums = sparseSums(model, sample, inducing, optimum.point);
  const { covariance: parameters, noise } = partsOf(model, sample, optimum.point);
  const known =
    knownVariance === undefined ? 0 : knownVariance.reduce((sum, v) => sum + v / y.length, 0);
  const fittedStd = scale * Math.sqrt(noise[0] * sums.variance);
  const target = {
    mean: mean + scale * sums.mean,
    scale,
    noiseStd: scale * Math.sqrt(noise[0] * sums.variance + known),
  };
  const { information, weights, variance: signalVariance } = sums;
  const state = {
    embedding,
    model,
    parameters,
    inducing,
    information,
    weights,
    signalVariance,
    target,
  };
  return surrogateOf(state, {
    rows: x.rows,
    inducing: inducing.rows,
    searchRows: searched.y.length,
    evidenceBound: sums.bound - y.length * log(scale),
    ...lengthScaleSummary(embedding, model, parameters),
    signalStd: scale * Math.sqrt(signalVariance),
    noiseStd: fittedStd,
    ...(noiseStd === undefined ? {} : { knownNoiseStd: scale * Math.sqrt(known) }),
    ...searchSummary({ ...optimum, iterations: begun.iterations + optimum.iterations }),
  });
}

/** The distinct places of a sample whose rows have one each. */
function placesOf({ places: { points }, placeOf }: Sample): Pick<Sample, "places" | "placeOf"> {
  const found = findPlaces(points);
  return { places: found.places, placeOf: placeOf.map((place) => found.placeOf[place]) };
}

function surrogateOf(state: State, summary: Surrogate["summary"]): Surrogate {
  const { embedding, model, parameters, inducing, weights, signalVariance, target } = state;
  const between = covarianceBetween(model, parameters);
  const ownFactor = factorOfInducing(model, parameters, inducing);
  const factor = cholesky(plusIdentity(state.information));
  const { inputs } = embedding;
  const predict = (given: Matrix): Prediction => {
    checkPredictInput(name, inputs, given);
    const places = embed(embedding, given);
    const n = given.rows;
    const [mean, epistemicStd] = [matrix(n, 1), matrix(n, 1)];
    for (let first = 0; first < n; first += blockRows) {
      const cross = between({ points: inducing }, blockOf(places, first));
      const count = cross.columns;
      const whitened = solveTriangular(ownFactor, cross);
      const prior = whitened.data;
      const posterior = solveTriangular(factor, whitened).data;
      const variance = new Float64Array(count).fill(1);
      const answer = new Float64Array(count);
      for (let j = 0, at = 0; j < inducing.rows; j++) {
        for (let i = 0; i < count; i++, at++) {
          answer[i] += weights[j] * cross.data[at];
          variance[i] += posterior[at] * posterior[at] - prior[at] * prior[at];
        }
      }
      for (let i = 0; i < count; i++) {
        mean.data[first + i] = target.mean + target.scale * answer[i];
        epistemicStd.data[first + i] =
          target.scale * Math.sqrt(signalVariance * Math.max(0, variance[i]));
      }
    }
    return { mean, epistemicStd, aleatoricStd: matrix(n, 1, spread(n, target.noiseStd)) };
  };
  const save = (): SavedState => {
    const parts = [saveEmbedding(embedding), saveModel(model)];
    return {
      settings: Object.assign(
        { inducing: inducing.rows, signalVariance, target: { ...target } },
        ...parts.map(({ settings }) => settings),
      ),
      arrays: Object.assign(
        {
          parameters,
          inducing: inducing.data,
          information: state.information.data,
          weights,
        },
        ...parts.map(({ arrays }) => arrays),
      ),
    };
  };
  return { name, task: { kind: "regression" }, inputs, summary, predict, save };
}

const spread = (n: number, std: number): Float64Array => new Float64Array(n).fill(std);

function constantSurrogate(
  embedding: Embedding,
  model: CovarianceModel,
  value: number,
  summary: Surrogate["summary"],
): Surrogate {
  const { inputs } = embedding;
  return {
    name,
    task: { kind: "regression" },
    inputs,
    summary,
    predict: (rows) => {
      checkPredictInput(name, inputs, rows);
      return constantPrediction(value, rows.rows);
    },
    save: () => {
      const parts = [saveEmbedding(embedding), saveModel(model)];
      return {
        settings: Object.assign({ constant: value }, ...parts.map(({ settings }) => settings)),
        arrays: Object.assign({}, ...parts.map(({ arrays }) => arrays)),
      };
    },
  };
}

/** @throws InputError for a damaged state */
export function loadSparseGaussianProcess(saved: SavedSurrogate): Surrogate {
  const who = `${name}.load`;
  const reader = readState(who, saved);
  const embedding = loadEmbedding(reader, saved.inputs);
  const model = loadModel(who, reader, embedding);
  if (Object.hasOwn(saved.settings, "constant")) {
    return constantSurrogate(embedding, model, reader.number("constant"), saved.summary);
  }
  const m = reader.number("inducing");
  const target = readState(who, { settings: Object(reader.json("target")), arrays: {} });
  return surrogateOf(
    {
      embedding,
      model,
      parameters: loadParameters(reader, model),
      inducing: reader.matrix("inducing", m, model.scaleOf.length),
      information: reader.matrix("information", m, m),
      weights: reader.float64("weights", m),
      signalVariance: reader.number("signalVariance"),
      target: {
        mean: target.number("mean"),
        scale: target.number("scale"),
        noiseStd: target.number("noiseStd"),
      },
    },
    saved.summary,
  );
}

import { exp } from "../../core/elementary.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type {
  FitInput,
  InputColumn,
  Prediction,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkPredictInput, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { standardise } from "../standardise.ts";
import { fitClassification, loadClassification, saveClassification } from "./classify.ts";
import type { CovarianceModel, Places } from "./covariance-model.ts";
import { embed, fitEmbedding, pullBack, scalesOf, type Embedding } from "./embedding.ts";
import {
  checkGaussianProcessOptions,
  gaussianProcessDefaults,
  kernelTunable,
  type GaussianProcessOptions,
} from "./options.ts";
import { fitRegression, loadRegression, saveRegression } from "./regress.ts";
import {
  loadColumns,
  loadEmbedding,
  loadModel,
  saveColumns,
  saveEmbedding,
  saveModel,
} from "./saved.ts";

/**
 * Exact Gaussian process. Numbers: constant mean, fitted noise (Gaussian, or Student-t against outliers)
 * beside the known noise of each row; rows of equal inputs are merged exactly. Classes: Laplace
 * approximation, one process for each class against the others. The covariance is a correlation of
 * distances in length scales; fractions of elements may have a distance that knows which elements resemble
 * each other (`fitEmbedding`); rows of several sources share what they have in common (`CovarianceModel`),
 * each source with its own mean and noise. Hyper-parameters by marginal likelihood. Inputs and targets are
 * standardised inside. The epistemic std is that of the noise-free function (of the probability, for
 * classes), the aleatoric std the noise: fitted, and of known noise the root mean square of the training
 * rows. Targets that are all equal are predicted as that number with std 0.
 */
export const gaussianProcess = {
  name: "gaussian-process",
  title: "Gaussian process",
  supports: {
    regression: true,
    classification: true,
    epistemic: true,
    aleatoric: true,
    noise: true,
    sources: true,
    maxRows: 3000,
  },
  defaults: gaussianProcessDefaults,
  tunable: kernelTunable,
  fit: fitGaussianProcess,
  version: 1,
  load: loadGaussianProcess,
} as const satisfies SurrogateSpec<GaussianProcessOptions>;

const { name } = gaussianProcess;

/** What a model of either task can do. */
interface Fitted {
  readonly predict: (places: Places) => Prediction;
  /** Derivative of a number's mean by each coordinate, n x q. */
  readonly slope?: (places: Places) => Matrix;
  save(): SavedState;
}

/** See `gaussianProcess`. */
export async function fitGaussianProcess(
  input: FitInput,
  given?: Partial<GaussianProcessOptions>,
): Promise<Surrogate> {
  checkFitInput(gaussianProcess, input);
  const options = withDefaults<GaussianProcessOptions>(name, gaussianProcessDefaults, given);
  checkGaussianProcessOptions(name, options);
  const { x, y, task, columns } = input;
  const embedding = fitEmbedding(name, x, columns, options.composition);
  const scaleOf = scalesOf(embedding, options.ard);
  const model: CovarianceModel = {
    kernel: options.kernel,
    scaleOf,
    scales: scaleOf.reduce((most, scale) => Math.max(most, scale + 1), 0),
    sources: columns?.[embedding.sourceColumn]?.levels?.length ?? 1,
    rank: options.sourceRank,
  };
  const common = { task, columns, embedding, model };
  if (task.kind === "regression") {
    const { values, mean } = standardise(y);
    if (values.every((value) => value === 0)) {
      const summary = { rows: x.rows, constantTarget: mean };
      return surrogateOf(common, constantModel(mean), summary);
    }
  }
  // One level is no source of difference.
  const located = embed(embedding, x);
  const places = model.sources === 1 ? { points: located.points } : located;
  if (task.kind === "regression") {
    const { regression, summary } = await fitRegression(name, model, places, input, options);
    const scales = lengthScaleSummary(embedding, model, regression.state.parameters);
    return surrogateOf(
      common,
      { ...regression, save: () => saveRegression(regression) },
      { rows: x.rows, ...scales, ...summary },
    );
  }
  const { classification, summary } = await fitClassification(model, places, input, options);
  const { parameters } = classification.members[0].state;
  const scales =
    classification.members.length === 1 ? lengthScaleSummary(embedding, model, parameters) : {};
  return surrogateOf(
    common,
    { predict: classification.predict, save: () => saveClassification(classification) },
    { rows: x.rows, ...scales, ...summary },
  );
}

interface Common {
  readonly task: Task;
  readonly columns: readonly InputColumn[] | undefined;
  readonly embedding: Embedding;
  readonly model: CovarianceModel;
}

function surrogateOf(common: Common, fitted: Fitted, summary: Surrogate["summary"]): Surrogate {
  const { task, columns, embedding, model } = common;
  const { inputs } = embedding;
  const { slope } = fitted;
  const placesOf = (rows: Matrix): Places => {
    checkPredictInput(name, inputs, rows, columns, gaussianProcess.supports);
    const { points, source } = embed(embedding, rows);
    return { points, source: model.sources === 1 ? undefined : source };
  };
  return {
    name,
    task,
    inputs,
    summary,
    predict: (rows: Matrix): Prediction => fitted.predict(placesOf(rows)),
    ...(slope === undefined
      ? {}
      : { gradient: (rows: Matrix) => pullBack(embedding, slope(placesOf(rows))) }),
    save: () => {
      const parts = [saveEmbedding(embedding), saveModel(model), fitted.save()];
      return {
        settings: Object.assign({ columns: saveColumns(columns) }, ...parts.map((p) => p.settings)),
        arrays: Object.assign({}, ...parts.map((p) => p.arrays)),
      };
    },
  };
}

/** @throws InputError for a damaged state */
export function loadGaussianProcess(saved: SavedSurrogate): Surrogate {
  const who = `${name}.load`;
  const state = readState(who, saved);
  const { task, inputs, summary } = saved;
  const embedding = loadEmbedding(state, inputs);
  const model = loadModel(who, state, embedding);
  const columns = loadColumns(who, state.json("columns"));
  const common = { task, columns, embedding, model };
  if (Object.hasOwn(saved.settings, "constant")) {
    return surrogateOf(common, constantModel(state.number("constant")), summary);
  }
  if (task.kind === "regression") {
    const regression = loadRegression(state, model);
    const fitted = { ...regression, save: () => saveRegression(regression) };
    return surrogateOf(common, fitted, summary);
  }
  const classification = loadClassification(state, model, task.classes.length);
  const save = () => saveClassification(classification);
  return surrogateOf(common, { predict: classification.predict, save }, summary);
}

function constantModel(value: number): Fitted {
  return {
    save: () => ({ settings: { constant: value }, arrays: {} }),
    predict: ({ points }) => constantPrediction(value, points.rows),
    slope: ({ points }) => matrix(points.rows, points.columns),
  };
}

/** One number for n rows, without spread. */
export function constantPrediction(value: number, n: number): Prediction {
  return {
    mean: matrix(n, 1, new Float64Array(n).fill(value)),
    epistemicStd: matrix(n, 1),
    aleatoricStd: matrix(n, 1),
  };
}

/** Length scales in the units of the inputs; of the composition in its typical distance. */
export function lengthScaleSummary(
  { plain, scaling, factor }: Embedding,
  { scaleOf }: CovarianceModel,
  parameters: Float64Array,
): Record<string, string | number> {
  const scaleAt = (coordinate: number): number => exp(parameters[scaleOf[coordinate]]);
  const own = Array.from(plain, (j, c) => (scaleAt(c) * scaling.scale[j]).toPrecision(4));
  return {
    ...(own.length === 0 ? {} : { lengthScales: own.join(" ") }),
    ...(factor.columns === 0 ? {} : { compositionLengthScale: scaleAt(plain.length) }),
  };
}

import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type {
  FitInput,
  InputColumn,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { columnsFromJson, columnsToJson } from "../saved-columns.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import { findNearest, weightsOf } from "./neighbours.ts";

/** Options of `k-nearest`; plain JSON. */
export interface NearestOptions {
  /** Training rows that answer together; at least 2, since their spread is the answer's. */
  readonly neighbours: number;
  /** `distance`: one over the distance in standardised inputs; `uniform`: equal. */
  readonly weights: "distance" | "uniform";
}

/**
 * The weighted mean of the nearest training rows, for numbers and classes, by Euclidean distance in
 * standardised inputs; every training row is measured, so a prediction costs n d steps.
 *
 * With w the weights, the neighbours count as 1 / sum w^2 equal ones. For numbers the noise variance is
 * that of the neighbours about the answer times one factor that makes the total agree with the errors of
 * training rows answered by those with other inputs; for a class it is p (1 - p). The epistemic std is the standard
 * error of the weighted mean. It tells how many rows answered but not how far off they lie, and stays
 * small away from all data: this family is not said to know its ignorance.
 * Source: T. M. Cover, P. E. Hart, IEEE Trans. Inf. Theory 13, 21 (1967), doi:10.1109/TIT.1967.1053964;
 * variance of a local mean: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning,
 * 2nd edition (2009), section 6.
 */
export const kNearest = {
  name: "k-nearest",
  title: "Nearest neighbours",
  supports: { regression: true, classification: true, epistemic: false, aleatoric: true },
  defaults: { neighbours: 5, weights: "distance" },
  tunable: {
    neighbours: { kind: "number", min: 2, max: 50, scale: "log", integer: true },
    weights: { kind: "choice", values: ["distance", "uniform"] },
  },
  fit: fitKNearest,
  version: 1,
  load: loadKNearest,
} as const satisfies SurrogateSpec<NearestOptions>;

/** Training rows that are answered by the others to learn the size of errors. */
const mostJudged = 1000;

/** See `kNearest`. */
export async function fitKNearest(
  input: FitInput,
  given?: Partial<NearestOptions>,
): Promise<Surrogate> {
  const { name, defaults } = kNearest;
  checkFitInput(kNearest, input);
  const options = withDefaults<NearestOptions>(name, defaults, given);
  checkNumberOption(name, "neighbours", options.neighbours, { min: 2, integer: true });
  checkWeights(options.weights);
  const { x, y, task, rng, columns, work = {} } = input;
  const isNumber = task.kind === "regression";
  const scaling = columnScaling(x);
  const training = scaleColumns(x, scaling);
  const { values, mean, scale } = isNumber
    ? standardise(y)
    : { values: Float64Array.from(y), mean: 0, scale: 1 };
  const answer = answerer(task, training, values, options);

  let noiseFactor = 1;
  const judged = await chooseJudged(x.rows, rng, work);
  if (isNumber) {
    let errors = 0;
    let claimed = 0;
    for (const [k, row] of judged.entries()) {
      const local = answer(rowOf(training, row), true);
      if (local === undefined) continue;
      errors += (values[row] - local.mean[0]) * (values[row] - local.mean[0]);
      claimed += local.noise[0] * (1 + local.inverseCount);
      if (k % 64 === 63) {
        await checkpoint(work, { label: name, done: k + 1, total: judged.length });
      }
    }
    if (claimed > 0) noiseFactor = errors / claimed;
  }
  const target = { values, mean, scale };
  return surrogateOf({
    task,
    columns,
    options,
    scaling,
    training,
    target,
    noiseFactor,
    summary: {
      rows: x.rows,
      neighbours: Math.min(options.neighbours, x.rows),
      weights: options.weights,
      ...(isNumber ? { noiseFactor } : {}),
    },
  });
}

/** The training rows that were saved. @throws InputError for a damaged state */
export function loadKNearest(saved: SavedSurrogate): Surrogate {
  const { name } = kNearest;
  const { task, inputs, summary } = saved;
  const read = readState(name, saved);
  const weights = read.text("weights");
  checkWeights(weights);
  const rows = read.number("rows");
  const values = read.float64("target", rows);
  if (task.kind === "classification" && values.some((k) => !(k in task.classes))) {
    throw new InputError(`${name}: a class of the saved model is none.`, { path: "target" });
  }
  return surrogateOf({
    task,
    summary,
    columns: columnsFromJson(name, read.json("columns"), inputs),
    options: { neighbours: read.number("neighbours"), weights },
    scaling: { mean: read.float64("inputMean", inputs), scale: read.float64("inputScale", inputs) },
    training: read.matrix("training", rows, inputs),
    target: { values, mean: read.number("mean"), scale: read.number("scale") },
    noiseFactor: read.number("noiseFactor"),
  });
}

function checkWeights(weights: unknown): asserts weights is NearestOptions["weights"] {
  if (weights === "distance" || weights === "uniform") return;
  throw new InputError(
    `${kNearest.name}: expected weights to be distance or uniform, got ${String(weights)}.`,
    { path: "weights", received: String(weights) },
  );
}

interface State {
  readonly task: Task;
  readonly columns: readonly InputColumn[] | undefined;
  readonly options: NearestOptions;
  readonly scaling: ColumnScaling;
  /** Scaled inputs and targets of the training rows. */
  readonly training: Matrix;
  readonly target: {
    readonly values: Float64Array;
    readonly mean: number;
    readonly scale: number;
  };
  readonly noiseFactor: number;
  readonly summary: Surrogate["summary"];
}

function surrogateOf(state: State): Surrogate {
  const { task, columns, options, scaling, training, target, noiseFactor, summary } = state;
  const { name } = kNearest;
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  const answer = answerer(task, training, target.values, options);
  return {
    name,
    task,
    inputs: training.columns,
    summary,
    save: () => ({
      settings: {
        ...options,
        columns: columnsToJson(columns),
        rows: training.rows,
        mean: target.mean,
        scale: target.scale,
        noiseFactor,
      },
      arrays: {
        training: training.data,
        target: target.values,
        inputMean: scaling.mean,
        inputScale: scaling.scale,
      },
    }),
    predict: (rows) => {
      checkPredictInput(name, training.columns, rows, columns);
      const points = scaleColumns(rows, scaling);
      const empty = () => matrix(rows.rows, outputs);
      const [mean, epistemicStd, aleatoricStd] = [empty(), empty(), empty()];
      for (let i = 0; i < rows.rows; i++) {
        const local = answer(rowOf(points, i))!;
        for (let k = 0; k < outputs; k++) {
          const place = i * outputs + k;
          const noise = noiseFactor * local.noise[k];
          const ofMean = noise * local.inverseCount;
          mean.data[place] = target.mean + target.scale * local.mean[k];
          epistemicStd.data[place] = target.scale * Math.sqrt(ofMean);
          // Of a class the total is p (1 - p), of a number the noise comes on top of the mean's error.
          aleatoricStd.data[place] = target.scale * Math.sqrt(outputs > 1 ? noise - ofMean : noise);
        }
      }
      return { mean, epistemicStd, aleatoricStd };
    },
  };
}

/**
 * What the nearest training rows say of a point; with `apart`, of those that are not at the point itself,
 * and nothing where there are none.
 */
function answerer(
  task: Task,
  training: Matrix,
  target: Float64Array,
  options: NearestOptions,
): (point: Float64Array, apart?: boolean) => LocalAnswer | undefined {
  return (point, apart = false) => {
    const { rows, squares } = findNearest(training, point, options.neighbours, { apart });
    if (rows.length === 0) return undefined;
    const weights = weightsOf(squares, options.weights);
    return task.kind === "regression"
      ? answerNumber(target, rows, weights)
      : answerClass(target, rows, weights, task.classes.length);
  };
}

async function chooseJudged(n: number, rng: Rng, work: Work): Promise<Int32Array> {
  await checkpoint(work, { label: kNearest.name, done: 0, total: 1 });
  return rng.fork("judged").permutation(n).slice(0, mostJudged).sort();
}

interface LocalAnswer {
  readonly mean: ArrayLike<number>;
  /** Variance of one row about the mean. */
  readonly noise: ArrayLike<number>;
  /** One over the number of equal neighbours that the weighted ones count as: sum w^2. */
  readonly inverseCount: number;
}

const inverseCountOf = (weights: Float64Array): number =>
  Math.min(
    1,
    weights.reduce((sum, weight) => sum + weight * weight, 0),
  );

function answerNumber(y: Float64Array, rows: Int32Array, weights: Float64Array): LocalAnswer {
  let mean = 0;
  for (let k = 0; k < rows.length; k++) mean += weights[k] * y[rows[k]];
  let squares = 0;
  for (const row of rows) squares += (y[row] - mean) * (y[row] - mean);
  const noise = squares / Math.max(1, rows.length - 1);
  return { mean: [mean], noise: [noise], inverseCount: inverseCountOf(weights) };
}

function answerClass(
  labels: Float64Array,
  rows: Int32Array,
  weights: Float64Array,
  classes: number,
): LocalAnswer {
  const mean = new Float64Array(classes);
  for (let k = 0; k < rows.length; k++) mean[labels[rows[k]]] += weights[k];
  const noise = mean.map((p) => Math.max(0, p * (1 - p)));
  return { mean: mean.map((p) => Math.min(1, p)), noise, inverseCount: inverseCountOf(weights) };
}

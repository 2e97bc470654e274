import { InputError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { columnScaling, scaleColumns, standardise } from "../standardise.ts";
import { findNearest, weightsOf, type Neighbours } from "./neighbours.ts";

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
 * training rows answered by the others; for a class it is p (1 - p). The epistemic std is the standard
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
  const weights: unknown = options.weights;
  if (weights !== "distance" && weights !== "uniform") {
    throw new InputError(
      `${name}: expected weights to be distance or uniform, got ${String(weights)}.`,
      { path: "weights", received: String(weights) },
    );
  }
  const { x, y, task, rng, work = {} } = input;
  const scaling = columnScaling(x);
  const training = scaleColumns(x, scaling);
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  const target =
    outputs === 1 ? standardise(y) : { values: Float64Array.from(y), mean: 0, scale: 1 };
  const answer = ({ rows, squares }: Neighbours): LocalAnswer => {
    const weights = weightsOf(squares, options.weights);
    return outputs === 1
      ? answerNumber(target.values, rows, weights)
      : answerClass(target.values, rows, weights, outputs);
  };
  const nearestTo = (point: Float64Array, without?: number) =>
    findNearest(training, point, options.neighbours, without);

  let noiseFactor = 1;
  const judged = await chooseJudged(x.rows, rng, work);
  if (outputs === 1) {
    let errors = 0;
    let claimed = 0;
    for (const [k, row] of judged.entries()) {
      const { mean, noise, inverseCount } = answer(nearestTo(rowOf(training, row), row));
      errors += (target.values[row] - mean[0]) * (target.values[row] - mean[0]);
      claimed += noise[0] * (1 + inverseCount);
      if (k % 64 === 63) {
        await checkpoint(work, { label: name, done: k + 1, total: judged.length });
      }
    }
    if (claimed > 0) noiseFactor = errors / claimed;
  }
  return {
    name,
    task,
    inputs: x.columns,
    summary: {
      rows: x.rows,
      neighbours: Math.min(options.neighbours, x.rows),
      weights: options.weights,
      ...(outputs === 1 ? { noiseFactor } : {}),
    },
    predict: (rows) => {
      checkPredictInput(name, x.columns, rows);
      const points = scaleColumns(rows, scaling);
      const empty = () => matrix(rows.rows, outputs);
      const [mean, epistemicStd, aleatoricStd] = [empty(), empty(), empty()];
      for (let i = 0; i < rows.rows; i++) {
        const local = answer(nearestTo(rowOf(points, i)));
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

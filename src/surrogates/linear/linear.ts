import { matrix, type Matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type { FitInput, Prediction, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import {
  columnScaling,
  scaleColumns,
  standardise,
  type ColumnScaling,
  type Standardised,
} from "../standardise.ts";
import type { Plane } from "../structure.ts";
import { logistic, softmaxInto } from "./logistic.ts";
import { ridge } from "./ridge.ts";

/** Options of `linear`; plain JSON. */
export interface LinearOptions {
  /** Weight of the squared coefficients (of standardised inputs) per training row. */
  readonly penalty: number;
}

/**
 * Linear model: ridge regression for numbers, multinomial logistic regression with the same penalty
 * for classes. Inputs are standardised inside. For numbers the epistemic std is that of the fitted
 * plane and the aleatoric std that of the residuals; for a class with probability p the aleatoric std
 * is sqrt(p (1 - p)) and the epistemic one is 0, because the family does not tell it.
 */
export const linear = {
  name: "linear",
  title: "Linear or logistic regression",
  supports: { regression: true, classification: true, epistemic: false, aleatoric: true },
  defaults: { penalty: 1e-3 },
  tunable: { penalty: { kind: "number", min: 1e-6, max: 10, scale: "log" } },
  fit: fitLinear,
} as const satisfies SurrogateSpec<LinearOptions>;

/** See `linear`. */
export async function fitLinear(
  input: FitInput,
  options?: Partial<LinearOptions>,
): Promise<Surrogate> {
  const { name, defaults } = linear;
  checkFitInput(linear, input);
  const { penalty } = withDefaults<LinearOptions>(name, defaults, options);
  checkNumberOption(name, "penalty", penalty, { min: 0 });
  const { x, y, task, work = {} } = input;
  await checkpoint(work, { label: name, done: 0, total: 1 });
  const scaling = columnScaling(x);
  const scaled = scaleColumns(x, scaling);
  const wrap = (
    predict: (scaled: Matrix) => Prediction,
    summary: Surrogate["summary"],
    plane?: Plane,
  ): Surrogate => ({
    name,
    task,
    inputs: x.columns,
    summary: { rows: x.rows, penalty, ...summary },
    ...(plane === undefined ? {} : { plane }),
    predict: (rows) => {
      checkPredictInput(name, x.columns, rows);
      return predict(scaleColumns(rows, scaling));
    },
  });
  if (task.kind === "classification") {
    const model = logistic(scaled, y, task.classes.length, penalty);
    return wrap((rows) => predictClasses(model.coefficients, task.classes.length, rows), {
      iterations: model.iterations,
      converged: model.converged ? "yes" : "no",
    });
  }
  const target = standardise(y);
  const model = ridge(scaled, target.values, penalty);
  const noiseStd = target.scale * Math.sqrt(model.noiseVariance);
  return wrap(
    (rows) => {
      const mean = matrix(rows.rows, 1);
      for (let i = 0; i < rows.rows; i++) {
        let z = 0;
        for (let j = 0; j < rows.columns; j++) {
          z += model.coefficients[j] * rows.data[i * rows.columns + j];
        }
        mean.data[i] = target.mean + target.scale * z;
      }
      const epistemic = model.variance(rows).map((v) => target.scale * Math.sqrt(v));
      return {
        mean,
        epistemicStd: matrix(rows.rows, 1, epistemic),
        aleatoricStd: matrix(rows.rows, 1, new Float64Array(rows.rows).fill(noiseStd)),
      };
    },
    { noiseStd },
    planeOf(model.coefficients, target, scaling),
  );
}

/** The plane over the caller's inputs, from coefficients between standardised numbers. */
function planeOf(
  standardised: Float64Array,
  target: Pick<Standardised, "mean" | "scale">,
  { mean, scale }: ColumnScaling,
): Plane {
  const coefficients = standardised.map((value, j) => (target.scale * value) / scale[j]);
  const atMean = coefficients.reduce((sum, value, j) => sum + value * mean[j], 0);
  return { intercept: target.mean - atMean, coefficients };
}

function predictClasses(coefficients: Float64Array, classes: number, x: Matrix): Prediction {
  const mean = matrix(x.rows, classes);
  for (let i = 0; i < x.rows; i++) {
    softmaxInto(mean.data.subarray(i * classes, (i + 1) * classes), coefficients, x, i);
  }
  return {
    mean,
    epistemicStd: matrix(x.rows, classes),
    aleatoricStd: matrix(
      x.rows,
      classes,
      mean.data.map((p) => Math.sqrt(p * (1 - p))),
    ),
  };
}

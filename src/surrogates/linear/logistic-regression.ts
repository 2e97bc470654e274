import { UnsupportedError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type {
  FitInput,
  Prediction,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, scaleColumns, type ColumnScaling } from "../standardise.ts";
import { logistic, softmaxInto } from "./logistic.ts";
import { loadScaling } from "./ridge-regression.ts";

/** Options of `logistic`; plain JSON. */
export interface LogisticOptions {
  /** Weight of the penalty on the coefficients (of standardised inputs). */
  readonly penalty: number;
  /** Share of the absolute penalty, which leaves inputs out; 0 is the squared one alone. */
  readonly mix: number;
}

/**
 * Multinomial logistic regression for classes, with a squared penalty, an absolute one, or both (elastic
 * net). Inputs are standardised inside. For a class with probability p the aleatoric std is sqrt(p (1 - p));
 * the family tells no epistemic std, which is 0.
 */
export const logisticRegression = {
  name: "logistic",
  title: "Logistic regression",
  supports: { regression: false, classification: true, epistemic: false, aleatoric: true },
  defaults: { penalty: 1e-3, mix: 0 },
  tunable: {
    penalty: { kind: "number", min: 1e-5, max: 1, scale: "log" },
    mix: { kind: "number", min: 0, max: 1 },
  },
  fit: fitLogisticRegression,
  version: 1,
  load: (saved: SavedSurrogate): Surrogate => loadLogistic("logistic", saved),
} as const satisfies SurrogateSpec<LogisticOptions>;

/** See `logisticRegression`. */
export async function fitLogisticRegression(
  input: FitInput,
  given?: Partial<LogisticOptions>,
): Promise<Surrogate> {
  const { name, defaults } = logisticRegression;
  checkFitInput(logisticRegression, input);
  const options = withDefaults<LogisticOptions>(name, defaults, given);
  checkNumberOption(name, "penalty", options.penalty, { min: 0 });
  checkNumberOption(name, "mix", options.mix, { min: 0, max: 1 });
  return fitLogistic(name, input, options);
}

/** Fits a checked input for the family of the given name. */
export async function fitLogistic(
  name: string,
  { x, y, task, work = {} }: FitInput,
  { penalty, mix }: LogisticOptions,
): Promise<Surrogate> {
  await checkpoint(work, { label: name, done: 0, total: 1 });
  const scaling = columnScaling(x);
  const classes = classesOf(name, task);
  const model = logistic(scaleColumns(x, scaling), y, classes, { penalty, mix });
  const used = new Set<number>();
  model.coefficients.forEach((value, k) => {
    const input = k % (x.columns + 1);
    if (value !== 0 && input < x.columns) used.add(input);
  });
  return logisticSurrogate(name, task, scaling, model.coefficients, {
    rows: x.rows,
    penalty,
    ...(mix > 0 ? { mix, usedInputs: used.size } : {}),
    iterations: model.iterations,
    converged: model.converged ? "yes" : "no",
  });
}

function logisticSurrogate(
  name: string,
  task: Task,
  scaling: ColumnScaling,
  coefficients: Float64Array,
  summary: Surrogate["summary"],
): Surrogate {
  const inputs = scaling.mean.length;
  const classes = classesOf(name, task);
  return {
    name,
    task,
    inputs,
    summary,
    predict: (rows) => {
      checkPredictInput(name, inputs, rows);
      return predictClasses(coefficients, classes, scaleColumns(rows, scaling));
    },
    save: () => ({
      settings: {},
      arrays: { inputMeans: scaling.mean, inputScales: scaling.scale, coefficients },
    }),
  };
}

/** Loads the state of a logistic regression for the family of the given name. */
export function loadLogistic(name: string, saved: SavedSurrogate): Surrogate {
  const state = readState(`${name}.load`, saved);
  const { task, inputs, summary } = saved;
  const coefficients = state.float64("coefficients", classesOf(name, task) * (inputs + 1));
  return logisticSurrogate(name, task, loadScaling(state, inputs), coefficients, summary);
}

function classesOf(name: string, task: Task): number {
  if (task.kind === "classification") return task.classes.length;
  throw new UnsupportedError(`${name}: logistic regression is for classes.`, { path: "task" });
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

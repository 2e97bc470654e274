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
import { logisticInformation, probabilityVariance, type LogisticInformation } from "./laplace.ts";
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
 * net). Inputs are standardised inside. The epistemic std of a probability follows from the covariance of the
 * coefficients (`probabilityVariance`; of inputs that an absolute penalty leaves out nothing is said); with the
 * aleatoric one it makes p (1 - p). With more than 2,000 coefficients it is 0, and the summary says so.
 */
export const logisticRegression = {
  name: "logistic",
  title: "Logistic regression",
  supports: { regression: false, classification: true, epistemic: true, aleatoric: true },
  defaults: { penalty: 1e-3, mix: 0 },
  tunable: {
    penalty: { kind: "number", min: 1e-5, max: 1, scale: "log" },
    mix: { kind: "number", min: 0, max: 1 },
  },
  fit: fitLogisticRegression,
  version: 2,
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
  const scaled = scaleColumns(x, scaling);
  const model = logistic(scaled, y, classes, { penalty, mix });
  const information = logisticInformation(scaled, model.coefficients, classes, penalty * (1 - mix));
  const used = new Set<number>();
  model.coefficients.forEach((value, k) => {
    const input = k % (x.columns + 1);
    if (value !== 0 && input < x.columns) used.add(input);
  });
  return logisticSurrogate(
    name,
    task,
    { scaling, coefficients: model.coefficients, information },
    {
      rows: x.rows,
      penalty,
      ...(mix > 0 ? { mix, usedInputs: used.size } : {}),
      iterations: model.iterations,
      converged: model.converged ? "yes" : "no",
      ...(information === undefined ? { epistemic: "not told, too many coefficients" } : {}),
    },
  );
}

/** All that predictions follow from. */
interface State {
  readonly scaling: ColumnScaling;
  readonly coefficients: Float64Array;
  /** Absent with too many coefficients, and in files of earlier versions. */
  readonly information: LogisticInformation | undefined;
}

function logisticSurrogate(
  name: string,
  task: Task,
  { scaling, coefficients, information }: State,
  summary: Surrogate["summary"],
): Surrogate {
  const inputs = scaling.mean.length;
  const classes = classesOf(name, task);
  let varianceOf: ReturnType<typeof probabilityVariance> | undefined;
  return {
    name,
    task,
    inputs,
    summary,
    predict: (rows) => {
      checkPredictInput(name, inputs, rows);
      const x = scaleColumns(rows, scaling);
      const mean = probabilitiesOf(coefficients, classes, x);
      if (information !== undefined) varianceOf ??= probabilityVariance(information);
      return withVariance(mean, varianceOf?.(x, mean));
    },
    predictMean: (rows) => {
      checkPredictInput(name, inputs, rows);
      return probabilitiesOf(coefficients, classes, scaleColumns(rows, scaling));
    },
    save: () => ({
      settings: { hasInformation: information !== undefined },
      arrays: {
        inputMeans: scaling.mean,
        inputScales: scaling.scale,
        coefficients,
        ...(information === undefined
          ? {}
          : { used: information.used, information: information.information.data }),
      },
    }),
  };
}

/** Loads the state of a logistic regression for the family of the given name. */
export function loadLogistic(name: string, saved: SavedSurrogate): Surrogate {
  const state = readState(`${name}.load`, saved);
  const { task, inputs, summary } = saved;
  const classes = classesOf(name, task);
  const coefficients = state.float64("coefficients", classes * (inputs + 1));
  const scaling = loadScaling(state, inputs);
  // Version 1 had no covariance of the coefficients.
  if (saved.version < 2 || !state.flag("hasInformation")) {
    return logisticSurrogate(
      name,
      task,
      { scaling, coefficients, information: undefined },
      summary,
    );
  }
  const used = state.int32("used");
  const size = (classes - 1) * (used.length + 1);
  const information = { used, information: state.matrix("information", size, size) };
  return logisticSurrogate(name, task, { scaling, coefficients, information }, summary);
}

function classesOf(name: string, task: Task): number {
  if (task.kind === "classification") return task.classes.length;
  throw new UnsupportedError(`${name}: logistic regression is for classes.`, { path: "task" });
}

function probabilitiesOf(coefficients: Float64Array, classes: number, x: Matrix): Matrix {
  const mean = matrix(x.rows, classes);
  for (let i = 0; i < x.rows; i++) {
    softmaxInto(mean.data.subarray(i * classes, (i + 1) * classes), coefficients, x, i);
  }
  return mean;
}

/** The variance p (1 - p) of a class, parted into what is not known of p and the rest. */
function withVariance(mean: Matrix, variance: Float64Array | undefined): Prediction {
  const { rows, columns } = mean;
  const own = variance ?? new Float64Array(mean.data.length);
  const rest = mean.data.map((p, k) => Math.sqrt(Math.max(0, p * (1 - p) - own[k])));
  return {
    mean,
    epistemicStd: matrix(rows, columns, own.map(Math.sqrt)),
    aleatoricStd: matrix(rows, columns, rest),
  };
}

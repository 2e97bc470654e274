import { InputError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type {
  FitInput,
  Prediction,
  SavedArray,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import { workspaceFor } from "./kernel-rows.ts";
import {
  decide,
  trainClassification,
  trainRegression,
  type Machine,
  type MachineOptions,
  type Trained,
} from "./machine.ts";
import { couplePairs, fitSigmoid, sigmoidAt, type Sigmoid } from "./platt.ts";

/** Options of `support-vector-machine`; plain JSON. */
export interface SupportVectorOptions {
  /** Largest weight of a row: more follows the rows more closely. */
  readonly cost: number;
  /** Width of the kernel exp(-gamma |x - y|^2) of standardised inputs; null = 1 / inputs. */
  readonly gamma: number | null;
  /** Errors up to this many standard deviations of the target cost nothing; for numbers. */
  readonly epsilon: number;
  /** Violation of the optimality conditions at which training ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Folds for the cross-fitted decisions behind probabilities and the spread; at most the rows. */
  readonly folds: number;
}

/**
 * Support vector machine with the radial kernel: epsilon regression for numbers, C classification for
 * classes (one machine for each pair). Inputs and numbers are standardised inside. Probabilities are
 * sigmoids of decisions for rows outside of the training (cross-fitted), coupled over the pairs; a class
 * without rows has probability 0. The aleatoric std of a number is that of cross-fitted residuals, of a class
 * with probability p it is sqrt(p (1 - p)); the family tells no epistemic std, which is 0.
 * Source: C.-C. Chang, C.-J. Lin, ACM Trans. Intell. Syst. Technol. 2(3), 27 (2011),
 * doi:10.1145/1961189.1961199.
 */
export const supportVectorMachine = {
  name: "support-vector-machine",
  title: "Support vector machine",
  supports: { regression: true, classification: true, epistemic: false, aleatoric: true },
  defaults: {
    cost: 1,
    gamma: null,
    epsilon: 0.1,
    tolerance: 1e-4,
    maxIterations: 10_000_000,
    folds: 5,
  },
  tunable: {
    cost: { kind: "number", min: 0.1, max: 1000, scale: "log" },
    gamma: { kind: "number", min: 1e-4, max: 1, scale: "log" },
    epsilon: { kind: "number", min: 0.01, max: 0.5, scale: "log" },
  },
  fit: fitSupportVectorMachine,
  version: 1,
  load: loadSupportVectorMachine,
} as const satisfies SurrogateSpec<SupportVectorOptions>;

const { name } = supportVectorMachine;

/** Two classes with their machine; a positive decision speaks for the first. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly machine: Machine;
  readonly sigmoid: Sigmoid;
}

/** All that predictions follow from. */
interface State {
  readonly task: Task;
  readonly scaling: ColumnScaling;
  readonly gamma: number;
  /** Of numbers. */
  readonly target: { readonly mean: number; readonly scale: number; readonly noiseStd: number };
  readonly regression: Machine | undefined;
  readonly pairs: readonly Pair[];
}

/** See `supportVectorMachine`. */
export async function fitSupportVectorMachine(
  input: FitInput,
  given?: Partial<SupportVectorOptions>,
): Promise<Surrogate> {
  checkFitInput(supportVectorMachine, input);
  const options = withDefaults<SupportVectorOptions>(name, supportVectorMachine.defaults, given);
  checkOptions(options);
  const { x, y, task, rng, work = {} } = input;
  const scaling = columnScaling(x);
  const scaled = scaleColumns(x, scaling);
  const gamma = options.gamma ?? 1 / x.columns;
  const { fold } = dealFolds(input, options.folds, rng.fork("folds"));
  const machineOptions = { ...options, gamma };
  const common = { task, scaling, gamma };
  if (task.kind === "regression") {
    const { values, mean, scale } = standardise(y);
    const fitted = await fitNumbers(scaled, values, fold, machineOptions, work);
    const target = { mean, scale, noiseStd: scale * fitted.noise };
    const state = { ...common, target, regression: fitted.machine, pairs: [] };
    return surrogateOf(state, { rows: x.rows, ...fitted.summary, noiseStd: target.noiseStd });
  }
  const { pairs, summary } = await fitPairs(scaled, y, fold, machineOptions, work);
  const target = { mean: 0, scale: 1, noiseStd: 0 };
  const state = { ...common, target, regression: undefined, pairs };
  return surrogateOf(state, { rows: x.rows, ...summary });
}

async function fitNumbers(
  x: Matrix,
  y: Float64Array,
  fold: Int32Array,
  options: MachineOptions,
  work: Work,
) {
  const workspace = workspaceFor(x.rows, x.columns);
  const crossFitted = await crossFit(fold, work, async (inside, outside, pause) => {
    const known = Float64Array.from(outside, (row) => y[row]);
    const { machine } = await trainRegression(workspace, takeRows(x, outside), known, {
      ...options,
      pause,
    });
    return decide(machine, options.gamma, takeRows(x, inside));
  });
  const pause = pauseAt(work, 1, 1);
  await pause();
  const trained = await trainRegression(workspace, x, y, { ...options, pause });
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    squares += (y[i] - crossFitted[i]) * (y[i] - crossFitted[i]);
  }
  return {
    machine: trained.machine,
    noise: Math.sqrt(squares / y.length),
    summary: summaryOf([trained], options),
  };
}

/** Pairs are in the order in which their classes appear, so that the numbering of classes does not count. */
async function fitPairs(
  x: Matrix,
  y: Float64Array,
  fold: Int32Array,
  options: MachineOptions,
  work: Work,
) {
  const workspace = workspaceFor(x.rows, x.columns);
  const present = [...new Set(y)];
  const pairs: Pair[] = [];
  const all: Trained[] = [];
  for (let a = 0; a < present.length; a++) {
    for (let b = a + 1; b < present.length; b++) {
      const [first, second] = [present[a], present[b]];
      const rows = Int32Array.from(y.keys()).filter((i) => y[i] === first || y[i] === second);
      const points = takeRows(x, rows);
      const labels = Float64Array.from(rows, (i) => (y[i] === first ? 1 : -1));
      const folds = fold.filter((_, i) => y[i] === first || y[i] === second);
      const decisions = await crossFit(folds, work, async (inside, outside, pause) => {
        const known = Float64Array.from(outside, (row) => labels[row]);
        const { machine } = await trainClassification(workspace, takeRows(points, outside), known, {
          ...options,
          pause,
        });
        return decide(machine, options.gamma, takeRows(points, inside));
      });
      const pause = pauseAt(work, 1, 1);
      const trained = await trainClassification(workspace, points, labels, { ...options, pause });
      const sigmoid = fitSigmoid(decisions, labels);
      pairs.push({ first, second, machine: trained.machine, sigmoid });
      all.push(trained);
    }
  }
  return { pairs, summary: summaryOf(all, options) };
}

function summaryOf(all: readonly Trained[], { cost, gamma }: MachineOptions) {
  return {
    cost,
    gamma,
    supportVectors: all.reduce((sum, { machine }) => sum + machine.support.rows, 0),
    iterations: all.reduce((sum, { iterations }) => sum + iterations, 0),
    converged: all.every(({ converged }) => converged) ? "yes" : "no",
  };
}

/** Decisions for each row by a machine that was trained without its fold. */
async function crossFit(
  fold: Int32Array,
  work: Work,
  decideInside: (
    inside: Int32Array,
    outside: Int32Array,
    pause: () => Promise<void>,
  ) => Promise<Float64Array>,
): Promise<Float64Array> {
  const count = fold.reduce((most, f) => Math.max(most, f + 1), 0);
  const decisions = new Float64Array(fold.length);
  for (let f = 0; f < count; f++) {
    const pause = pauseAt(work, f, count + 1);
    await pause();
    const { inside, outside } = rowsOfFold(fold, f);
    if (inside.length === 0 || outside.length === 0) continue;
    const found = await decideInside(inside, outside, pause);
    inside.forEach((row, i) => (decisions[row] = found[i]));
  }
  return decisions;
}

/** Reports a step of the training as often as it is called, and sees a cancellation. */
function pauseAt(work: Work, done: number, total: number): () => Promise<void> {
  return () => checkpoint(work, { label: supportVectorMachine.name, done, total });
}

function surrogateOf(state: State, summary: Surrogate["summary"]): Surrogate {
  const { task, scaling } = state;
  const inputs = scaling.mean.length;
  return {
    name,
    task,
    inputs,
    summary,
    predict: (rows) => {
      checkPredictInput(name, inputs, rows);
      const scaled = scaleColumns(rows, scaling);
      return task.kind === "regression"
        ? predictNumbers(state, scaled)
        : predictClasses(state, task.classes.length, scaled);
    },
    save: () => saveState(state),
  };
}

function predictNumbers({ regression, gamma, target }: State, x: Matrix): Prediction {
  const column = (values: Float64Array): Matrix => matrix(x.rows, 1, values);
  const decisions =
    regression === undefined ? new Float64Array(x.rows) : decide(regression, gamma, x);
  return {
    mean: column(decisions.map((z) => target.mean + target.scale * z)),
    epistemicStd: column(new Float64Array(x.rows)),
    aleatoricStd: column(new Float64Array(x.rows).fill(target.noiseStd)),
  };
}

/** Probabilities of pairs are kept this far from 0 and 1. */
const leastProbability = 1e-7;

function predictClasses({ pairs, gamma }: State, classes: number, x: Matrix): Prediction {
  const present = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
  const c = present.length;
  const tables = Array.from({ length: x.rows }, () => new Float64Array(c * c));
  for (const { first, second, machine, sigmoid } of pairs) {
    const [a, b] = [present.indexOf(first), present.indexOf(second)];
    decide(machine, gamma, x).forEach((f, i) => {
      const raw = sigmoidAt(sigmoid, f);
      const p = Math.min(1 - leastProbability, Math.max(leastProbability, raw));
      tables[i][a * c + b] = p;
      tables[i][b * c + a] = 1 - p;
    });
  }
  const mean = matrix(x.rows, classes);
  tables.forEach((table, i) => {
    const coupled = c === 2 ? Float64Array.of(table[1], table[2]) : couplePairs(table, c);
    present.forEach((label, at) => (mean.data[i * classes + label] = coupled[at]));
  });
  return {
    mean,
    epistemicStd: matrix(x.rows, classes),
    aleatoricStd: matrix(
      x.rows,
      classes,
      mean.data.map((p) => Math.sqrt(Math.max(0, p * (1 - p)))),
    ),
  };
}

function saveState(state: State) {
  const arrays: Record<string, SavedArray> = {
    inputMeans: state.scaling.mean,
    inputScales: state.scaling.scale,
  };
  const machines = [
    ...(state.regression === undefined ? [] : [state.regression]),
    ...state.pairs.map(({ machine }) => machine),
  ];
  machines.forEach(({ support, coefficients }, m) => {
    if (support.rows === 0) return;
    arrays[`support ${m}`] = support.data;
    arrays[`coefficients ${m}`] = coefficients;
  });
  return {
    settings: {
      gamma: state.gamma,
      target: { ...state.target },
      machines: machines.map(({ support, intercept }) => ({ rows: support.rows, intercept })),
      pairs: state.pairs.map(({ first, second, sigmoid }) => ({ first, second, ...sigmoid })),
    },
    arrays,
  };
}

/** @throws InputError for a damaged state */
export function loadSupportVectorMachine(saved: SavedSurrogate): Surrogate {
  const who = `${name}.load`;
  const { task, inputs, summary } = saved;
  const state = readState(who, saved);
  const numbers = (value: unknown, ...keys: string[]): number[] =>
    keys.map((key) => {
      const entry = (value as Record<string, unknown> | null)?.[key];
      if (typeof entry === "number") return entry;
      throw new InputError(`${who}: expected "${key}" of the saved model to be a number.`, {
        path: key,
      });
    });
  const list = (key: string): readonly unknown[] => {
    const value: unknown = state.json(key);
    if (Array.isArray(value)) return value;
    throw new InputError(`${who}: expected "${key}" of the saved model to be a list.`, {
      path: key,
    });
  };
  const machines = list("machines").map((entry, m): Machine => {
    const [rows, intercept] = numbers(entry, "rows", "intercept");
    if (rows === 0) {
      return { support: matrix(0, inputs), coefficients: new Float64Array(0), intercept };
    }
    const support = state.matrix(`support ${m}`, rows, inputs);
    return { support, coefficients: state.float64(`coefficients ${m}`, rows), intercept };
  });
  const isRegression = task.kind === "regression";
  const pairs = list("pairs").map((entry, m): Pair => {
    const [first, second, a, b] = numbers(entry, "first", "second", "a", "b");
    return { first, second, sigmoid: { a, b }, machine: machines[m] };
  });
  if (machines.length !== (isRegression ? 1 : pairs.length)) {
    throw new InputError(`${who}: the number of machines does not fit the task.`, {
      path: "machines",
    });
  }
  const [mean, scale, noiseStd] = numbers(state.json("target"), "mean", "scale", "noiseStd");
  return surrogateOf(
    {
      task,
      scaling: {
        mean: state.float64("inputMeans", inputs),
        scale: state.float64("inputScales", inputs),
      },
      gamma: state.number("gamma"),
      target: { mean, scale, noiseStd },
      regression: isRegression ? machines[0] : undefined,
      pairs,
    },
    summary,
  );
}

function checkOptions(options: SupportVectorOptions): void {
  const { cost, gamma, epsilon, tolerance, maxIterations, folds } = options;
  checkNumberOption(name, "cost", cost, { min: 1e-9, max: 1e12 });
  if (gamma !== null) checkNumberOption(name, "gamma", gamma, { min: 1e-12, max: 1e12 });
  checkNumberOption(name, "epsilon", epsilon, { min: 0 });
  checkNumberOption(name, "tolerance", tolerance, { min: 1e-12, max: 1 });
  checkNumberOption(name, "maxIterations", maxIterations, { min: 1, integer: true });
  checkNumberOption(name, "folds", folds, { min: 2, integer: true });
}

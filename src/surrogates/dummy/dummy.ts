import { matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type {
  FitInput,
  InputColumn,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { checkFitInput, checkPredictInput, withDefaults } from "../fit-input.ts";
import { columnsFromJson, columnsToJson } from "../saved-columns.ts";
import { readState } from "../saved-state.ts";
import { standardise } from "../standardise.ts";

/**
 * The baseline that looks at no input: the mean of the numbers, or the share of each class. Its
 * epistemic std is the standard error of that mean or share, its aleatoric std the sample's spread.
 */
export const dummy = {
  name: "dummy",
  title: "Mean or class shares",
  supports: { regression: true, classification: true, epistemic: true, aleatoric: true },
  defaults: {},
  fit: fitDummy,
  version: 1,
  load: loadDummy,
} as const satisfies SurrogateSpec;

/** See `dummy`. */
export async function fitDummy(input: FitInput, options?: object): Promise<Surrogate> {
  checkFitInput(dummy, input);
  withDefaults(dummy.name, dummy.defaults, options);
  const { x, y, task, work = {} } = input;
  await checkpoint(work, { label: dummy.name, done: 0, total: 1 });
  const [means, variances] =
    task.kind === "regression" ? spread(y) : shares(y, task.classes.length);
  const { columns } = input;
  const summary = { rows: x.rows };
  return surrogateOf({ task, inputs: x.columns, columns, rows: x.rows, means, variances, summary });
}

/** The baseline that was saved. @throws InputError for a damaged state */
export function loadDummy(saved: SavedSurrogate): Surrogate {
  const { task, inputs, summary } = saved;
  const read = readState(dummy.name, saved);
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  return surrogateOf({
    task,
    inputs,
    summary,
    columns: columnsFromJson(dummy.name, read.json("columns"), inputs),
    rows: read.number("rows"),
    means: read.float64("means", outputs),
    variances: read.float64("variances", outputs),
  });
}

interface State {
  readonly task: Task;
  readonly inputs: number;
  readonly columns: readonly InputColumn[] | undefined;
  /** Rows of the training. */
  readonly rows: number;
  /** Of each output: mean, and variance of one row. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly summary: Surrogate["summary"];
}

function surrogateOf(state: State): Surrogate {
  const { task, inputs, columns, rows: n, means, variances, summary } = state;
  return {
    name: dummy.name,
    task,
    inputs,
    summary,
    save: () => ({
      settings: { rows: n, columns: columnsToJson(columns) },
      arrays: { means, variances },
    }),
    predict: (rows) => {
      checkPredictInput(dummy.name, inputs, rows, columns);
      const repeat = (value: (k: number) => number) => {
        const result = matrix(rows.rows, means.length);
        for (let i = 0; i < result.data.length; i++) result.data[i] = value(i % means.length);
        return result;
      };
      return {
        mean: repeat((k) => means[k]),
        epistemicStd: repeat((k) => Math.sqrt(variances[k] / n)),
        aleatoricStd: repeat((k) => Math.sqrt(variances[k])),
      };
    },
  };
}

function spread(y: Float64Array): [Float64Array, Float64Array] {
  const { mean, values, scale } = standardise(y);
  const squares = values.reduce((sum, z) => sum + z * z, 0);
  return [Float64Array.of(mean), Float64Array.of((scale * scale * squares) / (y.length - 1))];
}

function shares(y: Float64Array, classes: number): [Float64Array, Float64Array] {
  const p = new Float64Array(classes);
  for (const label of y) p[label] += 1;
  for (let k = 0; k < classes; k++) p[k] /= y.length;
  return [p, p.map((share) => share * (1 - share))];
}

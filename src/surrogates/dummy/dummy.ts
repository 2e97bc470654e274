import { matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkPredictInput, withDefaults } from "../fit-input.ts";
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
} as const satisfies SurrogateSpec;

/** See `dummy`. */
export async function fitDummy(input: FitInput, options?: object): Promise<Surrogate> {
  checkFitInput(dummy, input);
  withDefaults(dummy.name, dummy.defaults, options);
  const { x, y, task, work = {} } = input;
  await checkpoint(work, { label: dummy.name, done: 0, total: 1 });
  const n = x.rows;
  const [means, variances] =
    task.kind === "regression" ? spread(y) : shares(y, task.classes.length);
  return {
    name: dummy.name,
    task,
    inputs: x.columns,
    summary: { rows: n },
    predict: (rows) => {
      checkPredictInput(dummy.name, x.columns, rows);
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

function spread(y: Float64Array): [number[], number[]] {
  const { mean, values, scale } = standardise(y);
  const squares = values.reduce((sum, z) => sum + z * z, 0);
  return [[mean], [(scale * scale * squares) / (y.length - 1)]];
}

function shares(y: Float64Array, classes: number): [number[], number[]] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of y) counts[label]++;
  const p = counts.map((count) => count / y.length);
  return [p, p.map((share) => share * (1 - share))];
}

import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Surrogate } from "../surrogates/contract.ts";
import type { ExplainedModel } from "./contract.ts";

/**
 * One output of a surrogate's mean prediction: the number, or the probability of one class.
 * @param output column of the mean, 0 for a number
 * @throws InputError for an output that the surrogate has not
 */
export function explainedModel(surrogate: Surrogate, output = 0): ExplainedModel {
  const { task, inputs, trees, plane, layers } = surrogate;
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  if (!(Number.isInteger(output) && output >= 0 && output < outputs)) {
    throw new InputError(
      `explainedModel: expected an output of 0 ... ${outputs - 1}, got ${output}.`,
      { path: "output", received: `${output}` },
    );
  }
  return {
    inputs,
    predict: (x) => columnOf(surrogate.predictMean?.(x) ?? surrogate.predict(x).mean, output),
    ...(surrogate.mixedMeans === undefined
      ? {}
      : {
          mixedMeans: (row: Float64Array, background: Matrix, choices: Uint8Array) =>
            columnOf(surrogate.mixedMeans!(row, background, choices), output),
        }),
    ...(trees === undefined ? {} : { trees: { ensemble: trees, output } }),
    ...(plane === undefined ? {} : { plane }),
    ...(layers === undefined ? {} : { layers: { networks: layers, output } }),
  };
}

/** Column k of a matrix, copied. */
export function columnOf(m: Matrix, k: number): Float64Array {
  const column = new Float64Array(m.rows);
  for (let i = 0, from = k; i < m.rows; i++, from += m.columns) column[i] = m.data[from];
  return column;
}

import { takeRows } from "../core/matrix.ts";
import type { FitInput } from "./contract.ts";

/** The chosen rows of what `fit` receives; its columns, stream and work stay. */
export function takeInput<Input extends Omit<FitInput, "rng">>(
  input: Input,
  rows: ArrayLike<number>,
): Input {
  const numbers = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length }, (_, i) => values[rows[i]]);
  const { x, y, noiseStd, groups } = input;
  return {
    ...input,
    x: takeRows(x, rows),
    y: numbers(y),
    ...(noiseStd === undefined ? {} : { noiseStd: numbers(noiseStd) }),
    ...(groups === undefined
      ? {}
      : { groups: Array.from({ length: rows.length }, (_, i) => groups[rows[i]]) }),
  };
}

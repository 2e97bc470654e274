import { takeRows } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { groupedKFold } from "../data/split.ts";
import type { FitInput } from "./contract.ts";
import { dealFolds } from "./folds.ts";

/**
 * Deals the rows of a training part to k folds, for what is chosen or calibrated inside a fit: rows of one
 * group stay together where the input has two groups or more, classes are mixed alike where it has none.
 * @returns the fold of each row, 0 ... folds - 1; fewer folds than asked where there are fewer groups or rows
 */
export function innerFolds(
  { y, task, groups }: Pick<FitInput, "y" | "task" | "groups">,
  k: number,
  rng: Rng,
): { readonly fold: Int32Array; readonly folds: number } {
  const count = groups === undefined ? 0 : new Set(groups).size;
  if (groups === undefined || count < 2) {
    const folds = Math.min(k, y.length);
    return { fold: dealFolds(y, task, folds, rng), folds };
  }
  const folds = Math.min(k, count);
  const fold = new Int32Array(y.length);
  groupedKFold(groups, folds, rng).forEach(({ test }, f) => {
    for (const row of test) fold[row] = f;
  });
  return { fold, folds };
}

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

import type { Rng } from "../core/rng.ts";
import type { Task } from "./contract.ts";

/**
 * Deals n rows to k folds of equal size, give or take one row; for classes with the same mix of labels in
 * each. Only which rows share a label counts, not how the labels are numbered.
 * @returns the fold of each row, 0 ... k - 1
 */
export function dealFolds(y: Float64Array, task: Task, k: number, rng: Rng): Int32Array {
  const order = rng.permutation(y.length);
  const groups = new Map<number, number[]>();
  for (const row of order) {
    const key = task.kind === "classification" ? y[row] : 0;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const fold = new Int32Array(y.length);
  let position = 0;
  for (const rows of groups.values()) for (const row of rows) fold[row] = position++ % k;
  return fold;
}

/** The rows of one fold, and those of all others, each in ascending order. */
export function rowsOfFold(
  fold: Int32Array,
  f: number,
): { readonly inside: Int32Array; readonly outside: Int32Array } {
  const all = Int32Array.from(fold.keys());
  return {
    inside: all.filter((row) => fold[row] === f),
    outside: all.filter((row) => fold[row] !== f),
  };
}

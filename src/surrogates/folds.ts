import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { Task } from "./contract.ts";

/**
 * Deals n rows to k folds of nearly equal size; for classes with nearly the same mix of labels in each.
 * Rows with equal inputs stay together, so that no row is judged by its own replicate, unless there are
 * fewer different rows than folds. Only which rows share a label counts, not how labels are numbered.
 * @param x inputs, n x d @param y n numbers, or class indices
 * @returns the fold of each row, 0 ... k - 1
 */
export function dealFolds(x: Matrix, y: Float64Array, task: Task, k: number, rng: Rng): Int32Array {
  const together = equalRows(x);
  const { order, starts } =
    together.starts.length > k
      ? together
      : {
          order: together.order.sort(),
          starts: Int32Array.from({ length: x.rows + 1 }, (_, i) => i),
        };
  // Groups by the label of their first row, in random order.
  const strata = new Map<number, number[]>();
  for (const g of rng.permutation(starts.length - 1)) {
    const label = task.kind === "classification" ? y[order[starts[g]]] : 0;
    const stratum = strata.get(label);
    if (stratum === undefined) strata.set(label, [g]);
    else stratum.push(g);
  }
  const fold = new Int32Array(y.length);
  const sizes = new Int32Array(k);
  for (const stratum of strata.values()) {
    for (const g of stratum) {
      let smallest = 0;
      for (let f = 1; f < k; f++) if (sizes[f] < sizes[smallest]) smallest = f;
      sizes[smallest] += starts[g + 1] - starts[g];
      for (let p = starts[g]; p < starts[g + 1]; p++) fold[order[p]] = smallest;
    }
  }
  return fold;
}

/**
 * Rows of x with equal numbers (missing ones are equal to each other): group g has the rows
 * `order[starts[g]] ... order[starts[g + 1] - 1]`.
 */
function equalRows({ data, rows, columns }: Matrix): { order: Int32Array; starts: Int32Array } {
  const compare = (a: number, b: number): number => {
    for (let j = 0; j < columns; j++) {
      const one = data[a * columns + j];
      const other = data[b * columns + j];
      if (one < other) return -1;
      if (one > other) return 1;
      const difference = Number(Number.isNaN(one)) - Number(Number.isNaN(other));
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const order = Int32Array.from({ length: rows }, (_, i) => i).sort(
    (a, b) => compare(a, b) || a - b,
  );
  const starts = [0];
  for (let p = 1; p < rows; p++) if (compare(order[p - 1], order[p]) !== 0) starts.push(p);
  starts.push(rows);
  return { order, starts: Int32Array.from(starts) };
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

import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import type { FitInput } from "./contract.ts";

/**
 * Deals n rows to k folds of nearly equal size; for classes with nearly the same mix of labels in each. Relatives
 * stay together, so that no row is judged by one of its own: rows of one group where the input has two groups or
 * more, else rows with equal inputs (unless fewer rows differ than there are folds). Only which rows share a label
 * counts, not how labels are numbered.
 * @returns the fold of each row, 0 ... folds - 1, and the number of folds: k, or fewer with fewer groups or rows
 */
export function dealFolds(
  { x, y, task, groups }: Pick<FitInput, "x" | "y" | "task" | "groups">,
  k: number,
  rng: Rng,
): { readonly fold: Int32Array; readonly folds: number } {
  const { order, starts } = relatives(x, groups, k);
  const folds = Math.min(k, starts.length - 1);
  // Groups by the label of their first row, in random order.
  const strata = new Map<number, number[]>();
  for (const g of rng.permutation(starts.length - 1)) {
    const label = task.kind === "classification" ? y[order[starts[g]]] : 0;
    const stratum = strata.get(label);
    if (stratum === undefined) strata.set(label, [g]);
    else stratum.push(g);
  }
  const fold = new Int32Array(y.length);
  const sizes = new Int32Array(folds);
  for (const stratum of strata.values()) {
    for (const g of stratum) {
      let smallest = 0;
      for (let f = 1; f < folds; f++) if (sizes[f] < sizes[smallest]) smallest = f;
      sizes[smallest] += starts[g + 1] - starts[g];
      for (let p = starts[g]; p < starts[g + 1]; p++) fold[order[p]] = smallest;
    }
  }
  return { fold, folds };
}

/** Rows that stay together: relatives g are the rows `order[starts[g]] ... order[starts[g + 1] - 1]`. */
interface Relatives {
  readonly order: Int32Array;
  readonly starts: Int32Array;
}

function relatives(x: Matrix, groups: readonly string[] | undefined, k: number): Relatives {
  const numbers = new Map<string, number>();
  for (const group of groups ?? []) numbers.set(group, numbers.get(group) ?? numbers.size);
  if (groups !== undefined && numbers.size > 1) {
    const number = groups.map((group) => numbers.get(group)!);
    return runs(x.rows, (a, b) => number[a] - number[b]);
  }
  const equal = runs(x.rows, (a, b) => compareRows(x, a, b));
  return equal.starts.length > k ? equal : runs(x.rows, (a, b) => a - b);
}

/** Runs of rows between which the comparison tells no difference. */
function runs(rows: number, compare: (a: number, b: number) => number): Relatives {
  const order = Int32Array.from({ length: rows }, (_, i) => i).sort(
    (a, b) => compare(a, b) || a - b,
  );
  const starts = [0];
  for (let p = 1; p < rows; p++) if (compare(order[p - 1], order[p]) !== 0) starts.push(p);
  starts.push(rows);
  return { order, starts: Int32Array.from(starts) };
}

/** Orders two rows of x by their numbers; missing ones are equal to each other. */
function compareRows({ data, columns }: Matrix, a: number, b: number): number {
  for (let j = 0; j < columns; j++) {
    const one = data[a * columns + j];
    const other = data[b * columns + j];
    if (one < other) return -1;
    if (one > other) return 1;
    const difference = Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    if (difference !== 0) return difference;
  }
  return 0;
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

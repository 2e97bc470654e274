import type { Matrix } from "../../core/matrix.ts";
import type { Kernels } from "../../kernels/instance.ts";
import type { Forest } from "./forest.ts";

/** Rows in a set: as many as src/kernels/assembly/row-sets.ts takes at once. */
export const setRows = 512;
const setBytes = setRows / 8;

/** Most bits of the number of a leaf in its tree. */
const mostPlanes = 16;

/** Fewest rows that make up for what a block of rows costs, however small the trees are. */
const fewestRows = 64;

/** Rows sorted into the leaves of trees set by set, for many rows and trees with few leaves. */
export interface RowSets {
  /** Takes `count` (at most `setRows`) rows of x from row `first` on. */
  load(x: Matrix, first: number, count: number): void;
  /** Writes the numbers of the leaves of one tree that the rows reach. */
  reach(tree: number): void;
}

/** Trees for each input, and rows for each leaf, from which on sets are faster; measured. */
const treesPerInput = 12;
const rowsPerLeaf = 1.75;

/**
 * Fewest rows for which sets are faster than steps from node to node: a set costs its tree the same however many
 * rows it holds. Infinite for so few trees that it does not pay to sort the rows by each input.
 */
export function rowsForSets({ trees, inputs, roots, left }: Forest): number {
  if (trees < treesPerInput * inputs) return Infinity;
  return roots.reduce((most, root, t) => {
    const leaves = ((roots[t + 1] ?? left.length) - root + 1) / 2;
    return Math.max(most, Math.ceil(rowsPerLeaf * leaves));
  }, fewestRows);
}

/** Lays trees out. @param leaves address of the numbers that `reach` writes, room for `setRows` u32 */
export function rowSets(
  forest: Forest,
  { functions, heap }: Pick<Kernels, "functions" | "heap">,
  leaves: number,
): RowSets {
  const { inputs, trees, roots, feature, left } = forest;
  const { thresholds, start, conditionOf } = conditionsOf(forest);
  const words = (count: number): number => heap.allocate(Math.ceil(count / 2));
  const thresholdsAt = heap.store(thresholds);
  const conditions = words(thresholds.length);
  const byCondition = words((thresholds.length + 1) / 2);
  const byRow = words(setRows / 2);
  const numbers = heap.allocate(setRows * inputs);
  const inputSets = words(((setRows + 1) * setBytes * inputs) / 4);
  const planes = words((mostPlanes * setBytes) / 4);
  const splits = words((3 * (left.length - trees)) / 2);
  const end = (t: number): number => roots[t + 1] ?? left.length;
  const leavesIn = roots.map((root, t) => (end(t) - root + 1) / 2);
  const sets = words(((2 * Math.max(...leavesIn) - 1) * setBytes) / 4);

  const records = new Uint32Array(heap.view(0, 0).buffer, splits, 1.5 * (left.length - trees));
  const offset = new Uint32Array(left.length);
  let k = 0;
  for (let t = 0; t < trees; t++) {
    // Sets of a tree's leaves come first, then those of its splits.
    const firstLeaf = (roots[t] + t) / 2;
    let place = leavesIn[t];
    for (let node = roots[t]; node < end(t); node++) {
      offset[node] = setBytes * (feature[node] < 0 ? left[node] - firstLeaf : place++);
    }
    for (let node = roots[t]; node < end(t); node++) {
      if (feature[node] < 0) continue;
      records[k++] = conditionOf[node];
      records[k++] = offset[left[node]];
      records[k++] = offset[left[node] + 1];
    }
  }

  let rows = 0;
  return {
    load(x, first, count) {
      rows = count;
      const column = heap.view(numbers, setRows);
      for (let j = 0; j < inputs; j++) {
        for (let i = 0; i < count; i++) column[i] = x.data[(first + i) * x.columns + j];
        functions.conditionSets(
          count,
          numbers,
          start[j + 1] - start[j],
          thresholdsAt + 8 * start[j],
          byCondition,
          byRow,
          conditions + 4 * start[j],
          inputSets + (setRows + 1) * setBytes * j,
        );
      }
    },
    reach(tree) {
      const firstLeaf = (roots[tree] + tree) / 2;
      functions.reachLeaves(
        leavesIn[tree],
        splits + 12 * (firstLeaf - tree),
        conditions,
        sets,
        planes,
        rows,
        firstLeaf,
        leaves,
      );
    },
  };
}

/** The different conditions `x[j] <= threshold` of a forest: those of input j from `start[j]` on, ascending. */
function conditionsOf({ inputs, feature, threshold }: Forest): {
  readonly thresholds: Float64Array;
  readonly start: Int32Array;
  /** The condition of each node that is a split. */
  readonly conditionOf: Int32Array;
} {
  const found = Array.from({ length: inputs }, (): number[] => []);
  feature.forEach((j, node) => {
    if (j >= 0) found[j].push(threshold[node]);
  });
  const sorted = found.map((numbers) =>
    Float64Array.from(numbers)
      .sort()
      .filter((number, k, all) => number !== all[k - 1]),
  );
  const start = new Int32Array(inputs + 1);
  sorted.forEach((numbers, j) => (start[j + 1] = start[j] + numbers.length));
  const thresholds = new Float64Array(start[inputs]);
  sorted.forEach((numbers, j) => thresholds.set(numbers, start[j]));
  const conditionOf = feature.map((j, node) => {
    if (j < 0) return -1;
    let low = start[j];
    for (let high = start[j + 1] - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (thresholds[middle] < threshold[node]) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return { thresholds, start, conditionOf };
}

import type { Matrix } from "../../core/matrix.ts";
import { residentKernels, type Kernels } from "../../kernels/instance.ts";
import type { Forest } from "./forest.ts";
import { LeafSums } from "./leaf-sums.ts";

/** Rows that walk through the forest together: a tree is read once for all of them. */
export const blockRows = 1024;

/** Words of a node, as src/kernels/assembly/forest.ts reads them. */
const nodeWords = 4;
const nodeBytes = 4 * nodeWords;

/** Upper half of a NaN: the threshold of leaves, whose lower half holds the leaf's number. */
const leafMark = 0x7ff80000;

/** Trees laid out in the memory of kernels of their own, where they stay as long as this is used. */
export interface ResidentTrees extends Pick<Kernels, "functions" | "heap"> {
  /** Address of the leaves, 32-bit integers, that `leavesOf` found last. */
  readonly leaves: number;
  /** Takes up to `blockRows` rows of x from row `first` on; returns how many. */
  load(x: Matrix, first: number): number;
  /** The leaf of a tree that each loaded row reaches; void after the next call. */
  leavesOf(tree: number): Int32Array;
}

/** Lays trees out for rows to walk through. */
export function residentTrees(forest: Forest): ResidentTrees {
  const { inputs, roots } = forest;
  const { functions, heap } = residentKernels();
  const nodes = heap.allocate((forest.left.length * nodeBytes) / 8);
  const rows = heap.allocate(blockRows * inputs);
  const leaves = heap.allocate(blockRows / 2);
  storeNodes(forest, nodes, heap.view(nodes, (forest.left.length * nodeBytes) / 8));
  let count = 0;
  return {
    functions,
    heap,
    leaves,
    load: (x, first) => {
      count = Math.min(blockRows, x.rows - first);
      heap
        .view(rows, count * inputs)
        .set(x.data.subarray(first * inputs, (first + count) * inputs));
      return count;
    },
    leavesOf: (tree) => {
      // Rows of an earlier block, or zeros, fill up to a multiple of eight.
      const walking = Math.ceil(count / 8) * 8;
      functions.walkTree(walking, rows, 8 * inputs, nodes + roots[tree] * nodeBytes, leaves);
      return new Int32Array(heap.view(leaves, 0).buffer, leaves, count);
    },
  };
}

/**
 * Sends rows through all trees; returns what the leaves that they reach say.
 * @param visit told the leaves of each tree for up to `blockRows` rows from `first` on, void after the call
 */
export type Walk = (
  x: Matrix,
  visit?: (tree: number, first: number, leaves: Int32Array) => void,
) => LeafSums;

/** Lays a forest out for sums over all its trees. */
export function walkOf(forest: Forest): Walk {
  const { outputs, trees } = forest;
  const resident = residentTrees(forest);
  const { functions, heap, leaves } = resident;
  const means = heap.store(forest.leafMean);
  const hasVariance = forest.leafVariance.some((variance) => variance > 0);
  const variances = hasVariance ? heap.store(forest.leafVariance) : 0;
  const sum = heap.allocate(blockRows * outputs);
  const squares = heap.allocate(blockRows * outputs);
  const inside = heap.allocate(blockRows);
  const unused = heap.allocate(blockRows);

  return (x, visit) => {
    const result = new LeafSums(x.rows, outputs);
    result.trees.fill(trees);
    for (let first = 0; first < x.rows; first += blockRows) {
      const count = resident.load(x, first);
      heap.view(sum, count * outputs).fill(0);
      heap.view(squares, count * outputs).fill(0);
      heap.view(inside, count).fill(0);
      for (let tree = 0; tree < trees; tree++) {
        const reached = resident.leavesOf(tree);
        visit?.(tree, first, reached);
        functions.addLeaves(count, leaves, outputs, means, sum, squares);
        if (hasVariance) functions.addLeaves(count, leaves, 1, variances, inside, unused);
      }
      result.sum.set(heap.view(sum, count * outputs), first * outputs);
      result.squares.set(heap.view(squares, count * outputs), first * outputs);
      if (outputs === 1) result.inside.set(heap.view(inside, count), first);
    }
    return result;
  };
}

function storeNodes(
  { feature, threshold, left }: Forest,
  address: number,
  numbers: Float64Array,
): void {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  for (let node = 0; node < left.length; node++) {
    const at = node * nodeWords;
    const isLeaf = feature[node] < 0;
    if (isLeaf) {
      words[at] = left[node];
      words[at + 1] = leafMark;
    } else {
      numbers[at / 2] = threshold[node];
    }
    words[at + 2] = isLeaf ? 0 : 8 * feature[node];
    words[at + 3] = address + nodeBytes * (isLeaf ? node : left[node]);
  }
}

import type { Matrix } from "../../core/matrix.ts";
import { residentKernels, type Kernels } from "../../kernels/instance.ts";
import type { Forest } from "./forest.ts";
import { LeafSums } from "./leaf-sums.ts";
import { rowSets, rowsForSets, setRows, type RowSets } from "./row-sets.ts";

/** Rows that go through the forest together: a tree is read once for all of them. */
export const blockRows = setRows;

/** Rows that walk side by side. */
const lanes = 16;

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

/** Lays trees out. Rows walk from node to node, or, where they are many, are sorted into the leaves set by set. */
export function residentTrees(forest: Forest): ResidentTrees {
  const { inputs, roots } = forest;
  const steps = sureSteps(forest);
  const { functions, heap } = residentKernels();
  const nodes = heap.allocate((forest.left.length * nodeBytes) / 8);
  const rows = heap.allocate(blockRows * inputs);
  const leaves = heap.allocate(blockRows / 2);
  storeNodes(forest, nodes, heap.view(nodes, (forest.left.length * nodeBytes) / 8));
  const enough = rowsForSets(forest);
  let sets: RowSets | undefined;
  let count = 0;
  return {
    functions,
    heap,
    leaves,
    load: (x, first) => {
      count = Math.min(blockRows, x.rows - first);
      if (count >= enough) {
        sets ??= rowSets(forest, { functions, heap }, leaves);
        sets.load(x, first, count);
        return count;
      }
      const numbers = heap.view(rows, blockRows * inputs);
      for (let i = 0, from = first * inputs; i < count; i++) {
        const to = Math.floor(i / lanes) * lanes * inputs + (i % lanes);
        for (let j = 0; j < inputs; j++) numbers[to + lanes * j] = x.data[from++]!;
      }
      return count;
    },
    leavesOf: (tree) => {
      if (count >= enough) {
        sets!.reach(tree);
      } else {
        // Rows of an earlier block, or zeros, fill up the last of them.
        const root = nodes + roots[tree] * nodeBytes;
        const walking = Math.ceil(count / lanes);
        functions.walkTree(walking, rows, 8 * lanes * inputs, root, steps[tree], leaves);
      }
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
  const { outputs, trees, leafMean, leafVariance } = forest;
  const resident = residentTrees(forest);
  const { functions, heap, leaves } = resident;
  const hasVariance = leafVariance.some((variance) => variance > 0);
  // Pairs of numbers that are summed up: value and square for each output, and the variance with a zero.
  const width = outputs + Number(hasVariance);
  const pairs = heap.allocate((2 * width * leafMean.length) / outputs);
  const sums = heap.allocate(2 * width * blockRows);
  const table = heap.view(pairs, (2 * width * leafMean.length) / outputs);
  for (let leaf = 0, k = 0; k < leafMean.length; leaf++) {
    for (let to = 2 * width * leaf, o = 0; o < outputs; o++, k++, to += 2) {
      table[to] = leafMean[k];
      table[to + 1] = leafMean[k] * leafMean[k];
    }
    if (hasVariance) table[2 * (width * leaf + outputs)] = leafVariance[leaf];
  }

  return (x, visit) => {
    const result = new LeafSums(x.rows, outputs);
    result.trees.fill(trees);
    for (let first = 0; first < x.rows; first += blockRows) {
      const count = resident.load(x, first);
      const total = heap.view(sums, 2 * width * blockRows);
      total.fill(0, 0, 2 * width * count);
      for (let tree = 0; tree < trees; tree++) {
        const reached = resident.leavesOf(tree);
        visit?.(tree, first, reached);
        functions.addLeaves(count, leaves, width, pairs, sums);
      }
      for (let p = 0; p < count; p++) {
        const from = 2 * width * p;
        for (let o = 0; o < outputs; o++) {
          result.sum[(first + p) * outputs + o] = total[from + 2 * o];
          result.squares[(first + p) * outputs + o] = total[from + 2 * o + 1];
        }
        if (hasVariance) result.inside[first + p] = total[from + 2 * outputs];
      }
    }
    return result;
  };
}

/**
 * Steps of each tree that rows may take before anything is asked: the depth that half of its leaves exceed.
 * A leaf leads to itself, so that steps too many do no harm.
 */
function sureSteps({ roots, feature, left }: Forest): Int32Array {
  const depth = new Int32Array(left.length);
  return roots.map((root, t) => {
    const end = t + 1 < roots.length ? roots[t + 1] : left.length;
    const depths: number[] = [];
    // Children lie behind their parents.
    for (let node = root; node < end; node++) {
      if (feature[node] < 0) depths.push(depth[node]);
      else depth[left[node]] = depth[left[node] + 1] = depth[node] + 1;
    }
    return depths.sort((a, b) => a - b)[depths.length >> 1];
  });
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
    words[at + 2] = isLeaf ? 0 : 8 * lanes * feature[node];
    words[at + 3] = address + nodeBytes * (isLeaf ? node : left[node]);
  }
}

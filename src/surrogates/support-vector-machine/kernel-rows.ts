import { correlations, even } from "../../core/linalg/covariance.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Heap } from "../../kernels/heap.ts";
import { residentKernels, type KernelFunctions } from "../../kernels/instance.ts";

/** Memory for the problems of one training, one after the other. */
export interface Workspace {
  readonly heap: Heap;
  readonly functions: KernelFunctions;
  /** Addresses of points (row by row, and coordinate by coordinate) and of kept rows. */
  readonly points: number;
  readonly turned: number;
  readonly kept: number;
  /** Numbers that kept rows may take. */
  readonly budget: number;
  /** Addresses of errors, of what is added to them, and of three results. */
  readonly errors: number;
  readonly ups: number;
  readonly lows: number;
  readonly result: number;
}

/** Most numbers that kept rows may take: 256 MiB. */
const largestBudget = 2 ** 25;

/** Memory for problems of at most n rows of d inputs. */
export function workspaceFor(n: number, d: number): Workspace {
  const { heap, functions } = residentKernels();
  const ld = even(n);
  const budget = Math.max(2 * ld, Math.min(n * ld, largestBudget));
  const [points, turned, kept, errors, ups, lows, result] = [
    n * d,
    d * ld,
    budget,
    ld,
    ld,
    ld,
    3,
  ].map((count) => heap.allocate(count));
  return { heap, functions, points, turned, kept, budget, errors, ups, lows, result };
}

/** Rows of the matrix exp(-gamma |x_i - x_j|^2) on the heap, computed when asked for and kept. */
export interface KernelRows {
  /** Row length: the number of points, made even. */
  readonly ld: number;
  /** Address of row i; valid until the next but one other row is asked for. */
  row(i: number): number;
}

/** Rows in the workspace; what it held before is lost. @param x points, n x d */
export function kernelRows(
  { heap, functions, points, turned, kept, budget }: Workspace,
  x: Matrix,
  gamma: number,
): KernelRows {
  const [n, d] = [x.rows, x.columns];
  const ld = even(n);
  // The kernel of the heap is exp(-r^2 / 2).
  const scale = Math.sqrt(2 * gamma);
  heap.view(points, n * d).set(x.data.map((value) => value * scale));
  const coordinates = heap.view(turned, d * ld).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) coordinates[j * ld + i] = x.data[i * d + j] * scale;
  }
  const slots = Math.max(2, Math.min(n, Math.floor(budget / ld)));
  const slotOf = new Int32Array(n).fill(-1);
  const rowIn = new Int32Array(slots).fill(-1);
  const isRecent = new Uint8Array(slots);
  let hand = 0;
  let used = 0;
  let last = -1;
  const { code } = correlations.rbf;
  /** A free slot, or the next one that was not asked for since the hand passed it. */
  const freeSlot = (): number => {
    if (used < slots) return used++;
    for (;;) {
      hand = (hand + 1) % slots;
      if (hand === last) continue;
      if (isRecent[hand] === 0) return hand;
      isRecent[hand] = 0;
    }
  };
  return {
    ld,
    row: (i) => {
      let slot = slotOf[i];
      if (slot < 0) {
        slot = freeSlot();
        if (rowIn[slot] >= 0) slotOf[rowIn[slot]] = -1;
        rowIn[slot] = i;
        slotOf[i] = slot;
        const out = kept + 8 * slot * ld;
        functions.covariance(code, 1, 1, n, d, 1, points + 8 * i * d, turned, ld, out, ld, 0);
      }
      isRecent[slot] = 1;
      last = slot;
      return kept + 8 * slot * ld;
    },
  };
}

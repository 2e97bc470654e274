import { correlations, even } from "../../core/linalg/covariance.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Kernels } from "../../kernels/instance.ts";

/** Rows of the matrix exp(-gamma |x_i - x_j|^2) on the heap, computed when asked for and kept. */
export interface KernelRows {
  /** Row length: the number of points, made even. */
  readonly ld: number;
  /** Address of row i; valid until the next but one other row is asked for. */
  row(i: number): number;
}

/** Numbers that kept rows may take: 256 MiB. */
const budget = 2 ** 25;

/** Call it inside a scope of the heap. @param x points, n x d */
export function kernelRows(
  { heap, functions }: Pick<Kernels, "functions" | "heap">,
  x: Matrix,
  gamma: number,
): KernelRows {
  const [n, d] = [x.rows, x.columns];
  const ld = even(n);
  // The kernel of the heap is exp(-r^2 / 2).
  const scale = Math.sqrt(2 * gamma);
  const points = heap.store(x.data.map((value) => value * scale));
  const turned = heap.allocate(d * ld);
  const coordinates = heap.view(turned, d * ld).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) coordinates[j * ld + i] = x.data[i * d + j] * scale;
  }
  const slots = Math.max(2, Math.min(n, Math.floor(budget / ld)));
  const address = heap.allocate(slots * ld);
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
        const out = address + 8 * slot * ld;
        functions.covariance(code, 1, 1, n, d, 1, points + 8 * i * d, turned, ld, out, ld, 0);
      }
      isRecent[slot] = 1;
      last = slot;
      return address + 8 * slot * ld;
    },
  };
}

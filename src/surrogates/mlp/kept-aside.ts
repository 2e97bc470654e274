import type { Rng } from "../../core/rng.ts";
import type { Task } from "../contract.ts";

/** Fewer rows are all trained on: too few to stop by. */
const leastRowsToHoldOut = 20;

/** Rows by their index. */
export interface DividedRows {
  readonly training: Int32Array;
  readonly heldOut: Int32Array;
}

/**
 * Random rows to train on and to keep aside; of each class and each source the same share, whatever its index.
 * @param heads source of each row
 */
export function divideRows(
  y: Float64Array,
  task: Task,
  heads: Int32Array | undefined,
  share: number,
  rng: Rng,
): DividedRows {
  const rows = y.length;
  const order = rng.permutation(rows);
  if (rows < leastRowsToHoldOut || share === 0) {
    return { training: order, heldOut: new Int32Array(0) };
  }
  const groupOf = (row: number): string =>
    `${heads?.[row] ?? 0} ${task.kind === "classification" ? y[row] : 0}`;
  const sizes = new Map<string, number>();
  for (const row of order) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
  const taken = new Map<string, number>();
  const training: number[] = [];
  const heldOut: number[] = [];
  for (const row of order) {
    const group = groupOf(row);
    const count = taken.get(group) ?? 0;
    const isTaken = count < Math.round(share * sizes.get(group)!);
    if (isTaken) taken.set(group, count + 1);
    (isTaken ? heldOut : training).push(row);
  }
  return { training: Int32Array.from(training), heldOut: Int32Array.from(heldOut) };
}

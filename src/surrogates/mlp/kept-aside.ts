import type { Rng } from "../../core/rng.ts";
import type { Task } from "../contract.ts";

/** Fewer rows are all trained on: too few to stop by. */
const leastRowsToHoldOut = 20;

/** Rows by their index. */
export interface DividedRows {
  readonly training: Int32Array;
  readonly heldOut: Int32Array;
}

/** What is known of the rows beside their targets. */
export interface RowTraits {
  /** Source of each row. */
  readonly heads?: Int32Array | undefined;
  /** Key of each row; rows of one key stay together. */
  readonly groups?: readonly string[] | undefined;
}

/**
 * Random rows to train on and to keep aside: of each class and each source the same share, whatever its index; or
 * whole groups, as many as come nearest to the share, so that rows kept aside are new in what groups share.
 */
export function divideRows(
  y: Float64Array,
  task: Task,
  { heads, groups }: RowTraits,
  share: number,
  rng: Rng,
): DividedRows {
  const rows = y.length;
  const order = rng.permutation(rows);
  if (rows < leastRowsToHoldOut || share === 0) {
    return { training: order, heldOut: new Int32Array(0) };
  }
  if (groups !== undefined) return divideGroups(order, groups, share);
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

function divideGroups(order: Int32Array, groups: readonly string[], share: number): DividedRows {
  const sizes = new Map<string, number>();
  for (const row of order) sizes.set(groups[row], (sizes.get(groups[row]) ?? 0) + 1);
  const target = share * order.length;
  const aside = new Set<string>();
  let count = 0;
  // A map keeps the order in which groups were met, which is random.
  for (const [group, size] of sizes) {
    if (count + size / 2 > target) continue;
    aside.add(group);
    count += size;
  }
  return {
    training: order.filter((row) => !aside.has(groups[row])),
    heldOut: order.filter((row) => aside.has(groups[row])),
  };
}

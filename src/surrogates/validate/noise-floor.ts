import { rowOf, type Matrix } from "../../core/matrix.ts";
import { variance } from "../../core/statistics.ts";
import type { Task } from "../contract.ts";

/** What repeated measurements of equal inputs say of the best that any model of these inputs can reach. */
export interface NoiseFloor {
  /** Sets of two or more rows with equal inputs. */
  readonly sets: number;
  /** Rows in these sets. */
  readonly rows: number;
  /** Whether there are sets enough to say something of the other rows. */
  readonly isEnough: boolean;
  /** For numbers: standard deviation inside the sets, pooled, in the unit of the target. */
  readonly pooledStd?: number;
  /** Standard error of `pooledStd` for normal noise: few replicates say little. */
  readonly pooledStdError?: number;
  /** For numbers: R2 of a model whose only error is that noise; at least 0. */
  readonly r2Ceiling?: number;
  /** For classes: accuracy inside the sets of a model that says each set's most frequent class. */
  readonly accuracyCeiling?: number;
}

/** With fewer sets of equal inputs the estimate says nothing of the other rows. */
const leastSets = 10;

/**
 * Noise estimated from replicates: `pooledStd^2 = sum (y - mean of its set)^2 / (rows - sets)`, and
 * `r2Ceiling = 1 - pooledStd^2 / var(y)` over all rows. It holds for all rows as far as the replicates
 * are typical of them. The standard
 * error is `pooledStd / sqrt(2 (rows - sets))`. `null` where no two rows have equal inputs.
 * @param x inputs, n x d; rows are replicates when every input is the same number, and a missing one (NaN) is not
 */
export function noiseFloor(x: Matrix, y: Float64Array, task: Task): NoiseFloor | null {
  const sets = replicateSets(x);
  if (sets.length === 0) return null;
  const rows = sets.reduce((sum, set) => sum + set.length, 0);
  const size = { sets: sets.length, rows, isEnough: sets.length >= leastSets };
  if (task.kind === "classification") {
    const right = sets.reduce((sum, set) => sum + mostFrequent(set, y, task.classes.length), 0);
    return { ...size, accuracyCeiling: right / rows };
  }
  let squares = 0;
  for (const set of sets) {
    const mean = set.reduce((sum, row) => sum + y[row], 0) / set.length;
    for (const row of set) squares += (y[row] - mean) * (y[row] - mean);
  }
  const noise = squares / (rows - sets.length);
  const spread = variance(y);
  return {
    ...size,
    pooledStd: Math.sqrt(noise),
    pooledStdError: Math.sqrt(noise / (2 * (rows - sets.length))),
    r2Ceiling: spread > 0 ? Math.max(0, 1 - noise / spread) : 0,
  };
}

/** Sets of rows whose inputs are all equal, in the order of their first rows. */
function replicateSets(x: Matrix): number[][] {
  const sets = new Map<string, number[]>();
  for (let i = 0; i < x.rows; i++) {
    const row = rowOf(x, i);
    if (row.some(Number.isNaN)) continue;
    const key = row.join(" ");
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [i]);
    else set.push(i);
  }
  return [...sets.values()].filter((set) => set.length > 1);
}

function mostFrequent(set: readonly number[], y: Float64Array, classes: number): number {
  const count = new Int32Array(classes);
  for (const row of set) count[y[row]]++;
  return Math.max(...count);
}

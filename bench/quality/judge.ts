import { takeRows } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import type { Split } from "../../src/data/split.ts";
import type { SurrogateSpec } from "../../src/surrogates/contract.ts";
import {
  judge,
  pool,
  trainingPart,
  type ValidationData,
} from "../../src/surrogates/validate/held-out.ts";
import { scoresOf } from "../../src/surrogates/validate/scores.ts";

/** Metrics of each split, and of the test rows of all splits together. */
export interface SplitScores {
  readonly each: readonly Readonly<Record<string, number>>[];
  readonly pooled: Readonly<Record<string, number>>;
}

/** Learns from the training rows of each split, with the split's number as seed, and judges on its test rows. */
export async function judgeOn<Options extends object>(
  data: ValidationData,
  splits: readonly Split[],
  spec: SurrogateSpec<Options>,
  options?: Partial<Options>,
): Promise<SplitScores> {
  const parts = [];
  for (const [k, { train, test }] of splits.entries()) {
    const input = { ...trainingPart(data, spec, train, data.groups), rng: createRng(k) };
    parts.push(judge(await spec.fit(input, options), data, test));
  }
  return {
    each: parts.map((part) => scoresOf(part, data.task)),
    pooled: scoresOf(pool(parts), data.task),
  };
}

/** The splits that test one fold each. */
export function splitsOfFolds(fold: Int32Array): Split[] {
  const rows = Int32Array.from(fold.keys());
  const folds = 1 + fold.reduce((most, f) => Math.max(most, f), 0);
  return Array.from({ length: folds }, (_, f) => ({
    train: rows.filter((row) => fold[row] !== f),
    test: rows.filter((row) => fold[row] === f),
  }));
}

/** Only these rows. */
export function takeData(data: ValidationData, rows: Int32Array): ValidationData {
  const { groups } = data;
  return {
    ...data,
    x: takeRows(data.x, rows),
    y: Float64Array.from(rows, (row) => data.y[row]),
    ...(groups === undefined ? {} : { groups: Array.from(rows, (row) => groups[row]) }),
  };
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function stdOf(values: readonly number[]): number {
  const middle = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
}

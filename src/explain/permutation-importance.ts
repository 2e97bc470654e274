import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { mean, standardDeviation } from "../core/statistics.ts";
import { checkpoint, type Work } from "../core/work.ts";
import type { Task } from "../surrogates/contract.ts";
import { checkNumberOption } from "../surrogates/fit-input.ts";
import { brier } from "../surrogates/metrics/classification.ts";
import { rmse } from "../surrogates/metrics/regression.ts";
import type { FeatureGroup } from "./contract.ts";

/** Rows that a model has not seen, with what was measured. */
export interface HeldOutPart {
  /** Mean predictions, n x outputs. */
  readonly predict: (x: Matrix) => Matrix;
  readonly x: Matrix;
  /** n numbers, or class indices. */
  readonly y: Float64Array;
}

/** How bad predictions are; lower is better. */
export interface Loss {
  readonly name: string;
  of(measured: Float64Array, predicted: Matrix): number;
}

/** Root mean squared error for numbers (in their unit), Brier score for classes. */
export function lossFor(task: Task): Loss {
  return task.kind === "regression"
    ? { name: "RMSE", of: (measured, predicted) => rmse(measured, predicted.data) }
    : { name: "Brier score", of: brier };
}

export interface PermutationImportance {
  /** Loss of the predictions as they are. */
  readonly loss: number;
  /** Per feature: mean growth of the loss when its values are shuffled; near 0 or below = not needed. */
  readonly increase: Float64Array;
  /** Standard deviation of the growth over the repeats, 0 for one repeat. */
  readonly std: Float64Array;
}

export interface PermutationSettings {
  readonly loss: Loss;
  /** Columns shuffled together; default: every column by itself. */
  readonly groups?: readonly FeatureGroup[];
  /** Shuffles per feature. Default 5. */
  readonly repeats?: number;
  readonly rng: Rng;
  readonly work?: Work;
}

/**
 * How much worse predictions of held-out rows become when one feature is shuffled among them. Works for
 * any model; correlated features stand in for each other and share what they are worth.
 * Source: L. Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324; for any model: A. Fisher, C.
 * Rudin, F. Dominici, J. Mach. Learn. Res. 20, 177 (2019).
 * @param parts folds, each with the model that has not seen it; the loss is taken over all rows together
 * @throws InputError without rows, ShapeError for parts that do not fit together
 */
export async function permutationImportance(
  parts: readonly HeldOutPart[],
  { loss, groups, repeats = 5, rng, work = {} }: PermutationSettings,
): Promise<PermutationImportance> {
  checkNumberOption("permutationImportance", "repeats", repeats, {
    min: 1,
    max: 1000,
    integer: true,
  });
  const columns = checkParts(parts);
  const features = groups ?? Array.from({ length: columns }, (_, j) => [j]);
  const measured = Float64Array.from(parts.flatMap(({ y }) => [...y]));
  const base = loss.of(measured, stack(parts.map(({ predict, x }) => predict(x))));
  const increase = new Float64Array(features.length);
  const std = new Float64Array(features.length);
  for (const [g, group] of features.entries()) {
    const growth: number[] = [];
    for (let r = 0; r < repeats; r++) {
      await checkpoint(work, {
        label: "permutation importance",
        done: g * repeats + r,
        total: features.length * repeats,
      });
      const stream = rng.fork(`feature ${g}`).fork(`repeat ${r}`);
      const predicted = parts.map(({ predict, x }, p) =>
        predict(shuffled(x, group, stream.fork(`part ${p}`).permutation(x.rows))),
      );
      growth.push(loss.of(measured, stack(predicted)) - base);
    }
    increase[g] = mean(growth);
    std[g] = repeats > 1 ? standardDeviation(growth) : 0;
  }
  await checkpoint(work, { label: "permutation importance", done: 1, total: 1 });
  return { loss: base, increase, std };
}

function checkParts(parts: readonly HeldOutPart[]): number {
  const columns = parts.find(({ x }) => x.rows > 0)?.x.columns;
  if (columns === undefined) {
    throw new InputError("permutationImportance: expected at least 1 held-out row, got none.");
  }
  for (const { x, y } of parts) {
    if (x.columns !== columns || y.length !== x.rows) {
      throw new ShapeError(
        `permutationImportance: expected parts of ${columns} columns with one target per row, got ` +
          `${x.rows} x ${x.columns} with ${y.length} targets.`,
      );
    }
  }
  return columns;
}

/** The rows with the columns of a group taken from other rows. */
function shuffled(x: Matrix, group: FeatureGroup, order: Int32Array): Matrix {
  const result = matrix(x.rows, x.columns, x.data.slice());
  for (const j of group) {
    for (let i = 0; i < x.rows; i++) {
      result.data[i * x.columns + j] = x.data[order[i] * x.columns + j];
    }
  }
  return result;
}

function stack(parts: readonly Matrix[]): Matrix {
  const columns = parts[0].columns;
  const result = matrix(
    parts.reduce((sum, part) => sum + part.rows, 0),
    columns,
  );
  let row = 0;
  for (const part of parts) {
    result.data.set(part.data, row * columns);
    row += part.rows;
  }
  return result;
}

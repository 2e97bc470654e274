import { InputError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import { quantileSorted, sorted } from "../core/statistics.ts";
import { checkpoint, type Work } from "../core/work.ts";
import { checkNumberOption } from "../surrogates/fit-input.ts";
import type { ExplainedModel } from "./contract.ts";
import { checkRows } from "./explain-input.ts";

/** How predictions change with one feature, all others as they are. */
export interface PartialDependence {
  /** Values given to the feature, ascending. */
  readonly grid: Float64Array;
  /** Mean prediction over the rows at each value. */
  readonly mean: Float64Array;
  /** Individual curves (ICE), rows x grid: the prediction of each row at each value. */
  readonly curves: Matrix;
}

export interface DependenceOptions {
  /** Values; default: `points` of them between the 5 % and 95 % quantiles of the rows. */
  readonly grid?: ArrayLike<number>;
  /** Default 30. */
  readonly points?: number;
  readonly work?: Work;
}

/**
 * Partial dependence and the individual curves that it is the mean of. Where features go together it asks
 * the model about rows that do not occur; individual curves that cross show interactions.
 * Source: J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451; individual curves: A.
 * Goldstein et al., J. Comput. Graph. Stat. 24, 44 (2015), doi:10.1080/10618600.2014.907095.
 * @param x rows, n x d @param column feature that is varied
 * @throws InputError without rows, for a column that is none, and for a grid that is empty or not finite
 */
export async function partialDependence(
  model: ExplainedModel,
  x: Matrix,
  column: number,
  { grid, points = 30, work = {} }: DependenceOptions = {},
): Promise<PartialDependence> {
  const who = "partialDependence";
  checkRows(who, "x", model, x);
  if (x.rows === 0) throw new InputError(`${who}: expected at least 1 row, got none.`);
  if (!(Number.isInteger(column) && column >= 0 && column < x.columns)) {
    throw new InputError(`${who}: expected a column of 0 ... ${x.columns - 1}, got ${column}.`, {
      path: "column",
      received: `${column}`,
    });
  }
  checkNumberOption(who, "points", points, { min: 2, max: 10_000, integer: true });
  const values = grid === undefined ? automaticGrid(x, column, points) : sorted(grid);
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new InputError(`${who}: expected a grid of finite numbers.`, { path: "grid" });
  }
  const curves = matrix(x.rows, values.length);
  const mean = new Float64Array(values.length);
  const changed = matrix(x.rows, x.columns, x.data.slice());
  for (const [g, value] of values.entries()) {
    await checkpoint(work, { label: "partial dependence", done: g, total: values.length });
    for (let i = 0; i < x.rows; i++) changed.data[i * x.columns + column] = value;
    const predictions = model.predict(changed);
    for (let i = 0; i < x.rows; i++) {
      curves.data[i * values.length + g] = predictions[i];
      mean[g] += predictions[i] / x.rows;
    }
  }
  return { grid: values, mean, curves };
}

/** Evenly spaced values between the outer quantiles; the values themselves where they are few. */
function automaticGrid(x: Matrix, column: number, points: number): Float64Array {
  const ascending = sorted(
    Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + column]),
  );
  const different = Float64Array.from(new Set(ascending));
  if (different.length <= points) return different;
  const low = quantileSorted(ascending, 0.05);
  const high = quantileSorted(ascending, 0.95);
  // More than nine tenths of equal values leave no width between the quantiles.
  const [from, to] = low < high ? [low, high] : [ascending[0], ascending[ascending.length - 1]];
  return Float64Array.from({ length: points }, (_, g) => from + ((to - from) * g) / (points - 1));
}

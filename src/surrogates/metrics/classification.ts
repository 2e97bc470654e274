import { log } from "../../core/elementary.ts";
import { ShapeError } from "../../core/errors.ts";
import { rowOf, type Matrix } from "../../core/matrix.ts";

/** Class with the highest probability in each row of an n x classes matrix; the first of equals. */
export function mostProbable(probabilities: Matrix): Int32Array {
  return Int32Array.from({ length: probabilities.rows }, (_, i) => {
    const row = rowOf(probabilities, i);
    let best = 0;
    for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
    return best;
  });
}

/**
 * How often class a was called class b: counts at `a * classes + b`.
 * @param labels class index of each row
 * @param called predicted class index of each row
 */
export function confusion(
  labels: ArrayLike<number>,
  called: ArrayLike<number>,
  classes: number,
): Matrix {
  if (labels.length !== called.length) {
    throw new ShapeError(
      `confusion: expected equally many labels and calls, got ${labels.length} and ${called.length}.`,
    );
  }
  const data = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) data[labels[i] * classes + called[i]]++;
  return { data, rows: classes, columns: classes };
}

/** Share of rows whose class was called right. */
export function accuracy(table: Matrix): number {
  let right = 0;
  for (let k = 0; k < table.rows; k++) right += at(table, k, k);
  return right / table.data.reduce((sum, count) => sum + count, 0);
}

/** Mean recall over the classes that occur. */
export function balancedAccuracy(table: Matrix): number {
  const occurring = Array.from({ length: table.rows }, (_, k) => k).filter(
    (k) => actual(table, k) > 0,
  );
  return mean(occurring.map((k) => recallOf(table, k)));
}

/** Right calls of class k over all calls of it; 0 when it was never called. */
export function precisionOf(table: Matrix, k: number): number {
  let called = 0;
  for (let a = 0; a < table.rows; a++) called += at(table, a, k);
  return called === 0 ? 0 : at(table, k, k) / called;
}

/** Right calls of class k over its rows; 0 when there is none. */
export function recallOf(table: Matrix, k: number): number {
  const rows = actual(table, k);
  return rows === 0 ? 0 : at(table, k, k) / rows;
}

/** Harmonic mean of precision and recall of class k; 0 when both are 0. */
export function f1Of(table: Matrix, k: number): number {
  const precision = precisionOf(table, k);
  const recall = recallOf(table, k);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** Probabilities below this count as this in the logarithm, so that one sure error is finite. */
const leastProbability = 1e-15;

/** Mean -log of the probability given to the right class, in nats. */
export function logLoss(labels: ArrayLike<number>, probabilities: Matrix): number {
  let sum = 0;
  for (let i = 0; i < probabilities.rows; i++) {
    sum -= log(Math.max(leastProbability, at(probabilities, i, labels[i])));
  }
  return sum / probabilities.rows;
}

/**
 * Brier score: half the mean squared distance between probabilities and the certain right answer; for
 * two classes the mean of (p - y)^2.
 * Source: G. W. Brier, Mon. Weather Rev. 78, 1 (1950).
 */
export function brier(labels: ArrayLike<number>, probabilities: Matrix): number {
  let sum = 0;
  for (let i = 0; i < probabilities.rows; i++) {
    for (let k = 0; k < probabilities.columns; k++) {
      const error = at(probabilities, i, k) - (labels[i] === k ? 1 : 0);
      sum += error * error;
    }
  }
  return sum / (2 * probabilities.rows);
}

const at = (m: Matrix, i: number, j: number): number => m.data[i * m.columns + j];

const actual = (table: Matrix, k: number): number =>
  rowOf(table, k).reduce((sum, count) => sum + count, 0);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

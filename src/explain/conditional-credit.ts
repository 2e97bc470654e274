import { matrix, type Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { choose } from "./games.ts";

export interface CreditOptions {
  /** Random orders, each also reversed, when coalitions are too many to list. */
  readonly orders: number;
  readonly rng: Rng;
}

/** Most features whose coalitions are all listed. */
const mostListed = 12;

/** A variance below this share of the feature's own is what rounding leaves of none. */
const knownShare = 1e-10;

/**
 * The matrix T (d x d) for which `T (x - mean)` are the Shapley values of a plane over normal features:
 * T[i] is the mean over coalitions S of c(S + i) - c(S), where c(S) (x - mean) is the change of the
 * expected prediction when the features in S are known. All coalitions up to 12 features, random orders
 * beyond. Unknown features follow from known ones by regression, computed by sweeping the covariance.
 * Source: A. E. Beaton, The use of special matrix operators in statistical calculus, ETS (1964) (sweep).
 */
export function conditionalCredit(
  coefficients: Float64Array,
  covariance: Matrix,
  { orders, rng }: CreditOptions,
): Matrix {
  const d = coefficients.length;
  const credit = matrix(d, d);
  const isKnown = new Uint8Array(d);
  if (d <= mostListed) listAll(0, 0, covariance.data);
  else sampleOrders();
  return credit;

  /** Visits every coalition once: those with and without feature `next`, and so on. */
  function listAll(next: number, size: number, swept: Float64Array): void {
    if (next === d) {
      const slope = slopes(coefficients, isKnown, swept);
      const whenIn = size === 0 ? 0 : 1 / (d * choose(d - 1, size - 1));
      const whenOut = size === d ? 0 : 1 / (d * choose(d - 1, size));
      for (let i = 0; i < d; i++) addTo(i, slope, isKnown[i] === 1 ? whenIn : -whenOut);
      return;
    }
    listAll(next + 1, size, swept);
    isKnown[next] = 1;
    listAll(next + 1, size + 1, sweep(swept, next, covariance));
    isKnown[next] = 0;
  }

  function sampleOrders(): void {
    for (let o = 0; o < orders; o++) {
      const order = rng.fork(`order ${o}`).permutation(d);
      for (const one of [order, order.toReversed()]) {
        isKnown.fill(0);
        let swept = covariance.data;
        let before = slopes(coefficients, isKnown, swept);
        for (const i of one) {
          isKnown[i] = 1;
          swept = sweep(swept, i, covariance);
          const after = slopes(coefficients, isKnown, swept);
          addTo(i, after, 1 / (2 * orders));
          addTo(i, before, -1 / (2 * orders));
          before = after;
        }
      }
    }
  }

  function addTo(i: number, slope: Float64Array, weight: number): void {
    for (let j = 0; j < d; j++) credit.data[i * d + j] += weight * slope[j];
  }
}

/** How the expected prediction changes with each known feature; 0 for the unknown ones. */
function slopes(
  coefficients: Float64Array,
  isKnown: Uint8Array,
  swept: Float64Array,
): Float64Array {
  const d = coefficients.length;
  const result = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    if (isKnown[j] === 0) continue;
    result[j] = coefficients[j];
    for (let k = 0; k < d; k++) {
      if (isKnown[k] === 0) result[j] += coefficients[k] * swept[k * d + j];
    }
  }
  return result;
}

/**
 * Makes feature p known, in a copy: the unknown block becomes the covariance given the known ones, the
 * columns of known features the regression of unknown on known. A feature that the known ones determine
 * adds nothing, and its own column becomes 0.
 */
function sweep(a: Float64Array, p: number, covariance: Matrix): Float64Array {
  const d = covariance.rows;
  const result = a.slice();
  const pivot = a[p * d + p];
  if (!(pivot > knownShare * covariance.data[p * d + p])) {
    for (let k = 0; k < d; k++) result[k * d + p] = 0;
    return result;
  }
  for (let k = 0; k < d; k++) {
    if (k === p) continue;
    const factor = a[k * d + p] / pivot;
    for (let j = 0; j < d; j++) if (j !== p) result[k * d + j] -= factor * a[p * d + j];
    result[k * d + p] = factor;
  }
  for (let j = 0; j < d; j++) if (j !== p) result[p * d + j] = a[p * d + j] / pivot;
  result[p * d + p] = -1 / pivot;
  return result;
}

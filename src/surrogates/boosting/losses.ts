import { exp, log } from "../../core/elementary.ts";
import { quantile } from "../../core/statistics.ts";

/**
 * A loss to be minimised over scores (n x `scores`, row-major; one score for a number or for the odds of
 * two classes, one per class for more).
 */
export interface Loss {
  /** Scores of each row. */
  readonly scores: number;
  /** The curvature is one for every row: then sums of curvatures count rows. */
  readonly isEven: boolean;
  /** The scores, the same for all rows, from which boosting sets out. */
  start(y: Float64Array, rows: Int32Array): Float64Array;
  /** Once a round, before the pairs of its trees: whatever all of them need. */
  prepare?(y: Float64Array, scores: Float64Array, rows: Int32Array): void;
  /** Gradient and curvature of the rows in score k, to places `2 row` and `2 row + 1`. */
  pairsInto(
    pairs: Float64Array,
    k: number,
    y: Float64Array,
    scores: Float64Array,
    rows: Int32Array,
  ): void;
  /** What minimises the loss in a leaf, where a Newton step does not. */
  leafValue?(y: Float64Array, scores: Float64Array, rows: ArrayLike<number>): number;
  /** Loss of one row, to judge held-out rows by. */
  of(y: Float64Array, scores: Float64Array, row: number): number;
}

/** Half the squared error. */
export function squaredLoss(): Loss {
  return {
    scores: 1,
    isEven: true,
    start: (y, rows) => Float64Array.of(rows.reduce((sum, row) => sum + y[row], 0) / rows.length),
    pairsInto: (pairs, _, y, scores, rows) => {
      for (let p = 0; p < rows.length; p++) {
        const row = rows[p];
        pairs[2 * row] = scores[row] - y[row];
        pairs[2 * row + 1] = 1;
      }
    },
    of: (y, scores, row) => 0.5 * (y[row] - scores[row]) * (y[row] - scores[row]),
  };
}

/** Share of the residuals that Huber's loss takes as squares. */
const huberShare = 0.9;

/**
 * Huber's loss: squares up to the size that 90 % of the residuals keep, found anew each round, straight
 * beyond. Held-out rows are judged by the absolute error, which needs no such size.
 * Source: J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451, algorithm 4.
 */
export function huberLoss(): Loss {
  let size = 0;
  const residuals = (y: Float64Array, scores: Float64Array, rows: ArrayLike<number>) =>
    Float64Array.from(rows, (row) => y[row] - scores[row]);
  const clip = (r: number) => Math.max(-size, Math.min(size, r));
  return {
    scores: 1,
    isEven: true,
    start: (y, rows) =>
      Float64Array.of(
        quantile(
          Float64Array.from(rows, (row) => y[row]),
          0.5,
        ),
      ),
    prepare: (y, scores, rows) => {
      size = quantile(residuals(y, scores, rows).map(Math.abs), huberShare);
    },
    pairsInto: (pairs, _, y, scores, rows) => {
      for (const row of rows) {
        pairs[2 * row] = -clip(y[row] - scores[row]);
        pairs[2 * row + 1] = 1;
      }
    },
    leafValue: (y, scores, rows) => {
      const left = residuals(y, scores, rows);
      const middle = quantile(left, 0.5);
      return middle + left.reduce((sum, r) => sum + clip(r - middle), 0) / left.length;
    },
    of: (y, scores, row) => Math.abs(y[row] - scores[row]),
  };
}

/**
 * Loss whose minimum is the quantile at `share`.
 * Source: R. Koenker, G. Bassett, Econometrica 46, 33 (1978), doi:10.2307/1913643.
 */
export function quantileLoss(share: number): Loss {
  return {
    scores: 1,
    isEven: true,
    start: (y, rows) =>
      Float64Array.of(
        quantile(
          Float64Array.from(rows, (row) => y[row]),
          share,
        ),
      ),
    pairsInto: (pairs, _, y, scores, rows) => {
      for (const row of rows) {
        pairs[2 * row] = y[row] >= scores[row] ? -share : 1 - share;
        pairs[2 * row + 1] = 1;
      }
    },
    leafValue: (y, scores, rows) =>
      quantile(
        Float64Array.from(rows, (row) => y[row] - scores[row]),
        share,
      ),
    of: (y, scores, row) => {
      const residual = y[row] - scores[row];
      return residual >= 0 ? share * residual : (share - 1) * residual;
    },
  };
}

/** Rows that a class without any row counts, so that its log odds are finite. */
const rowsOfNone = 0.5;

/** -log probability of the right one of two classes; the score is the log odds of class 1. */
export function logisticLoss(): Loss {
  return {
    scores: 1,
    isEven: false,
    start: (y, rows) => {
      const ones = rows.reduce((sum, row) => sum + y[row], 0);
      const [one, other] = [ones, rows.length - ones].map((count) => Math.max(count, rowsOfNone));
      return Float64Array.of(log(one / other));
    },
    pairsInto: (pairs, _, y, scores, rows) => {
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k];
        const p = sigmoid(scores[row]);
        pairs[2 * row] = p - y[row];
        pairs[2 * row + 1] = p * (1 - p);
      }
    },
    of: (y, scores, row) => {
      const wrong = y[row] === 1 ? -scores[row] : scores[row];
      return Math.max(wrong, 0) + log(1 + exp(-Math.abs(wrong)));
    },
  };
}

/** -log probability of the right one of more classes; probabilities are the softmax of the scores. */
export function softmaxLoss(classes: number): Loss {
  let p = new Float64Array(0);
  return {
    scores: classes,
    isEven: false,
    start: (y, rows) => {
      const counts = new Float64Array(classes);
      for (const row of rows) counts[y[row]]++;
      return counts.map((count) => log(Math.max(count, rowsOfNone) / rows.length));
    },
    prepare: (_, scores, rows) => {
      if (p.length !== scores.length) p = new Float64Array(scores.length);
      for (const row of rows) softmaxAt(p, scores, classes, row);
    },
    pairsInto: (pairs, k, y, _, rows) => {
      for (const row of rows) {
        const share = p[row * classes + k];
        pairs[2 * row] = share - (y[row] === k ? 1 : 0);
        pairs[2 * row + 1] = share * (1 - share);
      }
    },
    of: (y, scores, row) => {
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < classes; k++) largest = Math.max(largest, scores[row * classes + k]);
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += exp(scores[row * classes + k] - largest);
      return largest + log(sum) - scores[row * classes + y[row]];
    },
  };
}

/** Probability of class 1 from its log odds. */
export function sigmoid(score: number): number {
  return 1 / (1 + exp(-score));
}

/** Softmax of one row of scores (n x classes), to the same row of `out`. */
export function softmaxAt(
  out: Float64Array,
  scores: Float64Array,
  classes: number,
  row: number,
): void {
  const first = row * classes;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = first; k < first + classes; k++) largest = Math.max(largest, scores[k]);
  let sum = 0;
  for (let k = first; k < first + classes; k++) sum += out[k] = exp(scores[k] - largest);
  for (let k = first; k < first + classes; k++) out[k] /= sum;
}

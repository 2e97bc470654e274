import { exp, log } from "../../../core/elementary.ts";
import { logH, logHSlope } from "../normal-terms.ts";

/** Log of an expected gain with its derivatives by what the means of the designs will be: lines in a normal number. */
export interface GainOfKnowing {
  readonly value: number;
  /** By the means as they are. */
  readonly byMean: Float64Array;
  /** By how the means move with the normal number. */
  readonly bySlope: Float64Array;
  /** By the variances that will be left; absent where these play no part. */
  readonly byVariance?: Float64Array;
}

/**
 * What knowing more is worth where the utility is the mean but for its sign:
 * log(E[max_i (a_i + b_i Z)] - max_i a_i) for a standard normal Z: the sum over the corners c of the upper
 * envelope of `(difference of slopes) h(-|c|)`. Minus infinity where all slopes are equal.
 */
export function logEnvelopeGain(a: Float64Array, b: Float64Array): GainOfKnowing {
  const byMean = new Float64Array(a.length);
  const bySlope = new Float64Array(a.length);
  const lines = upperEnvelope(a, b);
  const terms = lines.slice(1).map((line, k) => {
    const before = lines[k];
    const turn = b[line] - b[before];
    const corner = (a[before] - a[line]) / turn;
    return { before, line, turn, corner, value: log(turn) + logH(-Math.abs(corner)) };
  });
  if (terms.length === 0) return { value: Number.NEGATIVE_INFINITY, byMean, bySlope };
  const top = Math.max(...terms.map(({ value }) => value));
  const sum = terms.reduce((total, { value }) => total + exp(value - top), 0);
  for (const { before, line, turn, corner, value } of terms) {
    const share = exp(value - top) / sum;
    const byCorner = -Math.sign(corner) * logHSlope(-Math.abs(corner)) * share;
    const byTurn = share / turn - (byCorner * corner) / turn;
    byMean[before] += byCorner / turn;
    byMean[line] -= byCorner / turn;
    bySlope[line] += byTurn;
    bySlope[before] -= byTurn;
  }
  return { value: top + log(sum), byMean, bySlope };
}

/** Lines of the upper envelope from left to right. */
function upperEnvelope(a: Float64Array, b: Float64Array): number[] {
  const order = Array.from(a.keys()).sort((i, j) => b[i] - b[j] || a[i] - a[j]);
  const lines: number[] = [];
  for (const line of order) {
    for (;;) {
      const last = lines.at(-1);
      if (last === undefined) break;
      if (b[last] === b[line]) {
        lines.pop();
        continue;
      }
      const previous = lines.at(-2);
      if (previous === undefined) break;
      const corner = (a[last] - a[line]) / (b[line] - b[last]);
      const cornerBefore = (a[previous] - a[last]) / (b[last] - b[previous]);
      if (corner > cornerBefore) break;
      lines.pop();
    }
    lines.push(line);
  }
  return lines;
}

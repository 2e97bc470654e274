import { InputError } from "../../core/errors.ts";
import { checkSameLength } from "./check.ts";

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.
 * Source: J. A. Hanley, B. J. McNeil, Radiology 143, 29 (1982), doi:10.1148/radiology.143.1.7063747.
 * @param positive 1 or true where the row is positive
 * @throws InputError unless both kinds of row are there
 */
export function rocAuc(positive: ArrayLike<number | boolean>, scores: ArrayLike<number>): number {
  const { order, positives, negatives } = ranked("rocAuc", positive, scores);
  let rankSum = 0;
  for (let begin = 0; begin < order.length;) {
    const end = endOfTie(order, scores, begin);
    const meanRank = (begin + end + 1) / 2;
    for (let k = begin; k < end; k++) if (positive[order[k]]) rankSum += meanRank;
    begin = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * Area under the precision-recall curve as average precision: sum of precision times step of recall,
 * over the distinct scores from the highest down (no interpolation).
 * @param positive 1 or true where the row is positive
 * @throws InputError unless both kinds of row are there
 */
export function prAuc(positive: ArrayLike<number | boolean>, scores: ArrayLike<number>): number {
  const { order, positives } = ranked("prAuc", positive, scores);
  order.reverse();
  let found = 0;
  let area = 0;
  for (let begin = 0; begin < order.length;) {
    const end = endOfTie(order, scores, begin);
    const before = found;
    for (let k = begin; k < end; k++) if (positive[order[k]]) found++;
    area += ((found - before) / positives) * (found / end);
    begin = end;
  }
  return area;
}

function ranked(who: string, positive: ArrayLike<number | boolean>, scores: ArrayLike<number>) {
  checkSameLength(who, positive, scores);
  const order = Int32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => scores[a] - scores[b]);
  const positives = order.reduce((count, i) => count + (positive[i] ? 1 : 0), 0);
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new InputError(
      `${who}: expected positive and negative rows, got ${positives} and ${negatives}.`,
      { hint: "Test on more rows, or split by class (stratified)." },
    );
  }
  return { order, positives, negatives };
}

function endOfTie(order: Int32Array, scores: ArrayLike<number>, begin: number): number {
  let end = begin + 1;
  while (end < order.length && scores[order[end]] === scores[order[begin]]) end++;
  return end;
}

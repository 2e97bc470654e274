import type { Evaluation } from "../contract.ts";
import { rowNumbers, sortByKey } from "./sort-by-key.ts";

/**
 * Row numbers from best to worst of one objective by the feasibility rules: what meets the requirements
 * by its score, then the rest by violation. Equal rows keep their order.
 * Source: K. Deb, Comput. Methods Appl. Mech. Eng. 186, 311 (2000), doi:10.1016/S0045-7825(99)00389-8.
 */
export function byMerit({ objectives, violation }: Evaluation): Int32Array {
  const order = sortByKey(rowNumbers(violation.length), objectives.data);
  return sortByKey(order, violation);
}

/**
 * By how much a design is worse than another one by the same rules: the difference of the violations, or
 * of the scores where those are equal. Below 0: it is better.
 */
export const lossOf = (a: Evaluation, i: number, b: Evaluation, j: number): number =>
  a.violation[i] === b.violation[j]
    ? a.objectives.data[i] - b.objectives.data[j]
    : a.violation[i] - b.violation[j];

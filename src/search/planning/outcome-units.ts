import type { Matrix } from "../../core/matrix.ts";
import type { Marginal } from "../belief/contract.ts";
import { probabilityOfOdds } from "../belief/log-odds.ts";
import { unwarped } from "../belief/warp.ts";
import type { OutcomeBeliefs } from "./outcome-beliefs.ts";

/**
 * What is believed of one goal's outcome at rows, in its own unit: on the scale of a warp the median and half the width
 * of the interval of one standard deviation, of a class the mean and standard deviation of its probability.
 */
export function inOutcomeUnit(
  { beliefs, goals, warps }: Pick<OutcomeBeliefs, "beliefs" | "goals" | "warps">,
  goal: number,
  rows: Matrix,
): Marginal {
  const { mean, std } = beliefs[goal].marginal(rows);
  const warp = warps[goal];
  const isClass = goals[goal].kind === "class";
  if (warp === unwarped && !isClass) return { mean, std };
  const own = Array.from(mean, (m, i) => {
    const s = std[i];
    if (isClass) return probabilityOfOdds(m, s);
    return { mean: warp.from(m), std: (warp.from(m + s) - warp.from(m - s)) / 2 };
  });
  return {
    mean: Float64Array.from(own, (one) => one.mean),
    std: Float64Array.from(own, (one) => one.std),
  };
}

import type { Matrix } from "../../core/matrix.ts";
import { isObjective } from "../experiments/planning/best-so-far.ts";
import type { TargetGoal } from "../../search/objectives.ts";
import { objectiveRanges } from "../../search/pareto/sort.ts";

/** Share of its range by which the corner lies beyond the worst value, so that the ends of a front count. */
const beyond = 0.1;

/** How the corner is chosen where nobody names it, in words. */
export const referenceRule =
  "the worst acceptable value where a target names one, else 10 % of the range beyond the worst";

/**
 * The corner from which a hypervolume is counted, by objective, minimised: see `referenceRule`.
 * @param objectives n x objectives
 * @param rows that count
 */
export function referenceCorner(
  goals: readonly TargetGoal[],
  objectives: Matrix,
  rows: Int32Array,
): Float64Array {
  const { low, high } = objectiveRanges(objectives, rows);
  const own = goals.filter(isObjective);
  return Float64Array.from({ length: objectives.columns }, (_, k) => {
    const limit = own[k] === undefined ? null : worstAcceptable(own[k]);
    if (limit !== null) return limit;
    const range = high[k]! - low[k]!;
    return high[k]! + beyond * (range > 0 ? range : 1);
  });
}

function worstAcceptable({ kind, low, high }: TargetGoal): number | null {
  if (kind === "maximise") return low === null ? null : -low;
  return kind === "minimise" ? high : null;
}

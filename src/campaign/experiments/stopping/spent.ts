import { matrixOf } from "../../../core/matrix.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import { standingOf } from "../carry-over.ts";
import type { CampaignState, MeasurementState } from "../history/state.ts";
import type { Spent } from "../summary/contract.ts";

/**
 * What the measurements cost: every one that was begun, whatever came of it. One that was abandoned without a result
 * was not made.
 * @param problem with a cost
 */
export function spentOn({ measurements }: CampaignState, problem: OpenProblem): Spent {
  const { unit, of } = problem.cost!;
  let [amount, unknown] = [0, 0];
  for (const one of measurements.values()) {
    if (!isMade(one)) continue;
    const { design } = standingOf(problem, one.design, one.units);
    if (design === null) unknown++;
    else amount += of(matrixOf([problem.space.encode(design)]))[0]!;
  }
  return { amount, unit, unknown };
}

const isMade = ({ status, outcomes }: MeasurementState): boolean =>
  status !== "abandoned" || Object.keys(outcomes).length > 0;

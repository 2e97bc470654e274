import { lossOf } from "../../campaign/experiments/planning/best-so-far.ts";
import type { CampaignView, ShownMeasurement } from "./campaign-view.ts";

/** The best measurement by a goal that keeps the limits of all goals; null without one. */
export function bestMeasurement(view: CampaignView, goalIndex: number): ShownMeasurement | null {
  const { goal } = view.goals[goalIndex]!;
  let best: ShownMeasurement | null = null;
  for (const one of view.measurements) {
    const value = one.values[goalIndex]!;
    if (!one.meets || Number.isNaN(value)) continue;
    if (best === null || lossOf(goal, value) < lossOf(goal, best.values[goalIndex]!)) best = one;
  }
  return best;
}

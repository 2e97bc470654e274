import type { OpenProblem } from "../campaign/experiments/campaign-problem.ts";
import type { Suggestion, Suggestions } from "../campaign/experiments/contract.ts";
import { countOf } from "../core/format.ts";
import { candidateLines } from "./campaign/ask-text.ts";

/** The next experiments for people: what to make, what is expected of it, why, and what to keep in mind. */
export function recommendationText(
  open: OpenProblem,
  named: readonly { readonly id: string; readonly suggestion: Suggestion }[],
  { planner, seed, warnings }: Suggestions,
  measurements: number,
): string {
  return [
    `${open.problem.title}: ${countOf(named.length, "design")} to make after ${countOf(measurements, "measurement")} (${planner}; seed ${seed})`,
    ...candidateLines(open, named),
    ...warnings.flatMap((warning) => ["", `Note: ${warning}`]),
  ].join("\n");
}

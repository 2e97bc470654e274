import { countOf } from "../../../core/format.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import { outsideText, usableMeasurement } from "../carry-over.ts";
import type { CampaignState } from "../history/state.ts";
import type { RankedMeasurements } from "./rank-measurements.ts";
import type { Learnable } from "../learnable.ts";

/** Measurements outside the space that are told one by one. */
const mostFlags = 5;

/** What a person should know of the measurements. */
export function warningsOf(
  state: CampaignState,
  problem: OpenProblem,
  { measurements }: Learnable,
  { goals }: RankedMeasurements,
): string[] {
  const all = [...state.measurements.values()];
  const flags = all.flatMap((one) => {
    const { measurement, outside } = usableMeasurement(problem, one);
    const isLost = measurement === null && one.status !== "running";
    if (outside.length === 0) return [];
    return [
      `${one.id} lies outside the space: ${outsideText(outside)}.${isLost ? " Nothing can be learned from it." : ""}`,
    ];
  });
  const undone = all.filter(
    ({ candidate }) => candidate !== null && !state.candidates.has(candidate),
  );
  const ended = all.filter(({ status }) => status !== "running");
  const failures = ended.filter(({ status }) => status !== "completed");
  const constant = goals.flatMap(({ outcome, numberOf }) => {
    const values = measurements
      .map(({ outcomes }) => numberOf(outcomes[outcome.name]))
      .filter((value) => Number.isFinite(value));
    const isConstant = values.length >= 3 && values.every((value) => value === values[0]);
    return isConstant
      ? [
          `${outcome.title} was the same in all ${values.length} measurements; nothing can be learned of it yet.`,
        ]
      : [];
  });
  return [
    ...flags.slice(0, mostFlags),
    ...(flags.length > mostFlags
      ? [`${flags.length - mostFlags} more measurements lie outside the space.`]
      : []),
    ...(undone.length === 0
      ? []
      : [
          `The rounds of ${undone.map(({ id }) => id).join(", ")} were undone; the measurements count all the same.`,
        ]),
    ...(ended.length >= 2 && failures.length === ended.length
      ? [`Not one of ${countOf(ended.length, "measurement")} succeeded.`]
      : []),
    ...constant,
  ];
}

import type { OpenProblem } from "./campaign-problem.ts";
import { usableMeasurement } from "./carry-over.ts";
import type { Measurement } from "./contract.ts";
import type { CampaignState, MeasurementState } from "./history/state.ts";

/** Measurements with what can be learned from them, in the order in which they were told. */
export interface Learnable {
  readonly states: readonly MeasurementState[];
  readonly measurements: readonly Measurement[];
}

export function learnableOf(state: CampaignState, problem: OpenProblem): Learnable {
  const states: MeasurementState[] = [];
  const measurements: Measurement[] = [];
  for (const one of state.measurements.values()) {
    const { measurement } = usableMeasurement(problem, one);
    if (measurement === null) continue;
    states.push(one);
    measurements.push(measurement);
  }
  return { states, measurements };
}

/** The round that each was made for; designs that people made of their own count as known from the start, 0. */
export const roundsOfLearnable = (state: CampaignState, { states }: Learnable): number[] =>
  states.map(({ candidate }) =>
    candidate === null ? 0 : (state.candidates.get(candidate)?.round ?? 0),
  );

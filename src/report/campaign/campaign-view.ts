import { isObjective } from "../../campaign/experiments/planning/best-so-far.ts";
import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import { usableMeasurement } from "../../campaign/experiments/carry-over.ts";
import type { SuggestedOutcome } from "../../campaign/experiments/contract.ts";
import type { ExperimentGoal } from "../../campaign/experiments/planning/experiment-goals.ts";
import type { CampaignState, CandidateState } from "../../campaign/experiments/history/state.ts";
import type { CampaignSummary } from "../../campaign/experiments/summary/contract.ts";
import { rankMeasurements } from "../../campaign/experiments/summary/rank-measurements.ts";
import { summariseCampaign } from "../../campaign/experiments/summary/summarise-campaign.ts";
import type { Design } from "../../space/contract.ts";

/** One measurement as the page shows it. */
export interface ShownMeasurement {
  readonly id: string;
  readonly design: Design;
  readonly status: string;
  readonly by: string;
  readonly at: string;
  /** One number for each goal; NaN where it was not measured. */
  readonly values: readonly number[];
  /** Completed, and inside the limits of every goal. */
  readonly meets: boolean;
  readonly isOnFront: boolean;
  /** Why nothing was learned from it, or how it lies outside the space; empty inside. */
  readonly outside: readonly string[];
  readonly notes: readonly string[];
  /** What was expected of it when it was suggested, by outcome; undefined for a design of one's own. */
  readonly expected: Readonly<Record<string, SuggestedOutcome>> | undefined;
}

/** What the page of a campaign is drawn from. */
export interface CampaignView {
  readonly state: CampaignState;
  readonly problem: OpenProblem;
  readonly summary: CampaignSummary;
  readonly goals: readonly ExperimentGoal[];
  /** Goals that say in which direction to go. */
  readonly objectives: readonly number[];
  /** In the order in which they were told. */
  readonly measurements: readonly ShownMeasurement[];
  /** Suggested and not told of. */
  readonly open: readonly CandidateState[];
}

/** The view of a campaign's state; nothing in it is kept elsewhere. */
export async function campaignView(
  state: CampaignState,
  problem: OpenProblem,
): Promise<CampaignView> {
  const told = [...state.measurements.values()].map((one) => ({
    one,
    ...usableMeasurement(problem, one),
  }));
  const learnable = told.flatMap(({ one, measurement }) =>
    measurement === null ? [] : [{ id: one.id, measurement }],
  );
  const ranked = rankMeasurements(
    problem,
    learnable.map(({ measurement }) => measurement),
  );
  const place = new Map(learnable.map(({ id }, i) => [id, i]));
  const { goals } = ranked;
  return {
    state,
    problem,
    summary: await summariseCampaign(state, problem),
    goals,
    objectives: goals.flatMap(({ goal }, g) => (isObjective(goal) ? [g] : [])),
    measurements: told.map(({ one, measurement, outside }): ShownMeasurement => {
      const outcomes = measurement?.outcomes ?? one.outcomes;
      const at = place.get(one.id);
      const candidate = one.candidate === null ? undefined : state.candidates.get(one.candidate);
      return {
        id: one.id,
        design: one.design,
        status: one.status,
        by: one.by,
        at: one.at,
        values: goals.map(({ outcome, numberOf }) => numberOf(outcomes[outcome.name])),
        meets: at !== undefined && one.status === "completed" && ranked.meets[at]!,
        isOnFront: at !== undefined && ranked.rank[at] === 1,
        outside,
        notes: one.notes.map(({ text }) => text),
        expected: candidate?.suggestion.predictions,
      };
    }),
    open: [...state.candidates.values()].filter(({ measurements }) => measurements.length === 0),
  };
}

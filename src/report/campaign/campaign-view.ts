import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import { usableMeasurement } from "../../campaign/experiments/carry-over.ts";
import { isObjective, lossOf, meetsLimits } from "../../campaign/experiments/best-so-far.ts";
import {
  experimentGoals,
  type ExperimentGoal,
} from "../../campaign/experiments/experiment-goals.ts";
import type { CampaignState, CandidateState } from "../../campaign/experiments/history/state.ts";
import type { SuggestedOutcome } from "../../campaign/experiments/contract.ts";
import { matrix } from "../../core/matrix.ts";
import { paretoFront } from "../../search/pareto/sort.ts";
import type { Design } from "../../space/contract.ts";

/** One measurement as the page shows it. */
export interface ShownMeasurement {
  readonly id: string;
  readonly design: Design;
  readonly status: string;
  readonly by: string;
  readonly at: string;
  /** Round of its candidate; 0 for a design of one's own. */
  readonly round: number;
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
  readonly goals: readonly ExperimentGoal[];
  /** Goals that say in which direction to go. */
  readonly objectives: readonly number[];
  /** In the order in which they were told. */
  readonly measurements: readonly ShownMeasurement[];
  /** Suggested and not told of. */
  readonly open: readonly CandidateState[];
}

/** The view of a campaign's state; nothing in it is kept elsewhere. */
export function campaignView(state: CampaignState, problem: OpenProblem): CampaignView {
  const told = [...state.measurements.values()].map((one) => ({
    one,
    usable: usableMeasurement(problem, one),
  }));
  const goals = experimentGoals(
    problem,
    told.flatMap(({ usable }) => (usable.measurement === null ? [] : [usable.measurement])),
  );
  const objectives = goals.flatMap(({ goal }, g) => (isObjective(goal) ? [g] : []));
  const shown = told.map(({ one, usable }): Omit<ShownMeasurement, "isOnFront"> => {
    const outcomes = usable.measurement?.outcomes ?? one.outcomes;
    const values = goals.map(({ outcome, numberOf }) => numberOf(outcomes[outcome.name]));
    const candidate = one.candidate === null ? undefined : state.candidates.get(one.candidate);
    return {
      id: one.id,
      design: one.design,
      status: one.status,
      by: one.by,
      at: one.at,
      round: candidate?.round ?? 0,
      values,
      meets: one.status === "completed" && meetsLimits(goals, values),
      outside: usable.outside,
      notes: one.notes.map(({ text }) => text),
      expected: candidate?.suggestion.predictions,
    };
  });
  const onFront = frontOf(shown, goals, objectives);
  return {
    state,
    problem,
    goals,
    objectives,
    measurements: shown.map((one) => ({ ...one, isOnFront: onFront.has(one.id) })),
    open: [...state.candidates.values()].filter(({ measurements }) => measurements.length === 0),
  };
}

/** Measurements that no other one beats in every objective, among those that meet all limits. */
function frontOf(
  shown: readonly Omit<ShownMeasurement, "isOnFront">[],
  goals: readonly ExperimentGoal[],
  objectives: readonly number[],
): ReadonlySet<string> {
  const full = shown.filter(
    ({ meets, values }) => meets && objectives.every((g) => !Number.isNaN(values[g]!)),
  );
  if (full.length === 0 || objectives.length === 0) return new Set();
  const losses = matrix(full.length, objectives.length);
  full.forEach(({ values }, i) =>
    objectives.forEach((g, k) => {
      losses.data[i * objectives.length + k] = lossOf(goals[g]!.goal, values[g]!);
    }),
  );
  return new Set(Array.from(paretoFront(losses), (i) => full[i]!.id));
}

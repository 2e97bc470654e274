import { formatNumber, shortNumber } from "../../../core/format.ts";
import { createRng, type Rng } from "../../../core/rng.ts";
import type { Work } from "../../../core/work.ts";
import {
  bestSettled,
  budgetSpent,
  gainBelowCost,
  predictionsSettled,
  regretBound,
  targetMet,
  type StopVerdict,
} from "../../../search/planning/stop-rules.ts";
import type { StopLimits } from "../../problem/settings/stop-limits.ts";
import { isAtTargetFidelity } from "../at-target-fidelity.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import type { CampaignState } from "../history/state.ts";
import { learnableOf, roundsOfLearnable, type Learnable } from "../learnable.ts";
import { bestSoFar } from "../planning/best-so-far.ts";
import { experimentGoals, type ExperimentGoal } from "../planning/experiment-goals.ts";
import { unitText } from "../planning/nearest-measurement.ts";
import type { LimitStanding } from "../summary/contract.ts";
import { believedOutcomes, type BelievedOutcomes } from "./believed-outcomes.ts";
import { spentOn } from "./spent.ts";

/** Designs over the space that say what is believed of it. */
const spaceRows = 512;

/** What the limits look at. */
interface Facts {
  readonly state: CampaignState;
  readonly problem: OpenProblem;
  readonly learnable: Learnable;
  readonly goals: readonly ExperimentGoal[];
  readonly rng: Rng;
  readonly work: Work;
  /** What is believed after the measurements of the rounds up to this one; after all of them without it. */
  readonly believed: (upTo?: number) => Promise<BelievedOutcomes | null>;
}

/** What can be said of a limit: a verdict, or why there is none yet. */
type Standing = Pick<StopVerdict, "stop" | "reason">;

const limits: {
  readonly [Limit in keyof StopLimits]-?: (
    limit: NonNullable<StopLimits[Limit]>,
    facts: Facts,
  ) => Standing | Promise<Standing>;
} = {
  measurements(most, { state }) {
    const all = [...state.measurements.values()];
    const made = all.filter(({ status }) => status === "completed").length;
    const { stop } = budgetSpent(made, most);
    return { stop, reason: `${made} of ${most} measurements are made.` };
  },

  cost(most, { state, problem }) {
    const { amount, unit, unknown } = spentOn(state, problem);
    const besides =
      unknown === 0 ? "" : `, and what ${unknown} outside the space cost is not known`;
    return {
      stop: budgetSpent(amount, most).stop,
      reason: `${shortNumber(amount)} of ${shortNumber(most)}${unitText(unit)} are spent${besides}.`,
    };
  },

  gain(least, { state, goals }) {
    const objective = onlyObjective(goals);
    const round = state.rounds.at(-1);
    const gains = (round?.candidates ?? []).map(
      (id) => state.candidates.get(id)!.suggestion.expectedGain,
    );
    if (objective === undefined || gains.length === 0 || gains.some((gain) => gain === null)) {
      return { stop: false, reason: "The last round expects no gain that could be compared yet." };
    }
    const unit = unitText(objective.outcome.unit);
    const largest = Math.max(...(gains as number[]));
    const { stop } = gainBelowCost(largest, 1, least);
    const compared = stop
      ? `The model expects to gain no more than ${formatNumber(largest, 2)}${unit}; less than ${shortNumber(least)}${unit} is not worth it.`
      : `The last round expected to gain up to ${formatNumber(largest, 2)}${unit}; ${shortNumber(least)}${unit} are worth it.`;
    return { stop, reason: compared };
  },

  async possibleGain(limit, { problem, goals, rng, believed }) {
    const objective = onlyObjective(goals);
    const outcomes = await believed();
    if (outcomes === null || objective === undefined) return unknownYet;
    const g = goals.indexOf(objective);
    const space = outcomes.counted(problem.space.sample(spaceRows, rng.fork("space")));
    const { measured, beliefs } = outcomes;
    const { unit } = objective.outcome;
    return regretBound(outcomes.goals[g]!.goal, beliefs[g]!, { measured, space }, { limit, unit });
  },

  async targetMet(probability, { believed }) {
    const outcomes = await believed();
    if (outcomes === null) return unknownYet;
    const goals = outcomes.goals.map(({ goal }) => goal);
    return targetMet(goals, outcomes.beliefs, outcomes.measured, probability);
  },

  bestSettled(limit, { state, problem, learnable, goals }) {
    const objective = onlyObjective(goals);
    if (objective === undefined) return unknownYet;
    const roundOf = roundsOfLearnable(state, learnable);
    const best = finishedRounds(state, learnable).flatMap((round) => {
      const isKnown = (i: number): boolean =>
        roundOf[i]! <= round && isAtTargetFidelity(problem, learnable.measurements[i]!.design);
      const found = bestSoFar(goals, goals.indexOf(objective), learnable.measurements, isKnown);
      return found === null ? [] : [found.value];
    });
    return bestSettled(best, objective.goal.scale, limit);
  },

  async predictionsSettled(limit, { state, problem, learnable, goals, rng, believed }) {
    const { rounds = 3 } = limit;
    const last = finishedRounds(state, learnable).slice(-rounds - 1);
    const sample = problem.space.sample(spaceRows, rng.fork("predictions"));
    const predictions: Float64Array[][] = [];
    for (const round of last) {
      const outcomes = await believed(round);
      if (outcomes === null) continue;
      const rows = outcomes.counted(sample);
      predictions.push(outcomes.beliefs.map((belief) => belief.marginal(rows).mean));
    }
    // The goal that moved most says whether all have settled.
    const verdicts = goals.map(({ goal }, g) =>
      predictionsSettled(
        predictions.map((one) => one[g]!),
        goal.scale,
        limit,
      ),
    );
    return verdicts.reduce((worst, one) => (one.value > worst.value ? one : worst));
  },
};

const unknownYet: Standing = {
  stop: false,
  reason: "Nothing can be said before every target was measured.",
};

/** Where each limit of the problem stands, in the order of their list; empty without limits. Pure. */
export async function stopStandings(
  state: CampaignState,
  problem: OpenProblem,
  { signal }: Work = {},
): Promise<LimitStanding[]> {
  const { stop = {} } = problem.problem;
  // Small fits among other work: it can be cancelled, and reports no progress of its own.
  const work: Work = signal === undefined ? {} : { signal };
  const learnable = learnableOf(state, problem);
  const goals = experimentGoals(problem, learnable.measurements);
  const rng = createRng(state.seed).fork("stop limits");
  const roundOf = roundsOfLearnable(state, learnable);
  const fits = new Map<number, Promise<BelievedOutcomes | null>>();
  const believed = (upTo = Number.POSITIVE_INFINITY): Promise<BelievedOutcomes | null> => {
    const measurements = learnable.measurements.filter((_, i) => roundOf[i]! <= upTo);
    const known = fits.get(measurements.length);
    const fitted = known ?? believedOutcomes(problem, measurements, rng.fork("beliefs"), work);
    fits.set(measurements.length, fitted);
    return fitted;
  };
  const facts: Facts = { state, problem, learnable, goals, rng, work, believed };
  const standings: LimitStanding[] = [];
  for (const limit of Object.keys(limits) as (keyof StopLimits)[]) {
    if (stop[limit] === undefined) continue;
    const look = limits[limit] as (limit: unknown, facts: Facts) => Standing | Promise<Standing>;
    const { stop: reached, reason } = await look(stop[limit], facts);
    standings.push({ limit, reached, text: reason });
  }
  return standings;
}

/** The only goal to minimise or maximise. */
const onlyObjective = (goals: readonly ExperimentGoal[]): ExperimentGoal | undefined => {
  const objectives = goals.filter(
    ({ goal: { kind } }) => kind === "minimise" || kind === "maximise",
  );
  return objectives.length === 1 ? objectives[0] : undefined;
};

/** Rounds of which something was measured, in order. */
function finishedRounds(state: CampaignState, learnable: Learnable): number[] {
  const measured = new Set(roundsOfLearnable(state, learnable));
  return state.rounds.flatMap(({ round }) => (measured.has(round) ? [round] : []));
}

import { formatNumber } from "../../../core/format.ts";
import { gainBelowCost } from "../../../search/planning/stop-rules.ts";
import { isObjective } from "../planning/best-so-far.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import type { CampaignState } from "../history/state.ts";
import type { LimitStanding, RoundSummary } from "./contract.ts";
import type { RankedMeasurements } from "./rank-measurements.ts";
import type { Learnable } from "../learnable.ts";

/** Finished rounds in a row without a better design after which stopping is worth a thought. */
const patience = 3;
/** Expected gain below this share of the spread of what was measured is not worth much. */
const leastGain = 0.01;

/** What the advice looks at. */
export interface AdviceFacts {
  readonly state: CampaignState;
  readonly problem: OpenProblem;
  readonly learnable: Learnable;
  readonly ranked: RankedMeasurements;
  readonly rounds: readonly RoundSummary[];
  readonly limits: readonly LimitStanding[];
}

/**
 * Whether to go on, in sentences: the requirements are met, nothing better came for some rounds, the model expects
 * little, the space is used up, or the next step.
 */
export function adviceOn(facts: AdviceFacts): string[] {
  if (facts.state.stopped !== null) return [];
  const reasons = [met, reached, stalled, littleExpected, usedUp].flatMap((rule) => rule(facts));
  if (reasons.length > 0) return reasons.map((reason) => `Think of stopping: ${reason}`);
  const { rounds, state } = facts;
  if (rounds.length === 0) return ["Ask for a first batch: ystar campaign ask."];
  const open = [...state.candidates.values()].filter((one) => one.measurements.length === 0);
  const running = [...state.measurements.values()].filter(({ status }) => status === "running");
  if (open.length + running.length > 0) {
    const first = open[0]?.id ?? running[0]!.id;
    return [`Measure what is pending and tell the results: ystar campaign tell ${first} ...`];
  }
  return ["Go on: ystar campaign ask."];
}

/** Limits alone can be met; an objective can always be better. */
function met({ ranked, learnable }: AdviceFacts): string[] {
  if (ranked.kind !== "meeting" || ranked.goals.length === 0) return [];
  const first = ranked.order.find((i) => ranked.meets[i]!);
  return first === undefined ? [] : [`${learnable.states[first]!.id} meets every requirement.`];
}

const reached = ({ limits }: AdviceFacts): string[] =>
  limits.flatMap((one) => (one.reached ? [one.text] : []));

function stalled({ rounds }: AdviceFacts): string[] {
  const finished = rounds.filter(({ improved }) => improved !== null);
  const last = finished.slice(-patience);
  if (finished.length <= patience || last.some(({ improved }) => improved)) return [];
  return [`nothing better was found in the last ${patience} rounds.`];
}

function littleExpected({ state, problem, ranked }: AdviceFacts): string[] {
  const objectives = ranked.goals.filter(({ goal }) => isObjective(goal));
  const round = state.rounds.at(-1);
  // A limit of the problem's own says more.
  if (problem.problem.stop?.gain !== undefined) return [];
  if (objectives.length !== 1 || round === undefined) return [];
  const gains = round.candidates.map((id) => state.candidates.get(id)!.suggestion.expectedGain);
  if (gains.length === 0 || gains.some((gain) => gain === null)) return [];
  const { goal, outcome } = objectives[0]!;
  const largest = Math.max(...(gains as number[]));
  if (!gainBelowCost(largest, 1, leastGain * goal.scale).stop) return [];
  const unit = outcome.unit === "1" ? "" : ` ${outcome.unit}`;
  return [`the model expects to gain no more than ${formatNumber(largest, 2)}${unit}.`];
}

function usedUp({ state, problem }: AdviceFacts): string[] {
  const count = problem.space.count();
  if (count === "uncountable") return [];
  const taken = state.candidates.size + state.measurements.size;
  // A design taken twice is counted once only where every one of them is looked at.
  if (BigInt(taken) < count) return [];
  const rows = new Set(
    [
      ...[...state.candidates.values()].map(({ suggestion }) => suggestion.design),
      ...[...state.measurements.values()].map(({ design }) => design),
    ].map((design) => JSON.stringify(design)),
  );
  return BigInt(rows.size) < count
    ? []
    : [`all ${count} designs of the space are measured or suggested.`];
}

import type { Work } from "../../../core/work.ts";
import { describeEvent } from "../history/describe-event.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import { unitsOf } from "../campaign-problem.ts";
import { standingOf } from "../carry-over.ts";
import { inUnits } from "../in-units.ts";
import type { Measurement } from "../contract.ts";
import { learnableOf, roundsOfLearnable, type Learnable } from "../learnable.ts";
import { spentOn } from "../stopping/spent.ts";
import { stopStandings } from "../stopping/stop-standings.ts";
import { wantedOutcomes } from "../actions/settle-status.ts";
import type { CampaignState, MeasurementState } from "../history/state.ts";
import { adviceOn } from "./advice.ts";
import type {
  CampaignSummary,
  MeasuredSummary,
  MeasurementCounts,
  PendingSummary,
  RoundSummary,
} from "./contract.ts";
import { rankMeasurements, type RankedMeasurements } from "./rank-measurements.ts";
import { warningsOf } from "./warnings.ts";

/** How a campaign stands; pure. Limits on what a model believes have it fitted. */
export async function summariseCampaign(
  state: CampaignState,
  problem: OpenProblem,
  work: Work = {},
): Promise<CampaignSummary> {
  const learnable = learnableOf(state, problem);
  const ranked = rankMeasurements(problem, learnable.measurements);
  const rounds = roundsOf(state, problem, learnable);
  const limits = await stopStandings(state, problem, work);
  const created = state.history.events[0]!;
  const summary = {
    name: state.name,
    title: state.problem.title,
    seed: state.seed,
    problem: state.problem.file,
    targets: state.problem.targets.map(({ text }) => text),
    created: { at: created.at, by: created.by },
    stopped: state.stopped,
    counts: countsOf(state),
    spent: problem.cost === undefined ? null : spentOn(state, problem),
    limits,
    rounds,
    ranking: ranked.kind,
    best: bestOf(problem, learnable, ranked),
    pending: pendingOf(state, problem),
    notes: [...state.notes, ...[...state.measurements.values()].flatMap(({ notes }) => notes)],
    warnings: warningsOf(state, problem, learnable, ranked),
  };
  return { ...summary, advice: adviceOn({ state, problem, learnable, ranked, rounds, limits }) };
}

/** The history in words, the first entry first. */
export function historyOf({ history }: CampaignState): {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly what: string;
  readonly undone: boolean;
}[] {
  return history.events.map((event) => ({
    id: event.id,
    at: event.at,
    by: event.by,
    what: describeEvent(event),
    undone: history.voided.has(event.id),
  }));
}

function countsOf({ candidates, measurements }: CampaignState): MeasurementCounts {
  const all = [...measurements.values()];
  const of = (status: MeasurementState["status"]): number =>
    all.filter((one) => one.status === status).length;
  return {
    measurements: all.length,
    completed: of("completed"),
    running: of("running"),
    failed: of("failed"),
    infeasible: of("infeasible"),
    abandoned: of("abandoned"),
    pending: [...candidates.values()].filter((one) => one.measurements.length === 0).length,
  };
}

function bestOf(
  problem: OpenProblem,
  { states, measurements }: Learnable,
  ranked: RankedMeasurements,
): MeasuredSummary[] {
  return ranked.order
    .filter((i) => ranked.kind !== "front" || ranked.rank[i] === 1)
    .map((i) => ({
      id: states[i]!.id,
      design: measurements[i]!.design,
      outcomes: measurements[i]!.outcomes,
      noiseStd: measurements[i]!.noiseStd ?? {},
      meets: ranked.meets[i]!,
      outside: standingOf(problem, states[i]!.design, states[i]!.units).outside,
    }));
}

function roundsOf(
  state: CampaignState,
  problem: OpenProblem,
  learnable: Learnable,
): RoundSummary[] {
  const { measurements } = learnable;
  const roundOf = roundsOfLearnable(state, learnable);
  return state.rounds.map(({ round, at, by, planner, candidates }) => {
    const own = [...state.measurements.values()].filter(
      ({ candidate }) => candidate !== null && candidates.includes(candidate),
    );
    const told = own.filter(({ status }) => status !== "running");
    return {
      round,
      at,
      by,
      planner,
      candidates: candidates.length,
      completed: own.filter(({ status }) => status === "completed").length,
      failed: told.filter(({ status }) => status !== "completed").length,
      pending: candidates.filter((id) => !own.some((one) => one.candidate === id)).length,
      improved: hasImproved(
        problem,
        measurements,
        roundOf.map((one) => one < round),
        roundOf.map((one) => one === round),
      ),
    };
  });
}

/** Whether a design of the round was on the front of all that was measured up to it, and is not merely a repeat. */
function hasImproved(
  problem: OpenProblem,
  measurements: readonly Measurement[],
  isEarlier: readonly boolean[],
  isOwn: readonly boolean[],
): boolean | null {
  const known = measurements.flatMap((_, i) => (isEarlier[i]! || isOwn[i]! ? [i] : []));
  const { rank, goals } = rankMeasurements(
    problem,
    known.map((i) => measurements[i]!),
  );
  const values = (i: number): string =>
    goals.map(({ outcome }) => String(measurements[i]!.outcomes[outcome.name])).join(" ");
  const earlier = new Set(known.filter((i) => isEarlier[i]!).map(values));
  const own = known.flatMap((i, k) => (isOwn[i]! && rank[k]! > 0 ? [{ i, k }] : []));
  if (own.length === 0) return null;
  return own.some(({ i, k }) => rank[k] === 1 && !earlier.has(values(i)));
}

function pendingOf(state: CampaignState, problem: OpenProblem): PendingSummary[] {
  const units = unitsOf(problem.problem);
  const wanted = wantedOutcomes(problem);
  const suggested = [...state.candidates.values()]
    .filter(({ measurements }) => measurements.length === 0)
    .map(({ id, suggestion, units: own }): PendingSummary => ({
      id,
      design: inUnits(suggestion.design, own, units),
      status: "suggested",
      missing: wanted,
      reason: suggestion.reason,
    }));
  const running = [...state.measurements.values()]
    .filter(({ status }) => status === "running")
    .map(({ id, design, units: own, outcomes }): PendingSummary => ({
      id,
      design: inUnits(design, own, units),
      status: "running",
      missing: wanted.filter((name) => !Object.hasOwn(outcomes, name)),
      reason: null,
    }));
  return [...suggested, ...running];
}

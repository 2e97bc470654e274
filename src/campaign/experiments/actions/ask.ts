import { InfeasibleError, InputError } from "../../../core/errors.ts";
import { createRng } from "../../../core/rng.ts";
import type { Work } from "../../../core/work.ts";
import type { Design } from "../../../space/contract.ts";
import { withExperimentSettings } from "../../problem/settings/experiment-settings.ts";
import { problemHash, unitsOf, type OpenProblem } from "../campaign-problem.ts";
import { outsideText, standingOf, usableMeasurement } from "../carry-over.ts";
import type { Measurement, PlanExperiments } from "../contract.ts";
import type { AskedEvent, AskedOptions, Stamp } from "../history/events.ts";
import { placeEvents } from "../history/event-log.ts";
import { advance } from "../history/replay.ts";
import type { CampaignState } from "../history/state.ts";
import { stopStandings } from "../stopping/stop-standings.ts";
import type { Decision } from "./decision.ts";

/** What is asked for; the problem says what is not. */
export interface AskRequest extends Omit<AskedOptions, "batchSize" | "pool"> {
  readonly batchSize?: number;
  /** The only designs that may be suggested, with the table that they come from. */
  readonly pool?: {
    readonly source: string;
    readonly sha256: string;
    readonly designs: readonly Design[];
  };
}

/** What asking needs from outside the campaign. */
export interface AskTools {
  readonly plan: PlanExperiments;
  readonly versions: Readonly<Record<string, string>>;
  readonly stamp: Stamp;
  readonly work?: Work;
}

/**
 * The next round: suggestions with everything that they follow from. The same problem, seed and measurements give
 * the same suggestions.
 * @throws InputError for a campaign that was stopped; InfeasibleError when no design is left; whatever the planner
 *   refuses
 */
export async function decideAsking(
  state: CampaignState,
  problem: OpenProblem,
  request: AskRequest,
  tools: AskTools,
): Promise<Decision> {
  if (state.stopped !== null) {
    const { by, reason } = state.stopped;
    throw new InputError(
      `The campaign was stopped by ${by}${reason === null ? "" : `: ${reason}`}.`,
      { hint: "Resume it first: ystar campaign resume." },
    );
  }
  const options = optionsOf(request, problem);
  const round = nextRound(state);
  const seed = options.seed ?? roundSeed(state.seed, round);
  const known = learnable(state, problem);
  const pending = pendingDesigns(state, problem);
  const { planner, settings, exploration, replicates } = options;
  const plan = await tools
    .plan(problem, known.measurements, {
      batchSize: options.batchSize,
      seed,
      ...(planner === undefined ? {} : { planner }),
      ...(settings === undefined ? {} : { settings }),
      ...(exploration === undefined ? {} : { exploration }),
      ...(replicates === undefined ? {} : { replicates }),
      ...(request.pool === undefined ? {} : { pool: request.pool.designs }),
      ...(tools.work === undefined ? {} : { work: tools.work }),
      pending: pending.designs,
    })
    .catch((error: unknown) => {
      throw exhausted(error, state);
    });
  const event: AskedEvent = {
    type: "asked",
    round,
    candidates: plan.suggestions.map((suggestion, i) => ({
      id: `r${round}-${i + 1}`,
      suggestion,
    })),
    planner: plan.planner,
    seed,
    options,
    models: plan.models,
    warnings: plan.warnings,
    measurements: known.ids,
    pending: pending.ids,
    problemHash: await problemHash(problem.problem),
    units: unitsOf(problem.problem),
    versions: tools.versions,
  };
  // Limits are looked at with the new round, the expected gain of which is one of them.
  const after = advance(
    state,
    placeEvents([{ ...event, ...tools.stamp }], state.history.events.length),
  );
  const reached = (await stopStandings(after, problem, tools.work)).filter((one) => one.reached);
  return {
    drafts: [{ ...event, ...tools.stamp }],
    notices: [
      ...known.notices,
      ...plan.warnings,
      ...reached.map(({ limit, text }) => `Think of stopping (limit "${limit}"): ${text}`),
    ],
    // What is told while a plan is made is learned from in the next round.
    besides: ["told", "noted"],
  };
}

/** What is asked for, with what the problem says of experiments where nothing was said. */
function optionsOf(
  { batchSize, pool, ...request }: AskRequest,
  { problem: { experiments = {} } }: OpenProblem,
): AskedOptions {
  return {
    batchSize: batchSize ?? experiments.batch ?? 1,
    ...withExperimentSettings(experiments, request),
    ...(pool === undefined ? {} : { pool: { ...pool, designs: pool.designs.length } }),
  };
}

/** Undone rounds keep their numbers, so that no name of a candidate ever means two designs. */
function nextRound({ history }: CampaignState): number {
  return 1 + history.events.filter(({ type }) => type === "asked").length;
}

/** The seed of a round follows from the campaign's seed and the number of the round. */
export const roundSeed = (seed: number, round: number): number =>
  createRng(seed).fork("campaign").fork(`round ${round}`).bits();

/** Measurements that can be learned from, in the order in which they were told. */
function learnable(
  state: CampaignState,
  problem: OpenProblem,
): {
  readonly ids: readonly string[];
  readonly measurements: readonly Measurement[];
  readonly notices: readonly string[];
} {
  const ids: string[] = [];
  const measurements: Measurement[] = [];
  const notices: string[] = [];
  for (const one of state.measurements.values()) {
    const { measurement, outside } = usableMeasurement(problem, one);
    if (measurement !== null) {
      ids.push(one.id);
      measurements.push(measurement);
    } else if (one.status !== "running") {
      notices.push(`Nothing was learned from ${one.id}: ${outsideText(outside)}.`);
    }
  }
  return { ids, measurements, notices };
}

/** Designs whose outcomes are not there yet: suggested and not told of, or running without a result. */
function pendingDesigns(
  state: CampaignState,
  problem: OpenProblem,
): { readonly ids: readonly string[]; readonly designs: readonly Design[] } {
  const open = [
    ...[...state.candidates.values()]
      .filter(({ measurements }) => measurements.length === 0)
      .map(({ id, suggestion, units }) => ({ id, design: suggestion.design, units })),
    ...[...state.measurements.values()].filter(
      ({ status, outcomes }) => status === "running" && Object.keys(outcomes).length === 0,
    ),
  ];
  const ids: string[] = [];
  const designs: Design[] = [];
  for (const { id, design, units } of open) {
    const standing = standingOf(problem, design, units);
    if (standing.design === null) continue;
    ids.push(id);
    designs.push(standing.design);
  }
  return { ids, designs };
}

/** An exhausted space in the words of a campaign. */
function exhausted(error: unknown, { candidates, measurements }: CampaignState): unknown {
  if (!(error instanceof InfeasibleError) || candidates.size + measurements.size === 0) {
    return error;
  }
  const hint =
    "Widen the space (ystar campaign edit), ask for replicates (--replicates), or end the campaign (ystar campaign stop).";
  return new InfeasibleError(error.message, error.conflicts, {
    ...error.details,
    hint,
    cause: error,
  });
}

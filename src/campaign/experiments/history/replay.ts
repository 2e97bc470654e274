import { InputError } from "../../../core/errors.ts";
import { convertDifference } from "../../../core/units.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import { inUnits } from "../in-units.ts";
import type {
  AskedEvent,
  CampaignEvent,
  CreatedEvent,
  NotedEvent,
  Stamp,
  ToldEvent,
} from "./events.ts";
import type { CampaignState, CandidateState, MeasurementState, Note, Round } from "./state.ts";
import { voidedEvents } from "./voided-events.ts";

type Placed<Body> = Body & Stamp & { readonly id: string };

/** A state being built. */
interface Draft {
  problem: CampaignProblem;
  rounds: Round[];
  candidates: Map<string, CandidateState>;
  measurements: Map<string, MeasurementState>;
  notes: Note[];
  stopped: CampaignState["stopped"];
}

/**
 * What a campaign's events amount to. Pure: the same events give the same state.
 * @throws InputError when they do not begin with the creation
 */
export function replay(events: readonly CampaignEvent[]): CampaignState {
  const [first] = events;
  if (first?.type !== "created") {
    throw new InputError("The history of a campaign begins with its creation.", {
      received: first === undefined ? "no event" : `the event "${first.type}"`,
    });
  }
  const voided = voidedEvents(events);
  const draft = begin(first);
  for (const event of events) {
    if (!voided.has(event.id)) apply(draft, event);
  }
  return { name: first.name, seed: first.seed, ...draft, history: { events, voided } };
}

/**
 * A state after further events, none of which undoes another; the same as `replay` of all of them.
 */
export function advance(state: CampaignState, further: readonly CampaignEvent[]): CampaignState {
  const { problem, rounds, candidates, measurements, notes, stopped, history } = state;
  const draft: Draft = {
    problem,
    rounds: [...rounds],
    candidates: new Map(candidates),
    measurements: new Map(measurements),
    notes: [...notes],
    stopped,
  };
  for (const event of further) apply(draft, event);
  const events = [...history.events, ...further];
  return { name: state.name, seed: state.seed, ...draft, history: { ...history, events } };
}

const begin = ({ problem }: CreatedEvent): Draft => ({
  problem,
  rounds: [],
  candidates: new Map(),
  measurements: new Map(),
  notes: [],
  stopped: null,
});

function apply(draft: Draft, event: CampaignEvent): void {
  switch (event.type) {
    case "created":
    case "undone":
      return;
    case "problem-edited":
      draft.problem = event.problem;
      return;
    case "asked":
      addRound(draft, event);
      return;
    case "told":
      addTelling(draft, event);
      return;
    case "noted":
      addNote(draft, event);
      return;
    case "stopped":
      draft.stopped = { at: event.at, by: event.by, reason: event.reason };
      return;
    case "resumed":
      draft.stopped = null;
  }
}

function addRound(draft: Draft, event: Placed<AskedEvent>): void {
  const { type: _, candidates, id, ...rest } = event;
  draft.rounds.push({ ...rest, event: id, candidates: candidates.map((one) => one.id) });
  for (const { id, suggestion } of candidates) {
    const { round, units } = event;
    const candidate = { id, round, suggestion, units, measurements: [] };
    draft.candidates.set(id, candidate);
  }
}

function addTelling(draft: Draft, event: Placed<ToldEvent>): void {
  const { measurement: id, candidate, design, status, at, by } = event;
  const known = draft.measurements.get(id);
  const notes = event.note === null ? [] : [{ about: id, text: event.note, at, by }];
  // A correction to a status without outcomes takes the outcomes away.
  const base = event.correction && hasNoOutcomes(status) ? undefined : known;
  // Numbers from before an edit of the problem come into the units of this message.
  const units = { ...known?.units, ...event.units };
  const earlier = inUnits(base?.outcomes ?? {}, known?.units ?? {}, units);
  const earlierStd = inUnits(base?.noiseStd ?? {}, known?.units ?? {}, units, convertDifference);
  draft.measurements.set(id, {
    id,
    candidate,
    design,
    status,
    outcomes: { ...earlier, ...event.outcomes },
    noiseStd: { ...withoutKeys(earlierStd, event.outcomes), ...event.noiseStd },
    units,
    notes: [...(known?.notes ?? []), ...notes],
    events: [...(known?.events ?? []), event.id],
    at,
    by,
  });
  const of = candidate === null ? undefined : draft.candidates.get(candidate);
  if (of === undefined || of.measurements.includes(id)) return;
  draft.candidates.set(of.id, { ...of, measurements: [...of.measurements, id] });
}

function addNote(draft: Draft, event: Placed<NotedEvent>): void {
  const { about, text, at, by } = event;
  const note = { about, text, at, by };
  const measurement = about === null ? undefined : draft.measurements.get(about);
  if (measurement === undefined) draft.notes.push(note);
  else {
    const notes = [...measurement.notes, note];
    draft.measurements.set(measurement.id, { ...measurement, notes });
  }
}

/** Whether nothing was learned of the outcomes. */
const hasNoOutcomes = (status: ToldEvent["status"]): boolean =>
  status === "failed" || status === "infeasible";

/** A new value does not keep the noise of the one before. */
function withoutKeys(
  record: Readonly<Record<string, number>>,
  keys: object,
): Record<string, number> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !Object.hasOwn(keys, key)));
}

import { InputError } from "../../../core/errors.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";
import { unitsOf, type OpenProblem } from "../campaign-problem.ts";
import { outsideText, standingOf } from "../carry-over.ts";
import type { EventDraft, NotedEvent, Stamp, ToldEvent } from "../history/events.ts";
import { placeEvents } from "../history/event-log.ts";
import { advance } from "../history/replay.ts";
import type { CampaignState, MeasurementState } from "../history/state.ts";
import type { Decision } from "./decision.ts";
import { collectErrors, joinErrors } from "./collect-errors.ts";
import {
  existingOf,
  isNothingNew,
  mergeable,
  requireNoContradiction,
} from "./existing-measurement.ts";
import { baseOf, findTarget, type Target } from "./find-target.ts";
import { isReplayed } from "./replayed-message.ts";
import { readValues, type ReadValues } from "./read-values.ts";
import { settleStatus, wantedOutcomes } from "./settle-status.ts";
import type { TellContext } from "./tell-context.ts";
import type { Telling } from "./telling.ts";
import { toldDesign, type ToldDesign } from "./told-design.ts";

/**
 * What messages about measurements add to a campaign: all of them or, when one is refused, none.
 * @throws InputError for an unknown name, a unit of another dimension, a number that is not finite, a design that is
 *   not complete, a value or status that contradicts what was told, a message name used for something else;
 *   `details.path` is the place of the message, where it has one, and the name of the value
 */
export function decideTelling(
  state: CampaignState,
  problem: OpenProblem,
  tellings: readonly Telling[],
  stamp: Stamp,
): Decision {
  const drafts: EventDraft[] = [];
  const notices: string[] = [];
  const matched = new Set<string>();
  const errors: InputError[] = [];
  let current = state;
  for (const telling of tellings) {
    const context = { state: current, problem, stamp, matched };
    const one = collectErrors(errors, telling.place, () => decideOne(context, telling));
    if (one === undefined) continue;
    notices.push(...one.notices);
    if (one.drafts.length === 0) continue;
    drafts.push(...one.drafts);
    current = advance(current, placeEvents(one.drafts, current.history.events.length));
  }
  if (errors.length > 0) throw joinErrors(errors);
  return { drafts, notices };
}

function decideOne(context: TellContext, telling: Telling): Decision {
  const { state, problem } = context;
  const message = messageOf(telling);
  if (telling.id !== undefined && isReplayed(state.history, telling.id, message)) {
    return { drafts: [], notices: [`The message "${telling.id}" was recorded before.`] };
  }
  const values = readValues(problem.problem, telling.values ?? {});
  const target = findTarget(state, telling.target);
  const told = toldDesign(problem.problem, baseOf(problem, target, telling), values);
  requireConditionals(problem, told);
  if (isNoteAlone(telling, values, told) && target !== undefined) {
    return noteAbout(context, target, telling, message);
  }
  const existing = existingOf(context, telling, target, told, values);
  if (existing !== undefined && isNothingNew(existing, telling, values, told)) {
    const what = existing.candidate ?? existing.id;
    return {
      drafts: [],
      notices: [
        `${what}: this was told before; nothing is recorded twice.${telling.target === undefined ? " Say that it is a replicate if it was measured again." : ""}`,
      ],
    };
  }
  const notices = [...told.notices];
  const merged = mergeable(existing, telling);
  if (merged === undefined && existing?.status === "failed") {
    notices.push(`${existing.id} had failed; recorded as a new attempt.`);
  }
  if (merged !== undefined) requireNoContradiction(merged, telling, values, told);
  const status = settleStatus(problem, merged, telling, { values, deviates: told.deviates });
  const event: ToldEvent = {
    type: "told",
    measurement: merged?.id ?? newId(state, target),
    candidate: target?.candidate ?? null,
    design: told.design,
    status,
    outcomes: values.outcomes,
    noiseStd: values.noiseStd,
    note: telling.note ?? null,
    correction: telling.correct ?? false,
    units: unitsOf(problem.problem),
    message,
  };
  notices.push(
    ...warningsAbout(context, event, target, told),
    ...stillMissing(problem, merged, event),
  );
  const id = telling.id === undefined ? {} : { id: telling.id };
  return { drafts: [{ ...event, ...context.stamp, ...id }], notices };
}

/** @throws InputError for a design that lacks a parameter whose conditions it has */
function requireConditionals(problem: OpenProblem, { design }: ToldDesign): void {
  const { design: known, outside } = standingOf(problem, design, unitsOf(problem.problem));
  const lacking = problem.space.parameters.find(
    ({ name }) => known === null && outside.includes(`${name} is not known`),
  );
  if (lacking === undefined) return;
  throw new InputError(`The design is not complete: ${lacking.name} missing.`, {
    path: lacking.name,
    expected: "a value for every parameter that the design has",
    hint: `Add ${lacking.name}=....`,
  });
}

function isNoteAlone(
  { note, status }: Telling,
  { outcomes }: ReadValues,
  { deviates }: ToldDesign,
): boolean {
  return (
    note !== undefined && status === undefined && !deviates && Object.keys(outcomes).length === 0
  );
}

/** A note changes no status. */
function noteAbout(
  { stamp }: TellContext,
  { measurement, candidate }: Target,
  { note, id }: Telling,
  message: JsonValue,
): Decision {
  if (measurement?.notes.some(({ text }) => text === note) === true) {
    return { drafts: [], notices: [`${measurement.id}: this note is there already.`] };
  }
  const about = measurement?.id ?? candidate;
  const event: NotedEvent = { type: "noted", about, text: note!, message };
  return { drafts: [{ ...event, ...stamp, ...(id === undefined ? {} : { id }) }], notices: [] };
}

/** The message as plain JSON, without its name. */
const messageOf = (telling: Telling): JsonValue =>
  JSON.parse(JSON.stringify({ ...telling, id: undefined, place: undefined })) as JsonValue;

/** What a partial result still lacks. */
function stillMissing(
  problem: OpenProblem,
  existing: MeasurementState | undefined,
  { measurement, status, outcomes }: ToldEvent,
): string[] {
  const known = { ...existing?.outcomes, ...outcomes };
  if (status !== "running" || Object.keys(known).length === 0) return [];
  const missing = wantedOutcomes(problem).filter((name) => !Object.hasOwn(known, name));
  return missing.length === 0 ? [] : [`${measurement}: still to be told: ${missing.join(", ")}.`];
}

function newId(state: CampaignState, target: Target | undefined): string {
  const taken = new Set(
    state.history.events.flatMap((event) => (event.type === "told" ? [event.measurement] : [])),
  );
  const candidate = target === undefined ? null : (target.candidate ?? target.measurement!.id);
  for (let k = 1; ; k++) {
    const id = candidate === null ? `m${k}` : k === 1 ? candidate : `${candidate}#${k}`;
    if (!taken.has(id)) return id;
  }
}

function warningsAbout(
  { state, problem }: TellContext,
  { measurement, design, units }: ToldEvent,
  target: Target | undefined,
  { deviates }: ToldDesign,
): string[] {
  const warnings: string[] = [];
  const isUndone = target?.candidate !== undefined && target.candidate !== null;
  if (isUndone && target.suggested === undefined) {
    warnings.push(
      `The round of ${target.candidate} was undone; the measurement is kept all the same.`,
    );
  }
  const { design: known, outside } = standingOf(problem, design, units);
  if (outside.length > 0) {
    warnings.push(
      `${measurement} lies outside the space: ${outsideText(outside)}. It is kept${known === null ? ", but nothing can be learned from it" : ""}.`,
    );
  }
  if (deviates && !state.measurements.has(measurement)) {
    warnings.push(`${measurement}: another design was made than suggested; both are kept.`);
  }
  return warnings;
}

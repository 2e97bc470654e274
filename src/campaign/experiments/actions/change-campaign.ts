import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { unitsOf, type CampaignProblem, type OpenProblem } from "../campaign-problem.ts";
import { requireConvertible, standingOf } from "../carry-over.ts";
import { describeEvent } from "../history/describe-event.ts";
import type { EventBody, Stamp } from "../history/events.ts";
import type { CampaignState } from "../history/state.ts";
import type { Decision } from "./decision.ts";

/**
 * Takes an event back; it stays in the history. Without a name it is the last one that counts. Undoing an undo
 * brings the event back.
 * @throws InputError for an event that is not there, counts no longer, or created the campaign
 */
export function decideUndo(
  state: CampaignState,
  event: string | undefined,
  reason: string | null,
  stamp: Stamp,
): Decision {
  const { events, voided } = state.history;
  const standing = events.filter(({ id, seq, type }) => {
    return seq > 0 && !voided.has(id) && (event !== undefined || type !== "undone");
  });
  const target =
    event === undefined ? standing.at(-1) : standing.find(({ id }) => id === resolve(state, event));
  if (target === undefined) throw nothingToUndo(state, event);
  const notices = [`Undone: ${describeEvent(target)}. It stays in the history.`];
  if (target.type === "asked") {
    const told = target.candidates.filter(({ id }) => state.measurements.has(id)).length;
    if (told > 0) {
      notices.push(`${told} of its candidates have measurements, which are kept.`);
    }
  }
  return draft({ type: "undone", event: target.id, reason }, stamp, notices);
}

/** An event by its own name, or the last one that told of a measurement. */
function resolve({ history, measurements }: CampaignState, name: string): string {
  if (history.events.some(({ id }) => id === name)) return name;
  return measurements.get(name)?.events.at(-1) ?? name;
}

function nothingToUndo({ history }: CampaignState, event: string | undefined): InputError {
  if (event === undefined) return new InputError("There is nothing to undo.");
  const { events, voided } = history;
  if (voided.has(event)) {
    const by = events.find((one) => one.type === "undone" && one.event === event);
    return new InputError(`The entry ${event} is undone already.`, {
      received: event,
      hint: `To bring it back, undo ${by?.id ?? "the undo"}.`,
    });
  }
  if (events[0]?.id === event) {
    return new InputError("The creation of a campaign cannot be undone.", { received: event });
  }
  const known = events.slice(1).flatMap(({ id }) => (voided.has(id) ? [] : [id]));
  return new InputError(`The campaign has no entry "${event}".`, {
    expected: "the name of an entry such as e4, or of a measurement such as r1-2",
    received: event,
    hint: suggest(event, known),
  });
}

/** @throws InputError for an empty note or a candidate or measurement that is not there */
export function decideNote(
  state: CampaignState,
  about: string | null,
  text: string,
  stamp: Stamp,
): Decision {
  if (text.trim() === "") throw new InputError("The note is empty.", { expected: "a text" });
  const known = [...state.candidates.keys(), ...state.measurements.keys()];
  if (about !== null && !known.includes(about)) {
    throw new InputError(`The campaign has no candidate or measurement "${about}".`, {
      received: about,
      hint: suggest(about, known),
    });
  }
  return draft({ type: "noted", about, text: text.trim() }, stamp);
}

/** @throws InputError when it is stopped already */
export function decideStop(state: CampaignState, reason: string | null, stamp: Stamp): Decision {
  if (state.stopped !== null) throw new InputError("The campaign is stopped already.");
  return draft({ type: "stopped", reason }, stamp);
}

/** @throws InputError when it was not stopped */
export function decideResume(state: CampaignState, stamp: Stamp): Decision {
  if (state.stopped === null) throw new InputError("The campaign is not stopped.");
  return draft({ type: "resumed" }, stamp);
}

/**
 * Lets another problem hold from here on. What was measured before stays; what lies outside the new space is kept
 * and flagged.
 * @param problem the new one, opened
 * @throws InputError where recorded numbers cannot be read in the new units, or nothing changes
 */
export function decideEdit(state: CampaignState, problem: OpenProblem, stamp: Stamp): Decision {
  const next = problem.problem;
  if (JSON.stringify(next) === JSON.stringify(state.problem)) {
    return { drafts: [], notices: ["The problem is the same as before; nothing was changed."] };
  }
  const recorded = [...state.measurements.values(), ...state.candidates.values()];
  requireConvertible(
    recorded.map(({ units }) => units),
    unitsOf(next),
  );
  const notices = changes(state.problem, next);
  let outside = 0;
  let lost = 0;
  for (const { design, units } of state.measurements.values()) {
    const standing = standingOf(problem, design, units);
    if (standing.design === null) lost++;
    else if (standing.outside.length > 0) outside++;
  }
  if (outside > 0) {
    notices.push(
      `Outside the new space: ${outside} of ${state.measurements.size} measurements. They are kept and learned from.`,
    );
  }
  if (lost > 0) {
    notices.push(
      `Not to be expressed in the new space: ${lost} of ${state.measurements.size} measurements. They are kept, but not learned from.`,
    );
  }
  return draft({ type: "problem-edited", problem: next }, stamp, notices);
}

/** What is new, what is gone. */
function changes(before: CampaignProblem, after: CampaignProblem): string[] {
  const lists = [
    [
      "parameter",
      before.parameters.map(({ name }) => name),
      after.parameters.map(({ name }) => name),
    ],
    [
      "constraint",
      before.constraints.map(({ text }) => text),
      after.constraints.map(({ text }) => text),
    ],
    ["target", before.targets.map(({ text }) => text), after.targets.map(({ text }) => text)],
    ["outcome", before.outcomes.map(({ name }) => name), after.outcomes.map(({ name }) => name)],
    ["cost", costText(before), costText(after)],
    ["fidelity", fidelityText(before), fidelityText(after)],
    ["limit", limitTexts(before), limitTexts(after)],
  ] as const;
  return lists.flatMap(([what, old, now]) => [
    ...now.filter((one) => !old.includes(one)).map((one) => `New ${what}: ${one}.`),
    ...old.filter((one) => !now.includes(one)).map((one) => `No longer a ${what}: ${one}.`),
  ]);
}

const costText = ({ cost }: CampaignProblem): string[] =>
  cost === undefined ? [] : [cost.formula];

const fidelityText = ({ fidelity }: CampaignProblem): string[] =>
  fidelity === undefined ? [] : [`${fidelity.parameter} at ${fidelity.target}`];

const limitTexts = ({ stop = {} }: CampaignProblem): string[] =>
  Object.entries(stop).map(([name, limit]) => `${name} ${JSON.stringify(limit)}`);

const draft = (body: EventBody, stamp: Stamp, notices: readonly string[] = []): Decision => ({
  drafts: [{ ...body, ...stamp }],
  notices,
});

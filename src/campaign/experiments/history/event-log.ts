import { InputError } from "../../../core/errors.ts";
import type { CampaignEvent, EventDraft, EventType } from "./events.ts";

/** Where the events of one campaign are kept. */
export interface EventLog {
  /** @param from how many of the first are left out, as they are known already; 0 when absent */
  read(from?: number): readonly CampaignEvent[];
  /**
   * Appends all or nothing.
   * @param known how many events the caller had seen when it decided
   * @param besides types of events that may have come since without changing the decision
   * @returns the events with their places, or null when others came in between: read and decide anew
   * @throws InputError for an identifier that another event has
   */
  append(
    drafts: readonly EventDraft[],
    known: number,
    besides?: readonly EventType[],
  ): readonly CampaignEvent[] | null;
}

/** A log in memory, for one process. */
export function memoryLog(start: readonly CampaignEvent[] = []): EventLog {
  const events = [...start];
  return {
    read: (from = 0) => events.slice(from),
    append(drafts, known, besides = []) {
      if (!mayAppend(events.slice(known), besides)) return null;
      const placed = placeEvents(drafts, events.length);
      requireFreshIds(
        placed,
        events.map(({ id }) => id),
      );
      events.push(...placed);
      return placed;
    },
  };
}

/** Whether a decision still holds after the events that came since. */
export const mayAppend = (
  since: readonly Pick<CampaignEvent, "type">[],
  besides: readonly EventType[],
): boolean => since.every(({ type }) => besides.includes(type));

/** Gives drafts their places from `seq` on. */
export function placeEvents(drafts: readonly EventDraft[], seq: number): CampaignEvent[] {
  return drafts.map((draft, i) => ({ ...draft, seq: seq + i, id: draft.id ?? `e${seq + i}` }));
}

/** @throws InputError for an identifier that is taken */
export function requireFreshIds(events: readonly CampaignEvent[], taken: readonly string[]): void {
  const known = new Set(taken);
  for (const { id } of events) {
    if (known.has(id)) {
      throw new InputError(`There is an event "${id}" already.`, {
        received: id,
        hint: "Give every message an identifier of its own.",
      });
    }
    known.add(id);
  }
}

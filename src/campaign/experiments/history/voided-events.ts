import type { CampaignEvent } from "./events.ts";

/**
 * Identifiers of the events that count no longer: those undone by an event that itself still counts. Undoing an
 * undo brings the first event back.
 */
export function voidedEvents(events: readonly CampaignEvent[]): ReadonlySet<string> {
  const voided = new Set<string>();
  // What undoes an event comes after it, so that whether it counts is known when its turn comes.
  for (const event of events.toReversed()) {
    if (event.type === "undone" && !voided.has(event.id)) voided.add(event.event);
  }
  return voided;
}

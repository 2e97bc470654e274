import type { EventDraft, EventType } from "../history/events.ts";

/** What an action adds to a campaign, and what the user should know. */
export interface Decision {
  readonly drafts: readonly EventDraft[];
  readonly notices: readonly string[];
  /** Types of events that may come in between without changing it; none when absent. */
  readonly besides?: readonly EventType[];
}

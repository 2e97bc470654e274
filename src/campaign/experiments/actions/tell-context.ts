import type { OpenProblem } from "../campaign-problem.ts";
import type { Stamp } from "../history/events.ts";
import type { CampaignState } from "../history/state.ts";

/** What every message of one call has read and found so far. */
export interface TellContext {
  readonly state: CampaignState;
  readonly problem: OpenProblem;
  readonly stamp: Stamp;
  /** Measurements of one's own that a message of this call has matched. */
  readonly matched: Set<string>;
}

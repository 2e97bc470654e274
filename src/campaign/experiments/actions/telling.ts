import type { ToldStatus } from "../history/events.ts";
import type { GivenValue } from "./read-values.ts";

/** One message about one measurement, as a person or an instrument sends it. */
export interface Telling {
  /** Candidate (`r2-1`) or measurement (`r2-1#2`, `m3`); absent for a design of one's own, told in full. */
  readonly target?: string;
  /** Outcomes, and parameters where they differ from the candidate's, by name. */
  readonly values?: Readonly<Record<string, GivenValue>>;
  /** When absent: completed once every outcome with a target is there, running before. */
  readonly status?: ToldStatus;
  readonly note?: string;
  /** Another measurement of the same design. */
  readonly replicate?: boolean;
  /** Its values stand instead of those told before. */
  readonly correct?: boolean;
  /** Name of the message, by which a repeated one is known. */
  readonly id?: string;
  /** Where it stands, for errors: `row 3 (line 4)`. */
  readonly place?: string;
}

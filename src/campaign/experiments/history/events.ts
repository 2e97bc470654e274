import type { Design } from "../../../space/contract.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import type { MeasurementStatus, OutcomeValue, Suggestion } from "../contract.ts";

/** Who did something, and when (ISO 8601, UTC). */
export interface Stamp {
  readonly at: string;
  readonly by: string;
}

/** What a campaign consists of: what happened, in order. Nothing is ever changed or removed. */
export type CampaignEvent = EventBody & Stamp & EventPlace;
/** An event that has no place in a campaign yet. */
export type EventDraft = EventBody & Stamp & { readonly id?: string };

interface EventPlace {
  /** Its name in the campaign: `e<seq>`, or what the client gave so that a repeated message is known. */
  readonly id: string;
  /** 0 for the creation, counted on without gaps. */
  readonly seq: number;
}

export type EventBody =
  | CreatedEvent
  | ProblemEditedEvent
  | AskedEvent
  | ToldEvent
  | UndoneEvent
  | NotedEvent
  | StoppedEvent
  | ResumedEvent;
export type EventType = EventBody["type"];

export interface CreatedEvent {
  readonly type: "created";
  readonly name: string;
  /** The seeds of all rounds follow from it. */
  readonly seed: number;
  readonly problem: CampaignProblem;
  readonly versions: Readonly<Record<string, string>>;
}

/** From here on another problem holds. */
export interface ProblemEditedEvent {
  readonly type: "problem-edited";
  readonly problem: CampaignProblem;
}

/** A design that was suggested. */
export interface AskedCandidate {
  /** `r2-1`: the first of round 2. */
  readonly id: string;
  readonly suggestion: Suggestion;
}

/** One round of suggestions with everything that they follow from. */
export interface AskedEvent {
  readonly type: "asked";
  readonly round: number;
  readonly candidates: readonly AskedCandidate[];
  readonly planner: string;
  readonly seed: number;
  readonly options: AskedOptions;
  /** Model summaries of the plan. */
  readonly models: readonly Readonly<Record<string, number | string>>[];
  readonly warnings: readonly string[];
  /** Identifiers of the measurements that were learned from, in order. */
  readonly measurements: readonly string[];
  /** Identifiers of the candidates and measurements that were pending. */
  readonly pending: readonly string[];
  /** SHA-256 of the problem, see `problemHash`. */
  readonly problemHash: string;
  readonly units: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** What was asked for, as far as it was said. */
export interface AskedOptions {
  readonly batchSize: number;
  readonly planner?: string;
  readonly settings?: Readonly<Record<string, JsonValue>>;
  readonly exploration?: number;
  readonly replicates?: boolean;
  /** The table whose designs alone could be suggested. */
  readonly pool?: { readonly source: string; readonly sha256: string; readonly designs: number };
  /** Instead of the seed that follows from the campaign and the round. */
  readonly seed?: number;
}

/** `running`: being made or measured; outcomes that are there already are partial results. */
export type ToldStatus = MeasurementStatus | "running";

/** Something became known of a measurement. */
export interface ToldEvent {
  readonly type: "told";
  /** The measurement: of a candidate by its name (`r2-1`, a repeat `r2-1#2`), or `m1` of a design of one's own. */
  readonly measurement: string;
  readonly candidate: string | null;
  /** What was really made; it may differ from the candidate and lie outside the space. */
  readonly design: Design;
  readonly status: ToldStatus;
  /** What this message brought, in the units below. */
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
  /** Known standard deviations of what it brought. */
  readonly noiseStd: Readonly<Record<string, number>>;
  readonly note: string | null;
  /** Its values stand instead of those that were told before. */
  readonly correction: boolean;
  /** Of the numbers in the design and the outcomes, by name. */
  readonly units: Readonly<Record<string, string>>;
  /** The message as it came, to tell a repeated one from another one with the same name. */
  readonly message: JsonValue;
}

/** Another event counts no longer; undoing this one brings it back. */
export interface UndoneEvent {
  readonly type: "undone";
  readonly event: string;
  readonly reason: string | null;
}

export interface NotedEvent {
  readonly type: "noted";
  /** Candidate or measurement; null for the campaign. */
  readonly about: string | null;
  readonly text: string;
  /** As in `ToldEvent`, where the note came with a message. */
  readonly message?: JsonValue;
}

export interface StoppedEvent {
  readonly type: "stopped";
  readonly reason: string | null;
}

export interface ResumedEvent {
  readonly type: "resumed";
}

import type { Design } from "../../../space/contract.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import type { OutcomeValue, Suggestion } from "../contract.ts";
import type { AskedEvent, CampaignEvent, Stamp, ToldStatus } from "./events.ts";

/** What a campaign's events amount to. */
export interface CampaignState {
  readonly name: string;
  readonly seed: number;
  readonly problem: CampaignProblem;
  /** Rounds that count, in order. An undone round keeps its number. */
  readonly rounds: readonly Round[];
  readonly candidates: ReadonlyMap<string, CandidateState>;
  readonly measurements: ReadonlyMap<string, MeasurementState>;
  readonly notes: readonly Note[];
  readonly stopped: (Stamp & { readonly reason: string | null }) | null;
  readonly history: CampaignHistory;
}

/** Everything that ever happened, undone or not. */
export interface CampaignHistory {
  readonly events: readonly CampaignEvent[];
  readonly voided: ReadonlySet<string>;
}

export interface Round extends Stamp, Omit<AskedEvent, "type" | "candidates"> {
  readonly event: string;
  readonly candidates: readonly string[];
}

/** A suggested design. */
export interface CandidateState {
  readonly id: string;
  readonly round: number;
  readonly suggestion: Suggestion;
  /** Of the numbers in the design, by name. */
  readonly units: Readonly<Record<string, string>>;
  /** Its measurements, the first first; empty as long as nothing was told. */
  readonly measurements: readonly string[];
}

/** What is known of one measurement. */
export interface MeasurementState extends Stamp {
  readonly id: string;
  /** The candidate it was made for, whether its round still counts or not. */
  readonly candidate: string | null;
  readonly design: Design;
  readonly status: ToldStatus;
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
  readonly noiseStd: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
  /** Identifiers of the events that told of it. */
  readonly events: readonly string[];
}

export interface Note extends Stamp {
  readonly about: string | null;
  readonly text: string;
}

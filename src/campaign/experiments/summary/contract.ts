import type { Design } from "../../../space/contract.ts";
import type { OutcomeValue } from "../contract.ts";
import type { StopLimits } from "../../problem/settings/stop-limits.ts";
import type { Stamp, ToldStatus } from "../history/events.ts";
import type { Note } from "../history/state.ts";

/** How a campaign stands: what a person wants to see of it, as plain JSON. */
export interface CampaignSummary {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  /** Name of the problem file. */
  readonly problem: string;
  readonly targets: readonly string[];
  readonly created: Stamp;
  readonly stopped: (Stamp & { readonly reason: string | null }) | null;
  readonly counts: MeasurementCounts;
  /** What was spent on measurements; null where their cost is not known. */
  readonly spent: Spent | null;
  /** The limits of the problem, and where each stands. */
  readonly limits: readonly LimitStanding[];
  readonly rounds: readonly RoundSummary[];
  /** `best`: one objective, the best first; `front`: several, the designs that no other beats; `meeting`: limits alone. */
  readonly ranking: "best" | "front" | "meeting";
  /** Measured designs in the order of the ranking; for several objectives the front alone. */
  readonly best: readonly MeasuredSummary[];
  readonly pending: readonly PendingSummary[];
  readonly notes: readonly Note[];
  readonly warnings: readonly string[];
  /** Whether to go on, and why. */
  readonly advice: readonly string[];
}

/** What was spent on measurements that were made, in the unit of the cost. */
export interface Spent {
  readonly amount: number;
  readonly unit: string;
  /** Measurements outside the space, the cost of which is not known. */
  readonly unknown: number;
}

/** Where a limit of the problem stands. */
export interface LimitStanding {
  /** Its name in the problem file. */
  readonly limit: keyof StopLimits;
  readonly reached: boolean;
  /** A sentence. */
  readonly text: string;
}

export interface MeasurementCounts extends Readonly<Record<ToldStatus, number>> {
  readonly measurements: number;
  /** Candidates of which nothing was told. */
  readonly pending: number;
}

export interface RoundSummary extends Stamp {
  readonly round: number;
  readonly planner: string;
  readonly candidates: number;
  readonly completed: number;
  readonly failed: number;
  readonly pending: number;
  /** Whether a design of this round was better than all before it; null where nothing was completed. */
  readonly improved: boolean | null;
}

export interface MeasuredSummary {
  readonly id: string;
  readonly design: Design;
  /** Measured and, where a target is computed, computed outcomes, in the problem's units. */
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
  readonly noiseStd: Readonly<Record<string, number>>;
  /** Every requirement of the targets holds. */
  readonly meets: boolean;
  /** How it lies outside the space; empty inside. */
  readonly outside: readonly string[];
}

export interface PendingSummary {
  readonly id: string;
  readonly design: Design;
  /** `suggested` as long as nothing was told. */
  readonly status: "suggested" | "running";
  /** Wanted outcomes that are not there yet. */
  readonly missing: readonly string[];
  readonly reason: string | null;
}

import type { AuditFinding } from "../data/contract.ts";
import type { DesignNouns } from "../domains/contract.ts";
import type { Verdict } from "../surrogates/validity/contract.ts";
import type { ConstraintCheck, Fractions } from "../space/contract.ts";
import type { JsonValue } from "../surrogates/contract.ts";
import type { SearchHistoryPoint } from "../search/contract.ts";

/** One property of one design as predicted; standard deviations in `unit`. */
export interface PredictedProperty {
  readonly mean: number;
  readonly epistemicStd: number;
  readonly aleatoricStd: number;
  readonly unit: string;
}

export interface CandidateDesign {
  readonly formula: string;
  readonly fractions: Fractions;
  readonly process: Readonly<Record<string, number | string>>;
}

/** A measured design close to a candidate. */
export interface Neighbour {
  readonly formula: string;
  /** Row in the data file, counted from 1 below the header. */
  readonly row: number;
  /** Largest differences in words: `Nb +0.05, Ti -0.05`. */
  readonly difference: string;
}

export interface Candidate {
  readonly id: string;
  readonly design: CandidateDesign;
  readonly predictions: Readonly<Record<string, PredictedProperty>>;
  /** Every bound, constraint and required outcome holds. */
  readonly feasible: boolean;
  readonly constraints: readonly ConstraintCheck[];
  /**
   * Distance to the nearest measured composition: half the sum of |difference| of fractions, 0 ... 1; in
   * the general domain to the nearest measured design (Gower's). Null without data.
   */
  readonly distance: number | null;
  /** Farther from the data than the data is from itself (see `extrapolationLimit`), or with an unseen element or route. */
  readonly extrapolation: boolean;
  /** Whether the learned properties interpolate, the worst of them; null when none is learned. */
  readonly validity: CandidateValidity | null;
  /** Null without data. */
  readonly nearest: Neighbour | null;
  readonly paretoRank: number;
  /** Why this one, in a sentence. */
  readonly reason: string;
}

/** Whether the predictions of a candidate lie among the data, at their edge or beyond them, and why. */
export interface CandidateValidity {
  readonly verdict: Verdict;
  /** The gravest first, with the property where several are learned; empty inside. */
  readonly reasons: readonly string[];
}

export type TargetKind = "minimise" | "maximise" | "match" | "range" | "class";

export interface TargetSummary {
  readonly text: string;
  readonly property: string;
  readonly unit: string;
  readonly kind: TargetKind;
  /** Range or match in `unit`; for a class the least probability. Open ends are null. */
  readonly low: number | null;
  readonly high: number | null;
  readonly classes: readonly string[];
  /** `physics` and `formula` are computed, else the surrogate's name. */
  readonly model: string;
  readonly title: string;
}

export interface Metric {
  readonly mean: number;
  readonly std: number;
}

/** What was learned for one property and how far to trust it. */
export interface ModelCard {
  readonly property: string;
  readonly unit: string;
  readonly surrogate: string;
  readonly task: "regression" | "classification";
  readonly classes: readonly string[];
  readonly features: readonly string[];
  readonly rows: number;
  /** What was left out of training and why. */
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  /** Data from which a model of a file was learned; absent for one learned in the run. */
  readonly trainedOn?: { readonly name: string; readonly sha256: string };
  readonly protocol: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly baseline: Readonly<Record<string, Readonly<Record<string, Metric>>>>;
  /** Out-of-fold predictions: measured, predicted (for a class: 0/1 and the probability), total std, formula. */
  readonly parity: readonly {
    readonly measured: number;
    readonly predicted: number;
    readonly std: number;
    readonly formula: string;
  }[];
  /** Nominal against observed share (intervals), or predicted against observed frequency (classes). */
  readonly calibration: readonly {
    readonly nominal: number;
    readonly observed: number;
    readonly count: number;
  }[];
}

export interface MeasuredDesign {
  readonly formula: string;
  readonly row: number;
  readonly fractions: Fractions;
  /** Measured or computed value per target property; null where it was not measured. */
  readonly values: Readonly<Record<string, number | null>>;
}

/** Everything `design` found: the JSON document of the command and the input of the report. */
export interface DesignResult {
  readonly problem: {
    readonly name: string;
    readonly domain: string;
    readonly nouns: DesignNouns;
    /** Null for a problem without data. */
    readonly data: string | null;
    readonly strategy: string;
    readonly targets: readonly TargetSummary[];
    readonly constraints: readonly string[];
    /** Elements or ingredients. */
    readonly elements: readonly string[];
    /** Units of the numeric process variables. */
    readonly processUnits: Readonly<Record<string, string>>;
    /** The problem file as given. */
    readonly text: string;
  };
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the data file's bytes; null without data. */
  readonly dataHash: string | null;
  /** Null for a problem without data. */
  readonly data: {
    /** Name of a shipped set, or the file as the problem names it. */
    readonly source: string;
    readonly rows: number;
    readonly usedRows: number;
    readonly audit: readonly AuditFinding[];
    readonly license: string;
    readonly reference: string;
  } | null;
  readonly space: {
    /** Exact number of designs as decimal text, or `uncountable`. */
    readonly count: string;
    /** Whether limits on quantities (a price) were left out of the count, so that it is an upper bound. */
    readonly isUpperBound: boolean;
    readonly dimension: number;
  };
  readonly candidates: readonly Candidate[];
  readonly models: readonly ModelCard[];
  /** Measured alloys inside the searched elements, for comparison in plots. */
  readonly measured: readonly MeasuredDesign[];
  /** Distance beyond which a design counts as extrapolation; null without data. */
  readonly extrapolationLimit: number | null;
  readonly search: {
    readonly evaluated: number;
    readonly budget: number;
    /** Of the strategy, defaults included. */
    readonly settings: Readonly<Record<string, JsonValue>>;
    readonly objectives: readonly string[];
    readonly history: readonly SearchHistoryPoint[];
  };
  /** What the user should know before acting: targets not reached, models not better than a baseline. */
  readonly warnings: readonly string[];
}

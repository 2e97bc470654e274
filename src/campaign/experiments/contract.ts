import type { Matrix } from "../../core/matrix.ts";
import type { Work } from "../../core/work.ts";
import type { ConstraintCheck, Design, SearchSpace, Target } from "../../space/contract.ts";
import type { JsonValue } from "../../surrogates/contract.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";

/**
 * What became of a design that was to be measured. `failed`: nothing was learned, it may be tried again; `infeasible`:
 * it cannot be made, which the feasibility classifier learns; `abandoned`: never to be proposed again.
 */
export type MeasurementStatus = "completed" | "failed" | "infeasible" | "abandoned";

/** An outcome as told: a number in the outcome's unit, a class, or null where it was not measured. */
export type OutcomeValue = number | string | null;

/** One observed outcome of a design. */
export interface Measurement {
  /** How people call it (`r1-2`); its number among the measurements when absent. */
  readonly label?: string;
  /** What was really made; it need not be what was proposed, and may lie outside the space. */
  readonly design: Design;
  readonly status: MeasurementStatus;
  /** By name of the outcome; those left out were not measured. */
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
  /** Known standard deviation of a number, in its unit. */
  readonly noiseStd?: Readonly<Record<string, number>>;
}

/** What is believed of one outcome of a suggested design. */
export interface SuggestedOutcome {
  readonly mean: number;
  readonly epistemicStd: number;
  readonly aleatoricStd: number;
  readonly unit: string;
}

/** The measured design nearest to a suggested one. */
export interface MeasuredNeighbour {
  /** Index into the measurements. */
  readonly measurement: number;
  /** Scaled distance: the largest difference of a column over its range, 0 ... 1. */
  readonly distance: number;
  /** Largest differences in words: `temperature +50 K, solvent water instead of ethanol`. */
  readonly difference: string;
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
}

/** One design to measure next, with its reasons. */
export interface Suggestion {
  readonly design: Design;
  /** Empty as long as nothing is believed. */
  readonly predictions: Readonly<Record<string, SuggestedOutcome>>;
  readonly constraints: readonly ConstraintCheck[];
  /** Chance that it can be made and measured. */
  readonly feasibility: number;
  /** Chance that it meets every requirement of the targets. */
  readonly meets: number;
  /** What the planner maximised. */
  readonly acquisition: number;
  /** Expected gain over the best so far (one objective: in its unit; several: hypervolume) and its part without uncertainty. */
  readonly expectedGain: number | null;
  readonly exploit: number | null;
  readonly explore: number | null;
  /** Share of the model's ignorance over the space that measuring it would remove. */
  readonly teaches: number | null;
  /** What measuring it costs, in the unit of the cost; absent where costs are not known. */
  readonly cost?: number;
  readonly nearest: MeasuredNeighbour | null;
  /** Why this one, in a sentence. */
  readonly reason: string;
}

/** The next batch: what `planExperiments` gives. */
export interface Suggestions {
  readonly planner: string;
  readonly seed: number;
  readonly suggestions: readonly Suggestion[];
  /** Of each learned outcome: hyper-parameters and leave-one-out scores. */
  readonly models: readonly Readonly<Record<string, number | string>>[];
  readonly warnings: readonly string[];
}

/** What a plan of experiments needs of a problem: no data set, no domain. */
export interface ExperimentSetup {
  readonly space: SearchSpace;
  readonly targets: readonly Target[];
  /** Everything that is measured, wanted or not. */
  readonly outcomes: readonly PropertySpec[];
  /** Parameters that have one value in a whole batch. */
  readonly perBatch: readonly string[];
  /** Outcomes that follow from the design by a rule, such as a density: known, not learned. */
  readonly computed?: readonly ComputedOutcome[];
  /** What measuring a design costs; all the same when absent. */
  readonly cost?: { readonly unit: string; readonly of: (rows: Matrix) => Float64Array };
  /** A parameter whose other values are rougher versions of the experiment at `target`. */
  readonly fidelity?: { readonly parameter: string; readonly target: number };
}

/** An outcome that needs no measurement. */
export interface ComputedOutcome {
  readonly name: string;
  /** Its values at n rows of the space, in the outcome's unit. */
  readonly of: (rows: Matrix) => Float64Array;
}

export interface PlanExperimentsOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Name in the registry of planners; the default for the problem when absent. */
  readonly planner?: string;
  /** Settings of the planner. */
  readonly settings?: Readonly<Record<string, JsonValue>>;
  /** Designs that are being measured. */
  readonly pending?: readonly Design[];
  /** The only designs that may be proposed. */
  readonly pool?: readonly Design[];
  readonly replicates?: boolean;
  /** 0 = what looks best ... 1 = what teaches most. */
  readonly exploration?: number;
  readonly work?: Work;
}

/**
 * `planExperiments` of `plan-experiments.ts`. Pure: the same setup, measurements and options give the same
 * suggestions, byte for byte.
 */
export type PlanExperiments = (
  setup: ExperimentSetup,
  measurements: readonly Measurement[],
  options: PlanExperimentsOptions,
) => Promise<Suggestions>;

import type { SettingNotes } from "../../settings.ts";
import type { Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import type { Work } from "../../../core/work.ts";
import type { ExperimentProblem, Observations, PlannerSupport } from "../contract.ts";
import type { OutcomeBeliefs } from "../outcome-beliefs.ts";
import type { DiverseMethod } from "./diverse-batch.ts";

/** How a batch is put together: one by one, each as if those before it had been measured, or all at once. */
export type BatchMethod = "one-by-one" | DiverseMethod;

export interface ActiveSettings {
  /** Designs to choose from where no pool is given: a Sobol sequence over the space. */
  readonly candidates: number;
  readonly batch: BatchMethod;
  /** Measured (or failed, or pending) designs before the model is asked; null = columns + 1, at most 10. */
  readonly initial: number | null;
}

/** What a way to learn may look at when it scores designs. */
export interface ScoreContext {
  readonly problem: ExperimentProblem;
  readonly observations: Observations;
  /** Beliefs after measured, pending and chosen designs, in the outcomes' own units; of a class of its label, 0 or 1. */
  readonly outcomes: OutcomeBeliefs;
  /** Designs to score, n x dimension: at the fidelity that counts, but for specs that look ahead. */
  readonly candidates: Matrix;
  /** Measured, pending and chosen designs, at the fidelity that counts. */
  readonly seen: Matrix;
  /** Designs over the space at the fidelity that counts, to average over. */
  readonly reference: Matrix;
  readonly rng: Rng;
  readonly work: Work;
}

/** One way to learn. */
export interface ActiveSpec<Options extends object> {
  readonly name: string;
  readonly title: string;
  readonly supports?: Partial<PlannerSupport>;
  /** How batches are put together unless said otherwise. */
  readonly batch: BatchMethod;
  /** Whether scores follow what was believed of chosen designs; else batches are put together all at once. */
  readonly oneByOne: boolean;
  /**
   * Whether scores say what measuring a candidate as it is tells of the reference designs, so that what a rough
   * fidelity tells is in them; else that is a factor of the score at the fidelity that counts. False when absent.
   */
  readonly looksAhead?: boolean;
  /** Fewest measured values of every goal; 1 when absent. */
  readonly leastMeasured?: number;
  readonly defaults: Options;
  readonly about: SettingNotes<Options>;
  /** What measuring each candidate would teach, 0 or more; only their order and ratios count. */
  score(context: ScoreContext, settings: Options): Float64Array | Promise<Float64Array>;
}

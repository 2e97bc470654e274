import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { InputColumn, SavedState, Task } from "../contract.ts";

/** Training rows from which a step learns what it does. */
export interface StepInput {
  /** Training inputs as the step before left them, n x d; NaN is missing. */
  readonly x: Matrix;
  /** n numbers; for classification the index into `task.classes`. */
  readonly y: Float64Array;
  readonly task: Task;
  /** What the d columns hold. */
  readonly columns: readonly InputColumn[];
  readonly rng: Rng;
  readonly work?: Work;
}

/** A step that was fitted to training rows; it does the same to any other row. */
export interface FeatureStep {
  /** Name in the registry. */
  readonly name: string;
  /** What the columns that come out hold. */
  readonly outputs: readonly InputColumn[];
  /** What was fitted, for summaries and model cards. */
  readonly summary: Readonly<Record<string, number | string>>;
  /** n x d into n x outputs; rows do not influence one another. */
  apply(x: Matrix): Matrix;
  /** What `load` of the step needs beside the input columns. */
  save(): SavedState;
}

/** One kind of step; the registry lists them. */
export interface FeatureStepSpec<Options extends object = object> {
  readonly name: string;
  readonly title: string;
  /** Plain JSON. */
  readonly defaults: Options;
  /** Takes missing inputs (NaN). */
  readonly takesMissing: boolean;
  /** Leaves no missing input behind. */
  readonly fillsMissing: boolean;
  /** @throws InputError for options that are none, or columns on which the step cannot work */
  fit(input: StepInput, options?: Partial<Options>): Promise<FeatureStep>;
  /**
   * @param columns what the inputs of the step hold
   * @throws InputError for a state that is not the step's
   */
  load(saved: SavedState, columns: readonly InputColumn[]): FeatureStep;
}

/** One step of a pipeline as people write it: plain JSON. */
export interface PipelineStep {
  readonly step: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

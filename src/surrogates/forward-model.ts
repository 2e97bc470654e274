import type { Matrix } from "../core/matrix.ts";
import type { Prediction } from "./contract.ts";
import type { Validity } from "./validity/contract.ts";

/** One property of a design: a number with a unit, or a class. */
export interface PropertySpec {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly kind: "number" | "class";
  /** Names of the classes in the order of a prediction's columns; empty for a number. */
  readonly classes: readonly string[];
}

/** Maps encoded designs of one search space to one property, whether computed or learned. */
export interface ForwardModel {
  readonly property: PropertySpec;
  /** `physics` or `formula` for a computed property, `onnx` for an imported one, else the surrogate's name. */
  readonly model: string;
  /**
   * Models that run elsewhere answer later; whoever asks waits.
   * @param rows n x dimension of the space
   */
  predict(rows: Matrix): Prediction | Promise<Prediction>;
  /**
   * Derivative of the mean by each continuous column of the rows, n x dimension (0 for other columns); of
   * fractions only differences count, as they sum to one. Absent where the mean has steps.
   * @throws InfeasibleError for rows outside the space
   */
  gradient?(rows: Matrix): Matrix;
  /** Whether each prediction interpolates; absent where no training data are known: for computed and imported ones. */
  validity?(rows: Matrix): readonly Validity[];
}

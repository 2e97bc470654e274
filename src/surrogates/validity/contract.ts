import type { Matrix } from "../../core/matrix.ts";
import type { SavedState } from "../contract.ts";

/** Whether a prediction interpolates: among the training rows, at their edge, or beyond them. */
export type Verdict = "inside" | "edge" | "outside";

/** How one row lies to the training rows. */
export interface Validity {
  readonly verdict: Verdict;
  /** What speaks against `inside`, the gravest first; empty inside. */
  readonly reasons: readonly string[];
  /**
   * Distance to the nearest training row in standardised features, over the usual (median) distance of a
   * training row to its nearest other one.
   */
  readonly distance: number;
  /** Variance of a linear model at the row over its noise variance; grows with the square of the distance from the centre. */
  readonly leverage: number;
  /** Epistemic std over its largest value at a training row; null where the family always gives the same. */
  readonly disagreement: number | null;
}

/** Something that speaks against a row beside its features, such as an element that no training row has. */
export interface Objection {
  readonly verdict: Exclude<Verdict, "inside">;
  readonly reason: string;
}

/** Where a model may be trusted, learned from its training rows. */
export interface DomainOfValidity {
  /** Number of input columns. */
  readonly inputs: number;
  /**
   * @param x n x inputs; NaN is missing and counts as usual
   * @param epistemicStd n x outputs, as the model predicts it
   * @param objections what else speaks against each row
   */
  judge(
    x: Matrix,
    epistemicStd: Matrix,
    objections?: readonly (readonly Objection[])[],
  ): readonly Validity[];
  save(): SavedState;
}

import type { Matrix } from "../core/matrix.ts";
import type { Quantity } from "../space/contract.ts";

/** One column that a featuriser computes. */
export interface Feature {
  readonly name: string;
  readonly unit: string;
  readonly source: string;
}

/** Turns compositions into model inputs, all rows in one pass. */
export interface Featuriser {
  readonly name: string;
  readonly title: string;
  features(symbols: readonly string[]): readonly Feature[];
  /**
   * @param fractions n x symbols.length atomic fractions
   * @returns n x features(symbols).length
   * @throws InputError naming the element whose tabulated value is missing
   */
  compute(fractions: Matrix, symbols: readonly string[]): Matrix;
}

/** Knowledge of one family of materials. */
export interface Domain {
  readonly name: string;
  readonly title: string;
  /** Derived quantities for constraints, physics targets and `describe`, by name. */
  readonly quantities: readonly Quantity[];
  readonly featurisers: readonly Featuriser[];
  /** Featurisers used when the problem does not name any. */
  readonly defaultFeaturisers: readonly string[];
}

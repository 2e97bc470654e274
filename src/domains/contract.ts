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

/** How sentences speak of designs. */
export interface DesignNouns {
  /** `alloy`. */
  readonly design: string;
  /** What the distance between two of them is: `share of atoms that differ`. */
  readonly distance: string;
  /** The same between a percentage and a design: `of the atoms differ from`. */
  readonly gap: string;
  /** What is the same where the distance is 0: `Its composition`. */
  readonly identity: string;
  /** Where one looks for others: `in these elements`. */
  readonly scope: string;
}

/** Knowledge of one family of materials. */
export interface Domain {
  readonly name: string;
  readonly title: string;
  readonly nouns: DesignNouns;
  /** Derived quantities for constraints, physics targets and `describe`, by name. */
  readonly quantities: readonly Quantity[];
  readonly featurisers: readonly Featuriser[];
  /** Featurisers used when the problem does not name any. */
  readonly defaultFeaturisers: readonly string[];
}

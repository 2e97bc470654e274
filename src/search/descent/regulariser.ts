import { ShapeError } from "../../core/errors.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { scaledColumns } from "./scaled-columns.ts";

export interface RegulariserSettings {
  /** Weight of half the squared length of the scaled design. */
  readonly tikhonov: number;
  /** Weight of the sum of absolute scaled differences to the reference: few columns differ from it. */
  readonly sparsity: number;
  /** Weight of half the squared scaled distance to the reference. */
  readonly distance: number;
  /** An encoded design; null: the low end of each number, no element, the first category. */
  readonly reference: readonly number[] | null;
}

/** A penalty on designs, added to the score. */
export interface Regulariser {
  readonly isActive: boolean;
  value(row: ArrayLike<number>): number;
  /** Adds the gradient of the smooth part, by each column. */
  addGradient(row: ArrayLike<number>, gradient: Float64Array): void;
  /** The minimum of the part with a kink near a moved row: differences to the reference shrink; in place. */
  shrink(row: Float64Array, step: number): void;
}

/**
 * Tikhonov, sparsity and distance penalties on scaled designs: numbers as shares of their range from its
 * low end, fractions as they are; a category that is not the reference's counts as a difference of one, in
 * sparsity and distance. On a whole composition the sparsity of fractions without a reference is always
 * the same, as they sum to one; with a reference it asks for few changes of it.
 *
 * Adding a penalty is asking for the most probable design: where the score is a negative log-likelihood
 * (such as half the squared distance to a target over its variance), score + penalty is the negative log
 * of a posterior whose prior is exp(-penalty): normal around the origin (Tikhonov) or the reference
 * (distance) with variance 1 / weight in scaled units, Laplace around the reference (sparsity) with scale
 * 1 / weight.
 * Source: A. Tarantola, Inverse Problem Theory (2005), section 3.2; R. Tibshirani, J. R. Stat. Soc. B 58,
 *   267 (1996), section 5.
 * @throws ShapeError for a reference of another length than the space's rows
 */
export function createRegulariser(space: SearchSpace, settings: RegulariserSettings): Regulariser {
  const { tikhonov, sparsity, distance } = settings;
  const { moving, unit, origin } = scaledColumns(space);
  const reference = Float64Array.from(settings.reference ?? origin);
  if (reference.length !== space.dimension) {
    throw new ShapeError(
      `descent: expected a reference of ${space.dimension} numbers, got ${reference.length}.`,
    );
  }
  const isCategory = space.columns.map(({ kind }) => kind === "category");
  const gap = (row: ArrayLike<number>, k: number): number =>
    isCategory[k] ? Number(row[k] !== reference[k]) : (row[k] - reference[k]) / unit[k];

  return {
    isActive: tikhonov + sparsity + distance > 0,
    value(row) {
      let sum = 0;
      for (let k = 0; k < reference.length; k++) {
        const length = isCategory[k] ? 0 : (row[k] - origin[k]) / unit[k];
        const difference = gap(row, k);
        sum += 0.5 * tikhonov * length * length;
        sum += sparsity * Math.abs(difference) + 0.5 * distance * difference * difference;
      }
      return sum;
    },
    addGradient(row, gradient) {
      for (const k of moving) {
        const length = (row[k] - origin[k]) / unit[k];
        gradient[k] += (tikhonov * length + distance * gap(row, k)) / unit[k];
      }
    },
    shrink(row, step) {
      if (sparsity === 0) return;
      for (const k of moving) {
        const difference = gap(row, k);
        const left = Math.max(0, Math.abs(difference) - step * sparsity);
        row[k] = reference[k] + Math.sign(difference) * left * unit[k];
      }
    },
  };
}

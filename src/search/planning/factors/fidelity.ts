import { log } from "../../../core/elementary.ts";
import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { Acquisition } from "../../acquisition/contract.ts";
import type { Belief } from "../../belief/contract.ts";
import type { ExperimentProblem } from "../contract.ts";
import type { LogFactor } from "./weighed-acquisition.ts";

/** Moves designs to the fidelity that counts. */
export interface TargetFidelity {
  readonly column: number;
  rows(rows: Matrix): Matrix;
}

/** @throws InputError for a parameter that is not a number of the space */
export function targetFidelity(
  who: string,
  problem: ExperimentProblem,
): TargetFidelity | undefined {
  const { fidelity, space } = problem;
  if (fidelity === undefined) return undefined;
  const { parameter, target } = fidelity;
  const column = space.columns.findIndex(
    ({ label, kind }) => label === parameter && kind === "number",
  );
  if (column < 0) {
    const numbers = space.columns.flatMap(({ label, kind }) => (kind === "number" ? [label] : []));
    throw new InputError(
      `${who}: the fidelity "${parameter}" is no numeric parameter of the space.`,
      {
        hint: suggest(parameter, numbers),
      },
    );
  }
  const { min, max } = space.columns[column];
  if (!(target >= min && target <= max)) {
    throw new InputError(
      `${who}: expected a target fidelity from ${min} to ${max}, got ${target}.`,
    );
  }
  return {
    column,
    rows(rows) {
      const moved = matrix(rows.rows, rows.columns, rows.data.slice());
      for (let i = 0; i < moved.rows; i++) rowOf(moved, i)[column] = target;
      return moved;
    },
  };
}

/** What a design is worth at the target, whatever the fidelity that it is measured at. */
export function atTarget(acquisition: Acquisition, fidelity: TargetFidelity): Acquisition {
  return {
    ...acquisition,
    values: (rows) => acquisition.values(fidelity.rows(rows)),
    slope(row, gradient) {
      const one = fidelity.rows({ data: Float64Array.from(row), rows: 1, columns: row.length });
      const value = acquisition.slope(one.data, gradient);
      gradient[fidelity.column] = 0;
      return value;
    },
  };
}

/**
 * How much of the worth at the target a rougher measurement tells: its correlation with the value at the target, and
 * the share of what is not known of it that is not noise; mean of the outcomes that are learned.
 * Source: D. Huang, T. T. Allen, W. I. Notz, R. A. Miller, Struct. Multidiscip. Optim. 32, 369 (2006),
 * doi:10.1007/s00158-005-0587-0, eq. 15 (augmented expected improvement, of which this is the factors).
 */
export function toldByFidelity(all: readonly Belief[], fidelity: TargetFidelity): LogFactor {
  const beliefs = all.filter(({ isKnown }) => isKnown !== true);
  return (rows) => {
    if (beliefs.length === 0) return new Float64Array(rows.rows);
    const targets = fidelity.rows(rows);
    const sums = new Float64Array(rows.rows);
    const pair = matrix(2, rows.columns);
    for (let i = 0; i < rows.rows; i++) {
      rowOf(pair, 0).set(rowOf(rows, i));
      rowOf(pair, 1).set(rowOf(targets, i));
      for (const belief of beliefs) {
        const [own, cross, , target] = belief.joint(pair).covariance.data;
        const variance = Math.max(own, Number.MIN_VALUE);
        const correlation = cross / Math.sqrt(variance * Math.max(target, Number.MIN_VALUE));
        const noise = belief.noiseStd;
        const share = 1 - noise / Math.sqrt(variance + noise * noise);
        // Where nothing is told the logarithm has an end, so that it can be climbed from.
        sums[i] += log(Math.max(least, Math.min(1, correlation)) * Math.max(least, share));
      }
      sums[i] /= beliefs.length;
    }
    return sums;
  };
}

const least = 1e-6;

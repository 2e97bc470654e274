import { exp, log } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createSobol } from "../../core/sobol.ts";
import { normalQuantile } from "../../core/special.ts";
import { resolveSettings } from "../run.ts";
import type { JointBelief } from "../belief/contract.ts";
import { choleskyPullback } from "./cholesky-pullback.ts";
import type { Acquisition, AcquisitionSpec } from "./contract.ts";
import { dialled } from "./dial.ts";
import { requirementsOf } from "./requirements.ts";
import { logSoftHinge, softMaximum } from "./soft-hinge.ts";
import { bestUtility, singleObjective } from "./utility.ts";

export interface QLogEiOptions {
  /** Quasi-Monte Carlo draws of the values at the points; a power of two. */
  readonly draws: number;
}

/** Smoothing of the hinge, in scales of the goal's spread. */
const hingeWidth = 1e-3;

/**
 * Logarithm of the improvement expected of several designs measured together, by quasi-Monte Carlo over their joint
 * belief with fixed draws; hinge and maximum are smoothed so that there are gradients everywhere: a softplus whose
 * tail falls like a square, and a p-norm over the points. The chance of each point to meet the requirements is a
 * factor of its improvement.
 * Source: S. Ament et al., Unexpected improvements to expected improvement for Bayesian optimization, NeurIPS
 * 2023, section 4.2 and appendix A.4.
 */
export const qLogEi: AcquisitionSpec<QLogEiOptions> = {
  name: "q-log-ei",
  title: "Joint expected improvement",
  supports: { objectives: { min: 0, max: 1 }, joint: true },
  defaults: { draws: 128 },
  create(context, options) {
    const { name, defaults } = qLogEi;
    const { draws } = resolveSettings(name, defaults, options);
    if (!(Number.isInteger(draws) && draws >= 2)) {
      throw new InputError(`${name}: expected a whole number of draws from 2, got ${draws}.`);
    }
    const { points: q } = context;
    const requirements = requirementsOf(context);
    const objective = singleObjective(name, context);
    const best = objective && bestUtility(objective, context);
    const chancesOf = (rows: Matrix, gradient?: Matrix): Float64Array =>
      gradient === undefined
        ? requirements.logChances(rows)
        : Float64Array.from({ length: q }, (_, j) =>
            requirements.slope(rowOf(rows, j), rowOf(gradient, j)),
          );
    const asPoints = (row: ArrayLike<number>): Matrix =>
      matrix(q, row.length / q, Float64Array.from(row));
    const each = (
      at: (row: ArrayLike<number>, gradient?: Float64Array) => number,
    ): Acquisition => ({
      points: q,
      values: (rows) => Float64Array.from({ length: rows.rows }, (_, i) => at(rowOf(rows, i))),
      slope: at,
    });
    if (objective === undefined || best === undefined) {
      // The chances alone, of all points together.
      return each((row, gradient) => {
        const rows = asPoints(row);
        const byRows = matrix(q, rows.columns);
        const sum = chancesOf(rows, byRows).reduce((total, chance) => total + chance, 0);
        gradient?.set(byRows.data);
        return sum;
      });
    }
    const belief = dialled(objective.belief, context.exploration);
    const width = hingeWidth * objective.goal.scale;
    const normals = createSobol(q, { scramble: context.rng.fork("q-log-ei") }).take(draws);
    const z = matrix(draws, q, normals.data.map(normalQuantile));

    return each((row, gradient) => {
      const rows = asPoints(row);
      const byRows = gradient && matrix(q, rows.columns);
      const joint = belief.joint(rows);
      const chances = chancesOf(rows, byRows);
      const { factor } = choleskyWithJitter(joint.covariance, { maxRelativeJitter: 1e-2 });
      const logs = new Float64Array(draws);
      const shares = matrix(draws, q);
      const slopes = matrix(draws, q);
      for (let s = 0; s < draws; s++) {
        const terms = new Float64Array(q);
        for (let j = 0; j < q; j++) {
          let value = joint.mean[j];
          for (let k = 0; k <= j; k++) value += factor.data[j * q + k] * z.data[s * q + k];
          const hinge = logSoftHinge((objective.utility(value) - best) / width);
          terms[j] = log(width) + hinge.value + chances[j];
          slopes.data[s * q + j] = (hinge.slope / width) * objective.utilitySlope(value);
        }
        logs[s] = softMaximum(terms, rowOf(shares, s));
      }
      const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      let sum = 0;
      for (let s = 0; s < draws; s++) sum += exp(logs[s] - top);
      if (gradient !== undefined && byRows !== undefined) {
        const weights = logs.map((value) => exp(value - top) / sum);
        gradient.set(pullback(joint, factor, z, { weights, shares, slopes }, byRows));
      }
      return top + log(sum / draws);
    });
  },
};

/** Derivatives by the rows: through the chances (in `byRows` already, unweighted), the mean and the factor. */
function pullback(
  joint: JointBelief,
  factor: Matrix,
  z: Matrix,
  at: { readonly weights: Float64Array; readonly shares: Matrix; readonly slopes: Matrix },
  byRows: Matrix,
): Float64Array {
  const q = factor.rows;
  const byMean = new Float64Array(q);
  const byChance = new Float64Array(q);
  const byFactor = matrix(q, q);
  at.weights.forEach((weight, s) => {
    for (let j = 0; j < q; j++) {
      const share = weight * at.shares.data[s * q + j];
      const by = share * at.slopes.data[s * q + j];
      byChance[j] += share;
      byMean[j] += by;
      for (let k = 0; k <= j; k++) byFactor.data[j * q + k] += by * z.data[s * q + k];
    }
  });
  const through = joint.pullback(byMean, choleskyPullback(factor, byFactor));
  return byRows.data.map(
    (by, k) => byChance[Math.floor(k / byRows.columns)] * by + through.data[k],
  );
}

import { covarianceMatrix } from "../../core/correlation.ts";
import { exp } from "../../core/elementary.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { weightedMean } from "../../core/statistics.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import { columnWeights } from "../similarity.ts";
import type { LikelihoodSettings, Posterior } from "./contract.ts";
import { allowanceOf, logNormalInterval } from "./likelihood.ts";
import type { Mode } from "./modes.ts";

/** How the designs of a mode follow a change of one goal. */
export interface GoalSensitivity {
  readonly label: string;
  /** Change of the mean of each column, in its unit, per unit by which the goal is moved; 0 for a category. */
  readonly shift: Float64Array;
  /** The largest change of a column over its range, per change of the goal over its scale. */
  readonly gain: number;
  /** The column that changes most. */
  readonly column: string;
}

/**
 * How much the mean design of a mode moves with each goal that is a number:
 * d E[x] / d y* = Cov(x, d log likelihood / d y*) over the mode's posterior. It needs no derivative of the
 * model, so it serves step-like models (trees) and grids, too. Where the goals determine the design, it is the inverse
 * of the Jacobian; directions that they leave open add how the middle of what is open moves. For a range both
 * limits are moved together.
 */
export function sensitivityOf(
  mode: Mode,
  posterior: Posterior,
  space: SearchSpace,
  goals: readonly TargetGoal[],
  settings: LikelihoodSettings,
): GoalSensitivity[] {
  const { members } = mode;
  const weights = Float64Array.from(members, (i) => posterior.weights[i]);
  const perRange = columnWeights(space.columns);
  return goals.flatMap((goal, g): GoalSensitivity[] => {
    if (goal.kind === "class") return [];
    const prediction = posterior.predictions[g];
    const score = Float64Array.from(members, (i) =>
      scoreOf(goal, prediction.mean[i], allowanceOf(goal, prediction, i, settings)),
    );
    const centre = weightedMean(score, weights);
    const shift = Float64Array.from(space.columns, ({ kind }, j) => {
      if (kind === "category") return 0;
      // From one design's value, so that a column which does not vary has no shift at all.
      const origin = posterior.rows.data[members[0] * space.dimension + j];
      const products = Float64Array.from(
        members,
        (i, k) => (posterior.rows.data[i * space.dimension + j] - origin) * (score[k] - centre),
      );
      return weightedMean(products, weights);
    });
    const relative = shift.map((value, j) => Math.abs(value) * perRange[j] * goal.scale);
    const most = relative.reduce((best, value, j) => (value > relative[best] ? j : best), 0);
    return [{ label: goal.label, shift, gain: relative[most], column: space.columns[most].label }];
  });
}

/** Derivative of the log-likelihood of one prediction as the goal's limits are moved up together. */
function scoreOf({ kind, low, high }: TargetGoal, mean: number, std: number): number {
  if (kind === "match" && low === high) return (mean - low!) / (std * std);
  const a = low === null ? Number.NEGATIVE_INFINITY : (low - mean) / std;
  const b = high === null ? Number.POSITIVE_INFINITY : (high - mean) / std;
  const inside = logNormalInterval(a, b);
  // Normal densities at the limits over the probability between them, without loss in the tails.
  const ratio = (z: number): number =>
    Number.isFinite(z) ? exp(-0.5 * z * z - logRootTwoPi - inside) : 0;
  return (ratio(b) - ratio(a)) / std;
}

const logRootTwoPi = 0.9189385332046727;

/** Share of the prior's standard deviation above which a direction counts as left open. */
const openShare = 1 / 3;
/** Directions in which the prior itself has less than this share of its largest variance do not exist. */
const flatShare = 1e-9;

/** In how many independent directions a mode leaves designs as open as the space does, of how many. */
export interface OpenDirections {
  readonly open: number;
  readonly directions: number;
}

/**
 * Compares the spread of a mode with that of the space: numbers and fractions are turned and scaled such that the
 * prior is equally wide in all directions; a direction in which the mode keeps more than a third
 * of the prior's standard deviation is open.
 */
export function openDirections(
  mode: Mode,
  posterior: Posterior,
  space: SearchSpace,
): OpenDirections {
  const numeric = space.columns.flatMap(({ kind }, j) => (kind === "category" ? [] : [j]));
  const perRange = columnWeights(space.columns);
  const pick = (rows: Matrix): Matrix => {
    const picked = matrix(rows.rows, numeric.length);
    for (let i = 0; i < rows.rows; i++) {
      numeric.forEach((j, k) => {
        picked.data[i * numeric.length + k] = rows.data[i * rows.columns + j] * perRange[j];
      });
    }
    return picked;
  };
  const prior = pick(posterior.prior);
  if (numeric.length === 0 || prior.rows < 2) return { open: 0, directions: 0 };
  const { values, vectors } = symmetricEigen(covarianceMatrix(prior));
  const most = values[values.length - 1];
  const kept = [...values.keys()].filter((k) => values[k] > flatShare * most && most > 0);
  if (kept.length === 0) return { open: 0, directions: 0 };

  const own = pick(takeRows(posterior.rows, mode.members));
  const weights = Float64Array.from(mode.members, (i) => posterior.weights[i]);
  const turned = kept.map((k) => {
    const axis = rowOf(vectors, k);
    const along = Float64Array.from({ length: own.rows }, (_, i) => {
      const row = rowOf(own, i);
      return row.reduce((sum, value, j) => sum + value * axis[j], 0) / Math.sqrt(values[k]);
    });
    const centre = weightedMean(along, weights);
    return along.map((value) => value - centre);
  });
  const covariance = matrix(kept.length, kept.length);
  turned.forEach((a, p) => {
    turned.forEach((b, q) => {
      covariance.data[p * kept.length + q] = weightedMean(
        a.map((value, i) => value * b[i]),
        weights,
      );
    });
  });
  const spread = symmetricEigen(covariance).values;
  const open = spread.reduce((sum, value) => sum + Number(value > openShare * openShare), 0);
  return { open, directions: kept.length };
}

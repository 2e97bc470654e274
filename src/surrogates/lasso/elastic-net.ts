import { NumericalError } from "../../core/errors.ts";
import { cholesky, choleskySolve } from "../../core/linalg/cholesky.ts";
import { gram } from "../../core/linalg/multiply.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";

/** Centred rows, or sums over them: all that coordinate descent needs. */
export interface Moments {
  /** Means of the inputs and of the target. */
  readonly inputMeans: Float64Array;
  readonly targetMean: number;
  /** X' y / n of the centred rows. */
  readonly correlation: Float64Array;
  /** Diagonal of X' X / n. */
  readonly variances: Float64Array;
  /** X' X / n, d x d, where that is smaller than the rows. */
  readonly covariance: Matrix | undefined;
  /** The centred inputs turned, d x n, with the centred target, where there are fewer rows than inputs. */
  readonly rows: { readonly turned: Matrix; readonly target: Float64Array } | undefined;
}

/** Moments of rows of x (n x d) and y. */
export function momentsOf(x: Matrix, y: Float64Array): Moments {
  const { rows: n, columns: d } = x;
  const inputMeans = new Float64Array(d);
  for (let k = 0; k < x.data.length; k++) inputMeans[k % d] += x.data[k] / n;
  const targetMean = y.reduce((sum, value) => sum + value / n, 0);
  const centred = matrix(
    n,
    d,
    x.data.map((value, k) => value - inputMeans[k % d]),
  );
  const correlation = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const target = (y[i] - targetMean) / n;
    for (let j = 0; j < d; j++) correlation[j] += centred.data[i * d + j] * target;
  }
  const means = { inputMeans, targetMean, correlation };
  if (n < d) {
    const turned = matrix(d, n);
    const variances = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < d; j++) {
        const value = centred.data[i * d + j];
        turned.data[j * n + i] = value;
        variances[j] += (value * value) / n;
      }
    }
    const rows = { turned, target: y.map((value) => value - targetMean) };
    return { ...means, variances, covariance: undefined, rows };
  }
  const covariance = gram(centred);
  for (let k = 0; k < covariance.data.length; k++) covariance.data[k] /= n;
  const variances = correlation.map((_, j) => covariance.data[j * (d + 1)]);
  return { ...means, variances, covariance, rows: undefined };
}

/** The least penalty that leaves every coefficient at zero. */
export function largestPenalty({ correlation }: Moments, mix: number): number {
  return correlation.reduce((largest, c) => Math.max(largest, Math.abs(c)), 0) / mix;
}

/** Penalties from the largest down, each `step` (below 1) times the one before. */
export function penaltyPath(largest: number, count: number, step: number): Float64Array {
  const penalties = new Float64Array(count);
  for (let k = 0, penalty = largest; k < count; k++, penalty *= step) penalties[k] = penalty;
  return penalties;
}

/** A change of a coefficient below this, in units of the target's standard deviation, is none. */
const tolerance = 1e-8;
const mostSweeps = 10_000;
/** Sweeps that did not settle before the active coefficients are solved for at once. */
const sweepsBeforeSolving = 30;
/** Inputs whose variance is below this share of one (they are standardised) are constant. */
const leastVariance = 1e-12;

/** Coefficients for each penalty, each start being the end of the one before. */
export interface Path {
  /** Penalties x d. */
  readonly coefficients: Matrix;
  /** Sweeps over the inputs, all penalties together. */
  readonly sweeps: number;
  readonly converged: boolean;
}

/**
 * Minimises `|y - X b|^2 / (2 n) + penalty (mix |b|_1 + (1 - mix) |b|^2 / 2)` for every penalty, by
 * cyclic coordinate descent on the covariances, or on the residuals of the rows where there are fewer of
 * those than inputs.
 * Source: J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33(1) (2010), doi:10.18637/jss.v033.i01,
 * eqs. 5, 8 and 9.
 * @param penalties descending
 */
export function elasticNet(moments: Moments, penalties: Float64Array, mix: number): Path {
  const { variances } = moments;
  const d = variances.length;
  const b = new Float64Array(d);
  const { pullOf, change, product } = residuals(moments);
  const coefficients = matrix(penalties.length, d);
  let sweeps = 0;
  let converged = true;
  const sweep = (penalty: number, onlyActive: boolean): number => {
    sweeps++;
    let largest = 0;
    for (let j = 0; j < d; j++) {
      const own = variances[j];
      if (own < leastVariance || (onlyActive && b[j] === 0)) continue;
      const pull = pullOf(j) + own * b[j];
      const shrunk = Math.max(0, Math.abs(pull) - penalty * mix);
      const next = (Math.sign(pull) * shrunk) / (own + penalty * (1 - mix));
      const step = next - b[j];
      if (step === 0) continue;
      b[j] = next;
      change(j, step);
      largest = Math.max(largest, Math.abs(step) * Math.sqrt(own));
    }
    return largest;
  };
  /** Moves what is not zero to its best values, or to where the first of them becomes zero. */
  const solveActive = (penalty: number): void => {
    const active = Array.from(b.keys()).filter((j) => b[j] !== 0);
    const normal = matrix(active.length, active.length);
    const right = new Float64Array(active.length);
    active.forEach((j, r) => {
      active.forEach((k, c) => (normal.data[r * active.length + c] = product(j, k)));
      normal.data[r * (active.length + 1)] += penalty * (1 - mix);
      right[r] = moments.correlation[j] - penalty * mix * Math.sign(b[j]);
    });
    const best = trySolve(normal, right);
    if (best === undefined) return;
    let share = 1;
    active.forEach((j, r) => {
      if (best[r] * b[j] <= 0) share = Math.min(share, b[j] / (b[j] - best[r]));
    });
    active.forEach((j, r) => {
      const isFirst = share < 1 && b[j] / (b[j] - best[r]) === share;
      const next = isFirst ? 0 : b[j] + share * (best[r] - b[j]);
      change(j, next - b[j]);
      b[j] = next;
    });
  };
  penalties.forEach((penalty, p) => {
    let left = mostSweeps;
    // Sweeps over what is not zero, until one over all inputs changes nothing either.
    while (left-- > 0 && sweep(penalty, false) > tolerance) {
      for (let s = 1; left-- > 0 && sweep(penalty, true) > tolerance; s++) {
        if (s % sweepsBeforeSolving === 0) solveActive(penalty);
      }
    }
    converged &&= left >= 0;
    coefficients.data.set(b, p * d);
  });
  return { coefficients, sweeps, converged };
}

/** X' (y - X b) / n, kept up to date as coefficients change, for b = 0 at first. */
function residuals({ correlation, covariance, rows }: Moments): {
  readonly pullOf: (j: number) => number;
  readonly change: (j: number, step: number) => void;
  /** Entry j, k of X' X / n. */
  readonly product: (j: number, k: number) => number;
} {
  if (rows !== undefined) {
    const { data, columns: n } = rows.turned;
    const rest = Float64Array.from(rows.target);
    return {
      pullOf: (j) => {
        let sum = 0;
        for (let i = 0, at = j * n; i < n; i++, at++) sum += data[at] * rest[i];
        return sum / n;
      },
      change: (j, step) => {
        for (let i = 0, at = j * n; i < n; i++, at++) rest[i] -= step * data[at];
      },
      product: (j, k) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += data[j * n + i] * data[k * n + i];
        return sum / n;
      },
    };
  }
  const d = correlation.length;
  const pulls = Float64Array.from(correlation);
  const { data } = covariance!;
  return {
    pullOf: (j) => pulls[j],
    change: (j, step) => {
      for (let k = 0, at = j * d; k < d; k++, at++) pulls[k] -= step * data[at];
    },
    product: (j, k) => data[j * d + k],
  };
}

/** A^-1 b; undefined where A is not positive definite, as with more inputs than rows. */
function trySolve(a: Matrix, b: Float64Array): Float64Array | undefined {
  try {
    return choleskySolve(cholesky(a), b);
  } catch (error) {
    if (error instanceof NumericalError) return undefined;
    throw error;
  }
}

/** A plane around the means of the rows that it was fitted on. */
export interface CentredPlane extends Pick<Moments, "inputMeans" | "targetMean"> {
  readonly coefficients: Float64Array;
}

/** Answers of a plane for rows of x. */
export function answersOf(
  { inputMeans, targetMean, coefficients }: CentredPlane,
  x: Matrix,
): Float64Array {
  const d = x.columns;
  const result = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let value = targetMean;
    for (let j = 0; j < d; j++) value += coefficients[j] * (x.data[i * d + j] - inputMeans[j]);
    result[i] = value;
  }
  return result;
}

import { exp, log } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { normalQuantile } from "../../core/special.ts";
import { createSobol, maxSobolDimension } from "../../core/sobol.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { resolveSettings } from "../run.ts";
import type { Belief } from "../belief/contract.ts";
import type { Acquisition, AcquisitionSpec } from "./contract.ts";
import { logEi } from "./log-ei.ts";
import { singleObjective } from "./utility.ts";

export interface NoisyEiOptions {
  /** Draws of the true values at the measured designs. */
  readonly draws: number;
}

/** Measured designs whose true values are drawn: those of the best means. */
const mostRows = 64;

/**
 * Logarithm of the expected improvement when the best so far is itself uncertain: the mean, over draws of the true
 * values at the measured designs, of the improvement expected after knowing them without noise.
 * Source: B. Letham, B. Karrer, G. Ottoni, E. Bakshy, Bayesian Anal. 14, 495 (2019), doi:10.1214/18-BA1110,
 * eq. 10 (quasi-Monte Carlo over fantasies).
 */
export const noisyEi: AcquisitionSpec<NoisyEiOptions> = {
  name: "noisy-ei",
  title: "Noisy expected improvement",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: { draws: 16 },
  create(context, options) {
    const { name, defaults } = noisyEi;
    const { draws } = resolveSettings(name, defaults, options);
    if (!(Number.isInteger(draws) && draws >= 1)) {
      throw new InputError(`${name}: expected a whole number of draws from 1, got ${draws}.`);
    }
    const objective = singleObjective(name, context);
    if (objective === undefined || context.rows.rows === 0) return logEi.create(context);
    const at = context.beliefs.indexOf(objective.belief);
    const { mean } = objective.belief.marginal(context.rows);
    const order = Array.from(mean.keys()).sort(
      (a, b) => objective.utility(mean[b]) - objective.utility(mean[a]),
    );
    const rows = takeRows(context.rows, order.slice(0, mostRows));
    const parts = knownWithoutNoise(objective.belief, rows, draws, context.rng).map((belief) =>
      logEi.create({ ...context, rows, beliefs: context.beliefs.with(at, belief) }),
    );
    return meanOfExponentials(parts);
  },
};

/** The belief after each of several draws of the true values at rows. */
function knownWithoutNoise(belief: Belief, rows: Matrix, draws: number, rng: Rng): Belief[] {
  const q = rows.rows;
  const { mean, covariance } = belief.joint(rows);
  const { factor } = choleskyWithJitter(covariance);
  const stream = rng.fork("noisy ei");
  const normals = matrix(draws, q);
  const points =
    q <= maxSobolDimension ? createSobol(q, { scramble: stream }).take(draws).data : undefined;
  for (let k = 0; k < normals.data.length; k++) {
    normals.data[k] = points === undefined ? stream.normal() : normalQuantile(points[k]);
  }
  return Array.from({ length: draws }, (_, s) => {
    const z = rowOf(normals, s);
    const values = mean.map((m, i) => {
      let value = m;
      for (let j = 0; j <= i; j++) value += factor.data[i * q + j] * z[j];
      return value;
    });
    return belief.condition(rows, values, 0);
  });
}

/** log of the mean of the exponentials of acquisition functions. */
function meanOfExponentials(parts: readonly Acquisition[]): Acquisition {
  const count = parts.length;
  return {
    points: 1,
    values(rows) {
      const all = parts.map((part) => part.values(rows));
      return all[0].map((_, i) => {
        const top = all.reduce(
          (most, values) => Math.max(most, values[i]),
          Number.NEGATIVE_INFINITY,
        );
        return top + log(all.reduce((sum, values) => sum + exp(values[i] - top), 0) / count);
      });
    },
    slope(row, gradient) {
      const gradients = parts.map(() => new Float64Array(gradient.length));
      const values = parts.map((part, s) => part.slope(row, gradients[s]));
      const top = Math.max(...values);
      const shares = values.map((value) => exp(value - top));
      const sum = shares.reduce((total, share) => total + share, 0);
      gradient.fill(0);
      gradients.forEach((own, s) =>
        own.forEach((by, k) => {
          gradient[k] += (shares[s] / sum) * by;
        }),
      );
      return top + log(sum / count);
    },
  };
}

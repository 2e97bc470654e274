import { exp, log, log1p } from "../../core/elementary.ts";
import { NumericalError } from "../../core/errors.ts";
import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { cholesky } from "../../kernels/dense.ts";
import { kernels } from "../../kernels/instance.ts";
import {
  coregionalisation,
  parameterCount,
  placeCorrelation,
  type CovarianceModel,
  type Places,
} from "./covariance-model.ts";
import { sigmoid } from "./logistic-normal.ts";
import { covarianceBetween } from "./posterior.ts";

/** Rows of two classes. */
export interface LabelledRows {
  readonly places: Places;
  /** n labels, -1 or 1. */
  readonly labels: Float64Array;
}

/** The Laplace approximation at given parameters. */
export interface LaplaceMode {
  /** Approximate log marginal likelihood in nats. */
  readonly value: number;
  /** d value / d parameter. */
  readonly gradient: Float64Array;
  /** K^-1 f at the mode f, which is the slope of the log likelihood there; n numbers. */
  readonly weights: Float64Array;
  /** Square roots of minus the second derivatives of the log likelihood. */
  readonly rootCurvature: Float64Array;
}

const mostNewtonSteps = 100;
/** A step that gains less than this share is the last: Newton's next one would gain about its square. */
const newtonTolerance = 1e-7;

/**
 * Laplace approximation of a Gaussian process for two classes with the logistic likelihood; parameters are
 * those of the covariance, then the log signal variance. The latent mean is 0.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithms
 * 3.1 and 5.1; with B = I + W^1/2 K W^1/2, the diagonal of the posterior covariance is (1 - B^-1) / W.
 * @param start weights at which the mode is sought first; zeros when absent
 */
export function laplaceMode(
  model: CovarianceModel,
  { places, labels }: LabelledRows,
  point: Float64Array,
  start?: Float64Array,
): LaplaceMode {
  const n = labels.length;
  const count = parameterCount(model);
  const variance = exp(point[count]);
  const k = kernels();
  const { heap, functions, scratch } = k;
  return heap.scope(() => {
    const placed = placeCorrelation(k, model, point.subarray(0, count), places);
    const { address, ld } = placed;
    const b = heap.allocate(n * ld);
    const right = heap.allocate(n);
    const covariance = heap.view(address, n * ld);
    const work = heap.view(b, n * ld);
    const column = heap.view(right, n);
    const times = (v: Float64Array): Float64Array => lowerTimes(covariance, ld, v, variance);
    const factorise = (root: Float64Array): void => {
      for (let i = 0; i < n; i++) {
        const scale = variance * root[i];
        for (let j = 0, at = i * ld; j <= i; j++, at++) {
          work[at] = scale * root[j] * covariance[at];
        }
        work[i * ld + i] += 1;
      }
      if (cholesky(k, n, b, ld) > 0) {
        throw new NumericalError("laplaceMode: expected finite covariances.");
      }
    };

    let weights: Float64Array = start?.slice() ?? new Float64Array(n);
    let latent = times(weights);
    let objective = posteriorLog(labels, weights, latent);
    if (start !== undefined && objective < -n * Math.LN2) {
      // Zeros are a better start.
      weights = new Float64Array(n);
      latent = new Float64Array(n);
      objective = posteriorLog(labels, weights, latent);
    }
    let at = likelihoodAt(labels, latent);
    factorise(at.root);
    for (let step = 0; ; step++) {
      if (step === mostNewtonSteps) {
        throw new NumericalError(`laplaceMode: no mode in ${mostNewtonSteps} Newton steps.`);
      }
      const pull = latent.map((f, i) => at.root[i] * at.root[i] * f + at.slope[i]);
      const image = times(pull);
      for (let i = 0; i < n; i++) column[i] = at.root[i] * image[i];
      functions.solveLeftLower(n, 1, b, ld, right, 1, scratch);
      functions.solveLeftTransposed(n, 1, b, ld, right, 1, scratch);
      let next = pull.map((v, i) => v - at.root[i] * column[i]);
      let nextLatent = times(next);
      let nextObjective = posteriorLog(labels, next, nextLatent);
      for (let halving = 0; nextObjective < objective && halving < 30; halving++) {
        next = next.map((v, i) => (v + weights[i]) / 2);
        nextLatent = nextLatent.map((v, i) => (v + latent[i]) / 2);
        nextObjective = posteriorLog(labels, next, nextLatent);
      }
      const gain = nextObjective - objective;
      weights = next;
      latent = nextLatent;
      objective = nextObjective;
      at = likelihoodAt(labels, latent);
      factorise(at.root);
      if (!(gain > newtonTolerance * Math.max(1, Math.abs(objective)))) break;
    }

    let value = objective;
    for (let i = 0; i < n; i++) value -= log(work[i * ld + i]);
    functions.invertLower(n, b, ld, scratch);
    functions.multiplyOwnTransposed(n, b, ld, scratch);
    // `work` now holds B^-1. The mode moves with the parameters: `moved` is (I - R K) s2 of algorithm 5.1.
    const { root, slope } = at;
    let traceInverse = 0;
    const s2 = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const inverse = work[i * ld + i];
      traceInverse += inverse;
      s2[i] = 0.5 * (1 - inverse) * (2 * sigmoid(latent[i]) - 1);
    }
    const image = times(s2);
    for (let i = 0; i < n; i++) image[i] *= root[i];
    const inverseImage = lowerTimes(work, ld, image, 1);
    const moved = s2.map((v, i) => v - root[i] * inverseImage[i]);
    let byVariance = -n + traceInverse;
    for (let i = 0; i < n; i++) byVariance += latent[i] * (weights[i] + 2 * moved[i]);
    for (let i = 0; i < n; i++) {
      for (let j = 0, e = i * ld; j <= i; j++, e++) {
        work[e] =
          weights[i] * weights[j] -
          root[i] * root[j] * work[e] +
          moved[i] * slope[j] +
          slope[i] * moved[j];
      }
    }
    const gradient = new Float64Array(point.length);
    placed.gradient(b).forEach((sum, p) => (gradient[p] = (variance / 2) * sum));
    gradient[count] = byVariance / 2;
    return { value, gradient, weights, rootCurvature: root };
  });
}

/** variance * A v for a symmetric matrix of which the lower triangle is stored. */
function lowerTimes(a: Float64Array, ld: number, v: Float64Array, variance: number): Float64Array {
  const n = v.length;
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    const value = v[i];
    for (let j = 0, at = i * ld; j < i; j++, at++) {
      sum += a[at] * v[j];
      result[j] += a[at] * value;
    }
    result[i] += sum + a[i * ld + i] * value;
  }
  return result.map((sum) => sum * variance);
}

/** Log of posterior density of the latent values, without its constant. */
function posteriorLog(labels: Float64Array, weights: Float64Array, latent: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const margin = labels[i] * latent[i];
    sum -= 0.5 * weights[i] * latent[i] + Math.max(0, -margin) + log1p(exp(-Math.abs(margin)));
  }
  return sum;
}

function likelihoodAt(labels: Float64Array, latent: Float64Array) {
  const p = latent.map(sigmoid);
  return {
    slope: p.map((value, i) => (labels[i] + 1) / 2 - value),
    root: p.map((value) => Math.sqrt(value * (1 - value))),
  };
}

/** All that predictions follow from. */
export interface LaplaceState {
  readonly model: CovarianceModel;
  readonly parameters: Float64Array;
  readonly variance: number;
  readonly places: Places;
  readonly weights: Float64Array;
  readonly rootCurvature: Float64Array;
}

/**
 * Mean and variance of the latent function at rows.
 * Source: Rasmussen and Williams (2006), algorithm 3.2.
 */
export function conditionLaplace(state: LaplaceState): {
  at(rows: Places): { mean: Float64Array; variance: Float64Array };
} {
  const { model, parameters, variance, places, weights, rootCurvature: root } = state;
  const between = covarianceBetween(model, parameters);
  const n = weights.length;
  const b = between(places, places);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) b.data[i * n + j] *= variance * root[i] * root[j];
    b.data[i * n + i] += 1;
  }
  const { factor } = choleskyWithJitter(b);
  const prior = coregionalisation(model, parameters);
  return {
    at: (rows) => {
      const cross = between(places, rows);
      const m = cross.columns;
      const mean = new Float64Array(m);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) {
          mean[j] += variance * weights[i] * cross.data[i * m + j];
          cross.data[i * m + j] *= variance * root[i];
        }
      }
      const solved = solveTriangular(factor, cross);
      const explained = new Float64Array(m);
      for (let k = 0; k < solved.data.length; k++) {
        explained[k % m] += solved.data[k] * solved.data[k];
      }
      return {
        mean,
        variance: explained.map((e, j) => {
          const s = rows.source?.[j] ?? 0;
          return Math.max(0, variance * prior[s * (model.sources + 1)] - e);
        }),
      };
    },
  };
}

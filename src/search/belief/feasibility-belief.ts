import { exp, log } from "../../core/elementary.ts";
import { ShapeError } from "../../core/errors.ts";
import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { ObjectiveWithGradient } from "../../core/optimise/minimise.ts";
import type { Rng } from "../../core/rng.ts";
import { normalLogCdf, normalLogCdfSlope } from "../../core/special.ts";
import type { Work } from "../../core/work.ts";
import type { Column } from "../../space/contract.ts";
import type { CovarianceModel } from "../../surrogates/gaussian-process/covariance-model.ts";
import { laplaceMode } from "../../surrogates/gaussian-process/laplace.ts";
import { search } from "../../surrogates/gaussian-process/likelihood-search.ts";
import type { FeasibilityBelief } from "./contract.ts";
import { addCorrelationGradient, correlate } from "./correlate.ts";
import { addColumnGradient, dividedBy, embeddingOf, placeRow, placeRows } from "./embedding.ts";
import { lengthScalePrior } from "./fit-belief.ts";
import { penalised, type NormalPrior } from "./priors.ts";
import { solveLower, solveLowerTransposed } from "./substitution.ts";

/** Prior on the log variance of the latent function: a std of 2 means chances of about 12 % to 88 %. */
const variancePrior: NormalPrior = { centre: log(4), std: 1.5 };
const bounds = {
  lengthScale: { lower: 5e-3, upper: 1e3 },
  variance: { lower: 1e-2, upper: 1e3 },
} as const;

/**
 * Learns from designs that could be measured and from those that could not where the next ones can: a Gaussian
 * process of the log odds (mean 0), logistic likelihood, Laplace's approximation, hyper-parameters of largest
 * posterior density. The chance averages over what is not known of the log odds f, a normal with mean m and
 * variance v, by the normal approximation of the logistic function: `Phi(m / sqrt(8 / pi + v))`, which is off
 * by less than 0.02; far from every measurement it is 1/2.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithms 3.1
 * and 3.2; D. J. C. MacKay, Neural Comput. 4, 720 (1992), eq. 10.
 */
export async function fitFeasibility(
  columns: readonly Column[],
  possible: Matrix,
  impossible: Matrix,
  { rng, work = {} }: { readonly rng: Rng; readonly work?: Work },
): Promise<FeasibilityBelief> {
  const d = columns.length;
  if (possible.columns !== d || impossible.columns !== d) {
    throw new ShapeError(
      `fitFeasibility: expected rows of ${d} columns, got ${possible.columns} and ${impossible.columns}.`,
    );
  }
  const n = possible.rows + impossible.rows;
  const rows = matrix(n, d);
  rows.data.set(possible.data);
  rows.data.set(impossible.data, possible.data.length);
  const labels = Float64Array.from({ length: n }, (_, i) => (i < possible.rows ? 1 : -1));
  const plain = embeddingOf(columns, rows);
  const { scales, scaleOf } = plain;
  const model: CovarianceModel = { kernel: "matern-5/2", scaleOf, scales, sources: 1, rank: 1 };
  const sample = { places: { points: placeRows(plain, rows) }, labels };
  const priors = [...Array.from({ length: scales }, () => lengthScalePrior(scales)), variancePrior];
  const limits = (side: "lower" | "upper"): Float64Array =>
    Float64Array.from(priors, (_, k) =>
      log((k < scales ? bounds.lengthScale : bounds.variance)[side]),
    );
  const likelihood: ObjectiveWithGradient = (point, gradient) => {
    const mode = laplaceMode(model, sample, point);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -mode.gradient[k];
    return -mode.value;
  };
  const optimum = await search(
    {
      rows: n,
      all: penalised(likelihood, priors),
      some: undefined,
      lower: limits("lower"),
      upper: limits("upper"),
      start: (s) => {
        const draw = rng.fork(`start ${s}`);
        return Float64Array.from(priors, ({ centre, std }, k) => {
          const middle = k < scales ? 0.5 * log(scales) - Math.LN2 : centre;
          return s === 0 ? middle : middle + 0.5 * std * draw.normal();
        });
      },
    },
    { starts: 2, maxIterations: 50 },
    work,
  );
  const { weights, rootCurvature } = laplaceMode(model, sample, optimum.point);
  const embedding = dividedBy(plain, optimum.point.slice(0, scales).map(exp));
  const points = placeRows(embedding, rows);
  return latentChance({
    embedding,
    points,
    weights,
    rootCurvature,
    variance: exp(optimum.point[scales]),
  });
}

interface Latent {
  readonly embedding: ReturnType<typeof embeddingOf>;
  /** n x coordinates, divided by the length scales. */
  readonly points: Matrix;
  readonly weights: Float64Array;
  readonly rootCurvature: Float64Array;
  readonly variance: number;
}

/** Variance of the normal distribution whose cumulative one is nearest to the logistic function. */
const logisticVariance = 8 / Math.PI;

function latentChance({
  embedding,
  points,
  weights,
  rootCurvature: root,
  variance,
}: Latent): FeasibilityBelief {
  const { coordinates, dimension } = embedding;
  const [n, q] = [points.rows, points.columns];
  const b = correlationMatrix({ name: "matern-5/2" }, points, new Float64Array(q).fill(1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) b.data[i * n + j] *= variance * root[i] * root[j];
    b.data[i * n + i] += 1;
  }
  const { factor } = choleskyWithJitter(b);
  const point = new Float64Array(q);
  const [correlations, slopes] = [new Float64Array(n), new Float64Array(n)];

  /** Standardised log odds at a row; the derivatives by its columns are added to `gradient` where given. */
  const scoreAt = (row: ArrayLike<number>, gradient?: Float64Array): number => {
    placeRow(coordinates, row, point);
    correlate("matern-5/2", points, point, correlations, slopes);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      mean += variance * weights[i] * correlations[i];
      correlations[i] *= variance * root[i];
    }
    solveLower(factor, correlations);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += correlations[i] * correlations[i];
    const total = logisticVariance + Math.max(0, variance - explained);
    const score = mean / Math.sqrt(total);
    if (gradient !== undefined) {
      solveLowerTransposed(factor, correlations);
      // d score = d mean / sqrt(total) + score / (2 total) d explained.
      for (let i = 0; i < n; i++) {
        correlations[i] =
          (variance * weights[i]) / Math.sqrt(total) +
          (score / total) * variance * root[i] * correlations[i];
      }
      const byPoint = new Float64Array(q);
      addCorrelationGradient(points, point, slopes, correlations, byPoint);
      addColumnGradient(coordinates, byPoint, gradient);
    }
    return score;
  };

  return {
    probability: (rows) =>
      Float64Array.from({ length: rows.rows }, (_, i) =>
        exp(normalLogCdf(scoreAt(rowOf(rows, i)))),
      ),
    slope(row) {
      const gradient = new Float64Array(dimension);
      const score = scoreAt(row, gradient);
      const logProbability = normalLogCdf(score);
      const ratio = normalLogCdfSlope(score);
      for (let k = 0; k < dimension; k++) gradient[k] *= ratio;
      return { logProbability, gradient };
    },
  };
}

import { exp, log } from "../../core/elementary.ts";
import { InputError, ShapeError } from "../../core/errors.ts";
import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { ObjectiveWithGradient } from "../../core/optimise/minimise.ts";
import type { Rng } from "../../core/rng.ts";
import { normalLogCdf, normalLogCdfSlope } from "../../core/special.ts";
import type { Work } from "../../core/work.ts";
import type { Column } from "../../space/contract.ts";
import { laplaceMode } from "../../surrogates/gaussian-process/laplace.ts";
import { search } from "../../surrogates/gaussian-process/likelihood-search.ts";
import { averageSigmoid, sigmoid } from "../../surrogates/gaussian-process/logistic-normal.ts";
import type { Belief } from "./contract.ts";
import { embeddingOf, placeRows } from "./embedding.ts";
import { labelSites } from "./label-sites.ts";
import { gaussianBelief, type GaussianBeliefInput } from "./gaussian-belief.ts";
import { covarianceOf, covarianceParameters, type HyperParameter } from "./hyper-parameters.ts";
import { penalised } from "./priors.ts";

/** Prior on the log variance of the log odds: a std of 4 means chances of about 2 % to 98 %. */
const varianceParameter: HyperParameter = {
  centre: log(16),
  std: 1.5,
  lower: log(1e-2),
  upper: log(1e3),
  start: log(16),
};
/** Labels that hyper-parameters are fitted to, drawn at random from more; the belief itself knows all of them. */
const mostFitted = 200;
/** Labels that are all but certain tell (next to) nothing. */
const leastCurvature = 1e-10;

/**
 * What labels say of the log odds of a class: a Gaussian process with mean 0. Hyper-parameters are those of largest
 * posterior density by Laplace's approximation; at them each label becomes a measurement of the log odds with a noise of
 * its own (`labelSites`), so that everything that beliefs of numbers can do holds for classes. The border of the class
 * lies at 0. A further label has a noise that follows from its probability, 2 where both are as probable.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), sections 3.4 to 3.6.
 * @param labels n numbers: 1 in the class, 0 outside
 * @throws InputError for other labels
 */
export async function fitLogOdds(
  columns: readonly Column[],
  rows: Matrix,
  labels: ArrayLike<number>,
  { rng, work = {} }: { readonly rng: Rng; readonly work?: Work },
): Promise<Belief> {
  const n = rows.rows;
  if (rows.columns !== columns.length || labels.length !== n) {
    throw new ShapeError(
      `fitLogOdds: expected n x ${columns.length} rows and n labels, got ${n} x ${rows.columns} and ${labels.length}.`,
    );
  }
  const signs = Float64Array.from(labels, (label) => {
    if (label === 0 || label === 1) return 2 * label - 1;
    throw new InputError(`fitLogOdds: expected labels of 0 or 1, got ${label}.`);
  });
  // Labels say little: places of words are not learned from them.
  const embedding = { ...embeddingOf(columns, rows), learned: [] };
  const { scales } = embedding;
  const points = placeRows(embedding, rows);
  const model = covarianceOf(embedding);
  const some = rng.fork("fitted").permutation(n).slice(0, mostFitted);
  const sample =
    n > mostFitted
      ? {
          places: { points: takeRows(points, some) },
          labels: Float64Array.from(some, (i) => signs[i]),
        }
      : { places: { points }, labels: signs };
  const parameters = [...covarianceParameters(embedding), varianceParameter];
  const likelihood: ObjectiveWithGradient = (point, gradient) => {
    const mode = laplaceMode(model, sample, point);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -mode.gradient[k];
    return -mode.value;
  };
  const optimum = await search(
    {
      rows: sample.labels.length,
      all: penalised(likelihood, parameters),
      some: undefined,
      lower: Float64Array.from(parameters, ({ lower }) => lower),
      upper: Float64Array.from(parameters, ({ upper }) => upper),
      start: (s) => {
        const draw = rng.fork(`start ${s}`);
        return Float64Array.from(parameters, ({ start, std }) =>
          s === 0 ? start : start + 0.5 * std * draw.normal(),
        );
      },
    },
    { starts: 4, maxIterations: 50 },
    work,
  );
  return logOddsAt({
    embedding,
    points,
    signs,
    lengthScales: optimum.point.slice(0, scales).map(exp),
    variance: exp(optimum.point[scales]),
    summary: {
      measurements: n,
      logPosterior: optimum.likelihood,
      iterations: optimum.iterations,
      converged: optimum.converged ? "yes" : "no",
    },
  });
}

/** What log odds follow from at given hyper-parameters. */
export interface LogOddsInput extends Pick<
  GaussianBeliefInput,
  "embedding" | "lengthScales" | "variance" | "points" | "summary"
> {
  /** n numbers: 1 in the class, -1 outside. */
  readonly signs: Float64Array;
}

/** The belief at given hyper-parameters, see `fitLogOdds`. */
export function logOddsAt({ signs, ...input }: LogOddsInput): Belief {
  const { embedding, lengthScales, variance, points } = input;
  const perCoordinate = Float64Array.from(embedding.scaleOf, (scale) => lengthScales[scale]);
  const { data } = correlationMatrix({ name: "matern-5/2" }, points, perCoordinate);
  const n = points.rows;
  const covariance = matrix(
    n,
    n,
    data.map((correlation) => variance * correlation),
  );
  const { targets, noises } = labelSites(covariance, signs, logisticVariance);
  const evenNoise = noiseAt(0);
  return ofLabels(
    gaussianBelief({
      ...input,
      noise: (evenNoise * evenNoise) / variance,
      targets,
      noises: noises.map((noise) => noise / variance),
      mean: 0,
      unit: { offset: 0, scale: 1 },
    }),
  );
}

/** Standard deviation of the noise of a label where the log odds are as given: one over the root of p (1 - p). */
function noiseAt(logOdds: number): number {
  const p = sigmoid(logOdds);
  return 1 / Math.sqrt(Math.max(leastCurvature, p * (1 - p)));
}

/** A belief of log odds whose further measurements are labels. */
function ofLabels(belief: Belief): Belief {
  return {
    ...belief,
    condition(rows, values, noiseStd) {
      let after = belief;
      for (let i = 0; i < rows.rows; i++) {
        const one = matrix(1, rows.columns, rowOf(rows, i).slice());
        after = after.condition(one, values.slice(i, i + 1), noiseStd ?? noiseAt(values[i]));
      }
      return ofLabels(after);
    },
  };
}

/** Variance of the normal distribution whose cumulative one is nearest to the logistic function. */
const logisticVariance = 8 / Math.PI;

/**
 * Logarithm of the chance of a label of 1 where the log odds are normal, with its derivatives: the mean of the logistic
 * function by its normal approximation, `Phi(mean / sqrt(8 / pi + std^2))`, which is off by less than 0.02.
 * Source: D. J. C. MacKay, Neural Comput. 4, 720 (1992), eq. 10.
 */
export function logChanceOfOdds(
  mean: number,
  std: number,
): { readonly value: number; readonly byMean: number; readonly byStd: number } {
  const total = logisticVariance + std * std;
  const score = mean / Math.sqrt(total);
  const ratio = normalLogCdfSlope(score);
  return {
    value: normalLogCdf(score),
    byMean: ratio / Math.sqrt(total),
    byStd: (-ratio * score * std) / total,
  };
}

/** Mean and standard deviation of the probability itself where its log odds are normal, without approximation. */
export function probabilityOfOdds(mean: number, std: number): { mean: number; std: number } {
  const { p, within } = averageSigmoid(mean, std);
  return { mean: p, std: Math.sqrt(Math.max(0, p * (1 - p) - within)) };
}

import { exp, log } from "../../core/elementary.ts";
import type { CovarianceModel } from "../../surrogates/gaussian-process/covariance-model.ts";
import { latentAxes, latentCount } from "../../surrogates/gaussian-process/latent-levels.ts";
import type { SmoothCorrelation } from "./correlate.ts";
import { withPlaces, type Embedding } from "./embedding.ts";
import type { NormalPrior } from "./priors.ts";

/** A hyper-parameter: its prior, the bounds of its search, and where that begins. */
export interface HyperParameter extends NormalPrior {
  readonly lower: number;
  readonly upper: number;
  readonly start: number;
}

/**
 * Prior on the logarithm of length scales (of ranges): the log-normal density of Hvarfner et al. with log-mean
 * sqrt(2) + log(d) / 2 and log-variance 3, the mode of which has the log-mean less the log-variance, so that
 * functions of many parameters are taken as no rougher than those of few.
 * Source: C. Hvarfner, E. O. Hellsten, L. Nardi, Vanilla Bayesian optimization performs great in high
 * dimensions, ICML 2024, section 5.
 */
export const lengthScalePrior = (dimensions: number): NormalPrior => ({
  centre: Math.SQRT2 + 0.5 * log(dimensions) - 3,
  std: Math.sqrt(3),
});

/**
 * Prior on each coordinate of the place of a learned word, in length scales. At its centre all words lie at one
 * place, where one-hot alone tells them apart: measurements must say that words differ by more or less than that.
 */
const placePrior: NormalPrior = { centre: 0, std: 1 };

const lengthScaleBounds = { lower: log(5e-3), upper: log(1e3) } as const;
const placeBounds = { lower: -10, upper: 10 } as const;

/** The covariance that is fitted to points of an embedding. */
export const covarianceOf = (
  { scaleOf, scales, learned }: Embedding,
  kernel: SmoothCorrelation = "matern-5/2",
): CovarianceModel => ({
  kernel,
  scaleOf,
  scales,
  sources: 1,
  rank: 1,
  ...(learned.length === 0 ? {} : { latent: learned }),
});

/** The parameters of that covariance: logarithms of length scales, then places of learned words. */
export function covarianceParameters({ scales, axes, learned }: Embedding): HyperParameter[] {
  const lengthScale: HyperParameter = {
    ...lengthScalePrior(axes),
    ...lengthScaleBounds,
    start: 0.5 * log(axes) - Math.LN2,
  };
  const place: HyperParameter = { ...placePrior, ...placeBounds, start: placePrior.centre };
  return [
    ...Array.from({ length: scales }, () => lengthScale),
    ...Array.from({ length: latentCount(learned) }, () => place),
  ];
}

/** An embedding with all that was fitted of it. */
export interface FittedEmbedding {
  /** Learned words at their places. */
  readonly embedding: Embedding;
  readonly lengthScales: Float64Array;
  /** Places of learned words, for model cards. */
  readonly summary: Readonly<Record<string, string>>;
}

/** What the parameters of the covariance (the first of `parameters`) make of an embedding. */
export function fittedEmbedding(embedding: Embedding, parameters: Float64Array): FittedEmbedding {
  const { scales, learned, notes } = embedding;
  const lengthScales = parameters.slice(0, scales).map(exp);
  if (learned.length === 0) return { embedding, lengthScales, summary: notes };
  const summary: Record<string, string> = { ...notes };
  const places = parameters.subarray(scales, scales + latentCount(learned));
  if (places.every((place) => place === 0)) {
    for (const { label } of learned) summary[`places of ${label}`] = "not told by so few values";
    return { embedding: { ...embedding, learned: [] }, lengthScales, summary };
  }
  let from = 0;
  for (const { label, levels } of learned) {
    const end = from + latentAxes * levels;
    summary[`places of ${label}`] = placesText(places.subarray(from, end));
    from = end;
  }
  return {
    embedding: withPlaces(embedding, places),
    lengthScales: Float64Array.of(...lengthScales, 1),
    summary,
  };
}

/**
 * Places of words in order, moved and turned so that the first is the origin, the second lies on the positive x axis
 * and the first of the others that is off that axis above it, as distances alone mean something. The fit itself
 * leaves all words free and lets the prior hold them, so that it does not depend on their order.
 * Source: Y. Zhang, S. Tao, W. Chen, D. W. Apley, Technometrics 62, 291 (2020), section 2.2.
 */
function placesText(places: Float64Array): string {
  const [x0, y0] = places;
  const [dx, dy] = [places[latentAxes] - x0, places[latentAxes + 1] - y0];
  const length = Math.sqrt(dx * dx + dy * dy);
  const [c, s] = length > 0 ? [dx / length, dy / length] : [1, 0];
  const turned: [number, number][] = [];
  for (let at = 0; at < places.length; at += latentAxes) {
    const [x, y] = [places[at] - x0, places[at + 1] - y0];
    turned.push([c * x + s * y, c * y - s * x]);
  }
  const side = turned.find(([, y]) => Math.abs(y) > 1e-9)?.[1] ?? 1;
  const digits = (value: number): string => (value + 0).toFixed(2);
  return turned.map(([x, y]) => `${digits(x)} ${digits(side < 0 ? -y : y)}`).join("; ");
}

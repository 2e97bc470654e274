import type { CovarianceModel } from "./covariance-model.ts";
import { marginalLikelihood, partsOf } from "./marginal-likelihood.ts";
import { mergeRows, type Sample } from "./merge-rows.ts";
import type { PosteriorState } from "./posterior.ts";

/** The state of the posterior at a point in the space of parameters, and the noise ratio of each source. */
export function stateAt(
  model: CovarianceModel,
  sample: Sample,
  point: Float64Array,
): { readonly state: PosteriorState; readonly noise: Float64Array } {
  const { covariance, noise, variance } = partsOf(model, sample, point);
  const signalVariance = variance ?? marginalLikelihood(model, sample, point).variance;
  const merged = mergeRows(sample, noise, signalVariance);
  const { places } = sample;
  return {
    noise,
    state: {
      model,
      parameters: covariance,
      places,
      target: merged.target,
      noise: merged.noise,
      signalVariance,
    },
  };
}

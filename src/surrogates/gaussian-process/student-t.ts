import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { CovarianceModel } from "./covariance-model.ts";
import { fitHyperParameters } from "./fit-hyper-parameters.ts";
import type { Optimum, SearchOptions } from "./likelihood-search.ts";
import type { Sample } from "./merge-rows.ts";
import { stateAt } from "./state-at.ts";
import { condition } from "./posterior.ts";

/** A robust fit: the hyper-parameters with the sample whose noise factors tell outliers. */
export interface RobustFit {
  readonly optimum: Optimum;
  readonly sample: Sample;
  /** Expected precision of each row, about 1 for an ordinary one and far below for an outlier. */
  readonly precision: Float64Array;
  readonly rounds: number;
}

const mostRounds = 60;
/** A largest change of a row's noise factor (as a share) below this ends the rounds. */
const tolerance = 1e-3;
/** Round after which all starts of the search are tried again. */
const roundOfSearch = 5;
/** Quasi-Newton steps of each round after the first. */
const stepsPerRound = 5;

/**
 * Gaussian process with Student-t noise of nu degrees of freedom: row i has noise of variance
 * `scale^2 / lambda_i` with lambda_i ~ Gamma(nu / 2, nu / 2). Variational rounds turn between
 * `E lambda_i = (nu + 1) / (nu + E (y_i - f_i)^2 / scale^2)` and the hyper-parameters of largest
 * likelihood given these, each of which raises one lower bound of the marginal likelihood.
 * Source: M. E. Tipping, N. D. Lawrence, Neurocomputing 69, 123 (2005), doi:10.1016/j.neucom.2005.02.016.
 */
export async function fitStudentT(
  model: CovarianceModel,
  sample: Sample,
  degreesOfFreedom: number,
  options: SearchOptions,
  rng: Rng,
  work: Work,
): Promise<RobustFit> {
  let optimum = await fitHyperParameters(model, sample, options, rng, work);
  let iterations = optimum.iterations;
  let factor = new Float64Array(sample.y.length).fill(1);
  let robust: Sample = { ...sample, noiseFactor: factor };
  for (let round = 1; ; round++) {
    await checkpoint(work, { label: "outliers", done: round, total: mostRounds });
    const { state, noise } = stateAt(model, robust, optimum.point);
    const { mean, variance } = condition(state).at(state.places);
    const next = sample.y.map((value, i) => {
      const place = sample.placeOf[i];
      const s = sample.places.source?.[place] ?? 0;
      const scale = noise[s] * state.signalVariance;
      const squared = (value - mean[place]) * (value - mean[place]) + variance[place];
      return (degreesOfFreedom + squared / scale) / (degreesOfFreedom + 1);
    });
    let change = 0;
    for (let i = 0; i < next.length; i++) {
      change = Math.max(change, Math.abs(next[i] / factor[i] - 1));
    }
    factor = next;
    robust = { ...sample, noiseFactor: factor };
    const settled = change < tolerance || round === mostRounds;
    const steps = { starts: 1, maxIterations: settled ? options.maxIterations : stepsPerRound };
    optimum = await fitHyperParameters(model, robust, steps, rng, work, optimum.point);
    iterations += optimum.iterations;
    if (round === roundOfSearch) {
      // The first search saw the outliers as noise; with those known, others of its starts may be better.
      const again = await fitHyperParameters(model, robust, options, rng, work);
      iterations += again.iterations;
      if (again.likelihood > optimum.likelihood) optimum = again;
      continue;
    }
    if (settled && round > roundOfSearch) {
      const converged = change < tolerance && optimum.converged;
      return {
        optimum: { ...optimum, iterations, converged },
        sample: robust,
        precision: factor.map((f) => 1 / f),
        rounds: round,
      };
    }
  }
}

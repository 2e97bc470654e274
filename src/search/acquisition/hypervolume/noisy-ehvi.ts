import { exp, log } from "../../../core/elementary.ts";
import { rowOf } from "../../../core/matrix.ts";
import type { CrossBelief } from "../../belief/contract.ts";
import { nonDominatedBoxes } from "../../pareto/boxes.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import type { AcquisitionSpec } from "../contract.ts";
import { dialled } from "../dial.ts";
import { boxGain } from "./box-gain.ts";
import { believedFront, leastShare } from "./ehvi.ts";
import { lossesOf } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";
import { sampleFronts, type OutcomeDraws } from "./sampled-fronts.ts";
import { sideRequirements } from "./side-requirements.ts";

/**
 * Noisy expected hypervolume improvement: the logarithm of the expected added volume, averaged over what the true
 * outcomes of the measured and pending rows may be, times the chance that the design meets the requirements.
 *
 * Each draw of those outcomes has its own front, whose boxes are kept, and its own belief elsewhere, of which
 * the expected gain is taken in closed form. So the function is smooth and its logarithm right far from the front,
 * without the smoothing that sampling the new outcome too needs (Ament et al.). A batch is built one by one: chosen
 * rows that join the measured ones are drawn with them.
 * Source: S. Daulton, M. Balandat, E. Bakshy, Adv. Neural Inf. Process. Syst. 34, 2187 (2021); S. Ament et al.,
 *   Adv. Neural Inf. Process. Syst. 36, 20577 (2023).
 */
export const noisyExpectedHypervolume: AcquisitionSpec<NoisyHypervolumeOptions> = {
  name: "noisy-ehvi",
  title: "Expected hypervolume improvement over uncertain fronts",
  supports: { objectives: { min: 2, max: 5 }, joint: false, integrates: true },
  defaults: { draws: 32 },
  create(context, options) {
    const spec = noisyExpectedHypervolume;
    const { draws } = resolveSettings(spec.name, spec.defaults, options);
    requireWhole(spec.name, "draws", draws, 1);
    const losses = lossesOf(spec.name, context.goals, spec.supports.objectives);
    const beliefs = context.beliefs.map((belief) => dialled(belief, context.exploration));
    const m = losses.length;
    const { means } = believedFront(context, losses);
    const reference = referencePoint(losses, means);
    const sampled = sampleFronts({ ...context, beliefs }, losses, draws);
    const gains = sampled.fronts.map((front) =>
      boxGain(nonDominatedBoxes(front, reference), losses),
    );
    const requirements = sideRequirements(context);
    const outcomes = losses.map(({ goal, scale }, k) => ({
      belief: beliefs[goal],
      cross: beliefs[goal].against(sampled.rows),
      least: leastShare * scale,
      ...sampled.draws[k],
    }));
    const given = outcomes.map((outcome) => conditional(outcome, context.rows.columns, draws));
    const room = (): Float64Array => new Float64Array(m);
    const [mean, std] = [room(), room()];
    const own = { byMean: room(), byStd: room() };
    const logs = new Float64Array(draws);
    const slopes = new Float64Array(draws * 2 * m);

    /** Mean over the draws, from what `given` holds; leaves the derivatives there when asked. */
    const average = (withSlopes: boolean): number => {
      let largest = Number.NEGATIVE_INFINITY;
      for (let s = 0; s < draws; s++) {
        for (let k = 0; k < m; k++) {
          mean[k] = given[k].means[s];
          std[k] = Math.max(outcomes[k].least, given[k].std);
        }
        logs[s] = gains[s].log(mean, std, withSlopes ? own : undefined);
        largest = Math.max(largest, logs[s]);
        if (!withSlopes) continue;
        slopes.set(own.byMean, s * 2 * m);
        slopes.set(own.byStd, s * 2 * m + m);
      }
      if (largest === Number.NEGATIVE_INFINITY) return largest;
      let sum = 0;
      for (let s = 0; s < draws; s++) sum += exp(logs[s] - largest);
      if (withSlopes) {
        for (let s = 0; s < draws; s++) {
          const weight = exp(logs[s] - largest) / sum;
          for (let k = 0; k < m; k++) {
            given[k].byMeans[s] = weight * slopes[s * 2 * m + k];
            given[k].byStd += weight * slopes[s * 2 * m + m + k];
          }
        }
      }
      return largest + log(sum / draws);
    };

    return {
      points: 1,
      values(rows) {
        const values = requirements.logChances(rows);
        const marginals = outcomes.map(({ belief }) => belief.marginal(rows));
        for (let i = 0; i < values.length; i++) {
          const row = rowOf(rows, i);
          given.forEach((one, k) => one.place(row, marginals[k].mean[i], marginals[k].std[i]));
          values[i] += average(false);
        }
        return values;
      },
      slope(row, gradient) {
        gradient.fill(0);
        const value = requirements.slope(row, gradient);
        const around = outcomes.map(({ belief }) => belief.slope(row));
        given.forEach((one, k) => one.place(row, around[k].mean, around[k].std, true));
        const gain = average(true);
        given.forEach((one, k) => {
          one.pullBack(around[k].std, around[k].meanGradient, around[k].stdGradient, gradient);
        });
        return value + gain;
      },
    };
  },
};

export interface NoisyHypervolumeOptions {
  /** Draws of the front. */
  readonly draws: number;
}

/** The belief about one outcome at one row, given each draw of the values at the front's rows. */
interface Conditional {
  /** Mean given each draw. */
  readonly means: Float64Array;
  /** The same whatever the draw. */
  std: number;
  /** Derivatives of the result by the means and the std, to be written before `pullBack`. */
  readonly byMeans: Float64Array;
  byStd: number;
  place(row: ArrayLike<number>, mean: number, std: number, withSlopes?: boolean): void;
  /** Adds the derivatives of the result by the columns of the row that was placed. */
  pullBack(
    std: number,
    meanGradient: Float64Array,
    stdGradient: Float64Array,
    gradient: Float64Array,
  ): void;
}

/**
 * With c the covariances with the r rows: mean + c' shifts, variance - c' precision c.
 */
function conditional(
  { cross, precision, shifts, least }: OutcomeDraws & { cross: CrossBelief; least: number },
  dimension: number,
  draws: number,
): Conditional {
  const r = precision.rows;
  const byRow = new Float64Array(r * dimension);
  const solved = new Float64Array(r);
  return {
    means: new Float64Array(draws),
    std: 0,
    byMeans: new Float64Array(draws),
    byStd: 0,
    place(row, mean, std, withSlopes = false) {
      const covariances = withSlopes ? cross.at(row, byRow) : cross.at(row);
      const { means } = this;
      means.fill(mean);
      let explained = 0;
      for (let i = 0, at = 0, of = 0; i < r; i++) {
        let sum = 0;
        for (let j = 0; j < r; j++) sum += precision.data[at++] * covariances[j];
        solved[i] = sum;
        explained += sum * covariances[i];
        for (let s = 0; s < draws; s++) means[s] += covariances[i] * shifts.data[of++];
      }
      this.std = Math.sqrt(Math.max(least * least, std * std - explained));
      this.byStd = 0;
    },
    pullBack(std, meanGradient, stdGradient, gradient) {
      const { byMeans, byStd } = this;
      let total = 0;
      for (let s = 0; s < draws; s++) total += byMeans[s];
      const share = this.std > least ? byStd / this.std : 0;
      for (let j = 0; j < dimension; j++) {
        gradient[j] += total * meanGradient[j] + share * std * stdGradient[j];
      }
      for (let i = 0, of = 0; i < r; i++) {
        let weight = -share * solved[i];
        for (let s = 0; s < draws; s++) weight += byMeans[s] * shifts.data[of++];
        for (let j = 0; j < dimension; j++) gradient[j] += weight * byRow[i * dimension + j];
      }
    },
  };
}

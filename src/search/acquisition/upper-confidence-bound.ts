import { log } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { resolveSettings } from "../run.ts";
import type { AcquisitionSpec } from "./contract.ts";
import { pointwise } from "./pointwise.ts";

export interface UpperConfidenceBoundOptions {
  /** Weight of the standard deviation, squared; null = grows with the measurements by the schedule. */
  readonly beta: number | null;
}

/**
 * The utility that is still plausible: utility of the mean plus sqrt(beta) standard deviations. The schedule is
 * `beta = 2 log(n^2 pi^2 / (6 delta)) / 5` with delta = 0.1 after n measurements: that of the regret bound, a
 * fifth of it as in the authors' experiments (there for finite sets, of which the size is left out here).
 * Source: N. Srinivas, A. Krause, S. M. Kakade, M. W. Seeger, IEEE Trans. Inf. Theory 58, 3250 (2012),
 * doi:10.1109/TIT.2011.2182033, theorem 1 and section VI.
 */
export const upperConfidenceBound: AcquisitionSpec<UpperConfidenceBoundOptions> = {
  name: "ucb",
  title: "Upper confidence bound",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: { beta: null },
  create(context, options) {
    const { name, defaults } = upperConfidenceBound;
    const { beta } = resolveSettings(name, defaults, options);
    if (beta !== null && !(beta >= 0)) {
      throw new InputError(`${name}: expected a beta of 0 or more, got ${beta}.`);
    }
    const root = Math.sqrt(beta ?? scheduled(context.measured));
    return pointwise(name, context, (objective) => ({
      score: (mean, std) => ({
        value: objective.utility(mean) + root * std,
        byMean: objective.utilitySlope(mean),
        byStd: root,
      }),
      chanceWeight: objective.goal.scale,
    }));
  },
};

const delta = 0.1;

function scheduled(measured: number): number {
  const n = Math.max(1, measured);
  return (2 / 5) * log((n * n * Math.PI * Math.PI) / (6 * delta));
}

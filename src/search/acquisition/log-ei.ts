import type { AcquisitionSpec } from "./contract.ts";
import { logExpectedBelow, logExpectedNearer, type NormalTerm } from "./normal-terms.ts";
import { pointwise, type PointScore } from "./pointwise.ts";
import { bestUtility, type SingleObjective } from "./utility.ts";

/**
 * Logarithm of the expected improvement over the best mean so far, exact for minimise, maximise and match. What
 * is already as near as possible to a value to match (the mean lies on it) asks for less than rounding: then the
 * improvement over a thousandth of the goal's scale counts.
 * Source: S. Ament et al., Unexpected improvements to expected improvement for Bayesian optimization, NeurIPS
 * 2023; D. R. Jones, M. Schonlau, W. J. Welch, J. Glob. Optim. 13, 455 (1998), doi:10.1023/A:1008306431147;
 * with requirements: J. R. Gardner et al., Bayesian optimization with inequality constraints, ICML 2014.
 */
export const logEi: AcquisitionSpec = {
  name: "log-ei",
  title: "Expected improvement",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: {},
  create(context) {
    return pointwise(logEi.name, context, (objective) => {
      const best = bestUtility(objective, context);
      return best === undefined
        ? undefined
        : { score: improvementOver(objective, best), chanceWeight: 1 };
    });
  },
};

const leastReach = 1e-3;

/** Log expected improvement of the utility over a value. */
export function improvementOver({ goal }: SingleObjective, best: number): PointScore {
  if (goal.kind === "match") {
    const reach = Math.max(-best, leastReach * goal.scale);
    return (mean, std) => logExpectedNearer(goal.low!, goal.high!, reach, mean, std);
  }
  if (goal.kind === "minimise") return (mean, std) => logExpectedBelow(-best, mean, std);
  return (mean, std) => mirrored(logExpectedBelow(-best, -mean, std));
}

/** A term of minus the outcome as one of the outcome. */
export const mirrored = (term: NormalTerm): NormalTerm => ({ ...term, byMean: -term.byMean });

import { erfcx, exp, log } from "../../core/elementary.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { normalLogCdf, normalLogCdfSlope } from "../../core/special.ts";
import { resolveSettings } from "../run.ts";
import type { AcquisitionContext, AcquisitionSpec } from "./contract.ts";
import { mirrored } from "./log-ei.ts";
import type { NormalTerm } from "./normal-terms.ts";
import { pointwise } from "./pointwise.ts";
import { bestUtility, type SingleObjective } from "./utility.ts";

export interface MaxValueEntropyOptions {
  /** Draws of the best value of all designs. */
  readonly draws: number;
}

/**
 * Logarithm of the information (nats) that a measurement without noise gives of the best value: the mean over draws
 * of that value of `g pdf(g) / (2 cdf(g)) - log cdf(g)`, g = (best - mean) / std. The best value of the reference
 * designs and of what was measured follows a Gumbel distribution that shares three quantiles with the product of
 * their normal distributions; it is drawn at evenly spaced levels.
 * Source: Z. Wang, S. Jegelka, Max-value entropy search for efficient Bayesian optimization, ICML 2017, eqs. 6
 * and section 3.1.
 */
export const maxValueEntropy: AcquisitionSpec<MaxValueEntropyOptions> = {
  name: "max-value-entropy",
  title: "Max-value entropy search",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: { draws: 16 },
  create(context, options) {
    const { name, defaults } = maxValueEntropy;
    const { draws } = resolveSettings(name, defaults, options);
    if (!(Number.isInteger(draws) && draws >= 1)) {
      throw new InputError(`${name}: expected a whole number of draws from 1, got ${draws}.`);
    }
    return pointwise(name, context, (objective) => {
      if (objective.goal.kind === "match") {
        throw new UnsupportedError(
          `${name}: learns what the best value is, and that is known of a value to match: ` +
            "a distance of 0 wherever outcomes lie on both sides of it.",
          { hint: "Take log-ei, noisy-ei or knowledge-gradient." },
        );
      }
      const levels = Array.from({ length: draws }, (_, k) => (k + 0.5) / draws);
      const best = bestValues(objective, context, levels);
      // Everything is about the largest value; a minimum is the largest of minus the outcome.
      const isMaximum = objective.goal.kind === "maximise";
      const score = (mean: number, std: number): NormalTerm =>
        isMaximum ? informationOf(best, mean, std) : mirrored(informationOf(best, -mean, std));
      return { score, chanceWeight: 1 };
    });
  },
};

/** Log of the mean information over the drawn best values. */
export function informationOf(best: readonly number[], mean: number, std: number): NormalTerm {
  const terms = best.map((value) => logInformation((value - mean) / std));
  const top = terms.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let [sum, bySum, byStd] = [0, 0, 0];
  terms.forEach(({ value, slope }, k) => {
    const share = exp(value - top);
    sum += share;
    bySum -= share * slope;
    byStd -= (share * slope * (best[k] - mean)) / std;
  });
  return {
    value: top + log(sum / best.length),
    byMean: bySum / sum / std,
    byStd: byStd / sum / std,
  };
}

/** From here on the difference loses digits, and the first terms of its series are exact to rounding. */
const far = 6;
const halfLogTwoPi = 0.9189385332046727;
const rootHalfPi = 1.2533141373155003;

/** log(g pdf(g) / (2 cdf(g)) - log cdf(g)) and its derivative. */
function logInformation(g: number): { readonly value: number; readonly slope: number } {
  if (g < far) {
    const ratio = normalLogCdfSlope(g);
    const information = 0.5 * g * ratio - normalLogCdf(g);
    // ratio' = -ratio (g + ratio)
    const slope = -0.5 * ratio - 0.5 * g * ratio * (g + ratio);
    return { value: log(information), slope: slope / information };
  }
  // With q = 1 - cdf(g) = pdf(g) mills: 1 / cdf = 1 + q + ..., -log cdf = q + q^2 / 2 + ...
  const logPdf = -0.5 * g * g - halfLogTwoPi;
  const mills = rootHalfPi * erfcx(g * Math.SQRT1_2);
  const q = exp(logPdf) * mills;
  const overPdf = 0.5 * g * (1 + q) + mills * (1 + 0.5 * q);
  const ratio = exp(logPdf) * (1 + q);
  return {
    value: logPdf + log(overPdf),
    slope: (-0.5 * (1 + g * (g + ratio)) * (1 + q)) / overPdf,
  };
}

/** Largest utility over reference and measured rows at probability levels of its Gumbel distribution. */
function bestValues(
  objective: SingleObjective,
  context: AcquisitionContext,
  levels: readonly number[],
): number[] {
  const known = bestUtility(objective, context);
  const parts = [context.reference, context.rows].map((rows) => objective.belief.marginal(rows));
  const means = parts.flatMap(({ mean }) => Array.from(mean, (m) => objective.utility(m)));
  const stds = parts.flatMap(({ std }) => Array.from(std));
  const top = Math.max(...means.map((m, i) => m + 6 * stds[i]));
  const floor = known ?? Math.min(...means.map((m, i) => m - 6 * stds[i]));
  const quantile = (level: number): number => {
    let [low, high] = [Math.min(floor, top), top];
    for (let step = 0; step < 60; step++) {
      const middle = 0.5 * (low + high);
      let chance = 0;
      for (let i = 0; i < means.length; i++) chance += normalLogCdf((middle - means[i]) / stds[i]);
      if (exp(chance) < level) low = middle;
      else high = middle;
    }
    return 0.5 * (low + high);
  };
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(quantile);
  const gumbel = (level: number): number => -log(-log(level));
  const scale = Math.max(0, (upper - lower) / (gumbel(0.75) - gumbel(0.25)));
  const place = middle - scale * gumbel(0.5);
  // Nothing drawn lies below what is known already, but for a margin that keeps the information finite.
  const least = floor + 1e-6 * Math.max(...stds);
  return levels.map((level) => Math.max(least, place + scale * gumbel(level)));
}

import { exp, log, log1p } from "../../core/elementary.ts";
import { InputError, NumericalError, ShapeError, UnsupportedError } from "../../core/errors.ts";
import { normalLogCdf } from "../../core/special.ts";
import type { GoalPrediction, TargetGoal } from "../objectives.ts";
import type { LikelihoodSettings } from "./contract.ts";

export const likelihoodDefaults: LikelihoodSettings = { tolerance: 0.05, sharpness: 0.01 };

const logRootTwoPi = 0.9189385332046727;
/** Width below which the density counts as the same over an interval; differences would lose digits. */
const narrow = 1e-5;
/** No model is sure of a class: probabilities are kept this far from 0 and 1. */
const classDoubt = 1e-9;

/**
 * @throws UnsupportedError for a goal without a value to be reached, InputError for settings that cannot be used
 */
export function requireInvertible(
  goals: readonly TargetGoal[],
  { tolerance, sharpness }: LikelihoodSettings,
): void {
  if (goals.length === 0) throw new InputError("posterior: expected at least one goal, got none.");
  for (const { label, kind } of goals) {
    if (kind !== "minimise" && kind !== "maximise") continue;
    throw new UnsupportedError(
      `posterior: "${label}" has no value to be reached, so no design is more probable by it.`,
      {
        expected: "a value (-> 900 MPa), a limit (>= 900 MPa), a range or a class",
        received: label,
        hint: "Say which value is wanted, or search for the best designs with `ystar design`.",
      },
    );
  }
  for (const [name, value] of Object.entries({ tolerance, sharpness })) {
    if (value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new InputError(`posterior: expected a ${name} above 0, got ${value}.`, { path: name });
  }
}

/** Standard deviation by which a prediction of one goal may miss, in the property's unit; 0 for a class. */
export function allowanceOf(
  goal: TargetGoal,
  { epistemicStd, aleatoricStd }: GoalPrediction,
  i: number,
  { tolerance, sharpness }: LikelihoodSettings,
): number {
  const { kind, scale } = goal;
  if (kind === "class") return 0;
  const square = epistemicStd[i] * epistemicStd[i] + aleatoricStd[i] * aleatoricStd[i];
  if (kind === "range") return Math.max(Math.sqrt(square), sharpness * scale);
  return Math.sqrt(square + tolerance * tolerance * scale * scale);
}

/**
 * Logarithm of the likelihood that designs with these predictions have what is asked for, n numbers; goals
 * count as independent given the predictions.
 *
 * | kind | likelihood |
 * |---|---|
 * | match | normal density of the value about the mean, std = prediction's total and tolerance, per scale |
 * | range | normal probability of the range with the prediction's total std |
 * | class | its probability (of not being it where only a largest probability is given) |
 *
 * @throws NumericalError for a prediction that is not finite
 */
export function logLikelihoodOf(
  goals: readonly TargetGoal[],
  predictions: readonly GoalPrediction[],
  settings: LikelihoodSettings,
): Float64Array {
  if (predictions.length !== goals.length) {
    throw new ShapeError(
      `posterior: expected one prediction a goal, got ${predictions.length} for ${goals.length} goals.`,
    );
  }
  const total = new Float64Array(predictions[0].mean.length);
  goals.forEach((goal, g) => {
    const prediction = predictions[g];
    for (let i = 0; i < total.length; i++) {
      const mean = prediction.mean[i];
      const std = allowanceOf(goal, prediction, i, settings);
      const part = goal.kind === "class" ? logClass(goal, mean) : logNumber(goal, mean, std);
      if (!Number.isFinite(part)) {
        throw new NumericalError(
          `posterior: expected finite predictions for "${goal.label}", got ${mean} ± ${std}.`,
        );
      }
      total[i] += part;
    }
  });
  return total;
}

function logClass({ low, high }: TargetGoal, probability: number): number {
  const wanted = low === null && high !== null ? 1 - probability : probability;
  return log(Math.min(1, Math.max(0, wanted)) * (1 - 2 * classDoubt) + classDoubt);
}

function logNumber({ kind, low, high, scale }: TargetGoal, mean: number, std: number): number {
  if (kind === "match" && low === high) {
    const z = (low! - mean) / std;
    return -0.5 * z * z - log(std / scale) - logRootTwoPi;
  }
  const a = low === null ? Number.NEGATIVE_INFINITY : (low - mean) / std;
  const b = high === null ? Number.POSITIVE_INFINITY : (high - mean) / std;
  const inside = logNormalInterval(a, b);
  return kind === "match" ? inside - log((high! - low!) / scale) : inside;
}

/** Logarithm of the standard normal probability of a ... b (a < b, either may be infinite), exact in the tails. */
export function logNormalInterval(a: number, b: number): number {
  if (a > 0) return logNormalInterval(-b, -a);
  if (b - a < narrow) {
    const middle = (a + b) / 2;
    return log(b - a) - 0.5 * middle * middle - logRootTwoPi;
  }
  if (b > 0) return log1p(-exp(normalLogCdf(a)) - exp(normalLogCdf(-b))) + 0;
  const below = normalLogCdf(b);
  return below + log1p(-exp(normalLogCdf(a) - below));
}

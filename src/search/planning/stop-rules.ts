import { exp } from "../../core/elementary.ts";
import { InputError, ShapeError } from "../../core/errors.ts";
import { countOf, formatNumber, percent } from "../../core/format.ts";
import type { Matrix } from "../../core/matrix.ts";
import { isRequirement, requirementsOf } from "../acquisition/requirements.ts";
import type { Belief } from "../belief/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import { requireWhole } from "../run.ts";

/** Whether one rule says that no more should be measured, with the number it looked at and its limit. */
export interface StopVerdict {
  readonly rule: string;
  readonly stop: boolean;
  /** A sentence for people. */
  readonly reason: string;
  readonly value: number;
  readonly limit: number;
}

/**
 * Stops when what the best next measurement is expected to gain is worth less than it costs.
 * @param expectedGain of the best proposal, in the objective's unit, 0 or more
 * @param worth of one unit of gain
 * @param cost of one measurement, in the unit of `worth`
 * Source: P. I. Frazier, W. B. Powell, in Winter Simul. Conf. (2008) (stopping when the value of sampling falls
 *   below its cost).
 */
export function gainBelowCost(expectedGain: number, worth: number, cost: number): StopVerdict {
  const rule = "gain below cost";
  requireAtLeast(rule, "an expected gain", expectedGain, 0);
  requireAtLeast(rule, "a worth", worth, 0);
  requireAtLeast(rule, "a cost", cost, 0);
  const value = expectedGain * worth;
  const stop = value < cost;
  return {
    rule,
    stop,
    value,
    limit: cost,
    reason: `The next measurement is expected to gain ${formatNumber(value)}, ${
      stop ? "less than" : "no less than"
    } the ${formatNumber(cost)} that it costs.`,
  };
}

/**
 * Stops when a measured design meets every requirement with at least this probability, given all measurements: one
 * lucky value is not enough where measurements are noisy.
 * @param rows measured designs, n x dimension
 * @throws InputError when nothing is required
 */
export function targetMet(
  goals: readonly TargetGoal[],
  beliefs: readonly Belief[],
  rows: Matrix,
  probability: number,
): StopVerdict {
  const rule = "target met";
  requireShare(rule, "a probability", probability);
  if (!goals.some(isRequirement)) {
    throw new InputError(`${rule}: expected a goal with a limit, got none.`, {
      hint: "Ask for a range or a class, or give an objective its worst acceptable value.",
    });
  }
  const chances = requirementsOf({ goals, beliefs }).logChances(rows);
  const value = chances.reduce((best, chance) => Math.max(best, exp(chance)), 0);
  const stop = value >= probability;
  return {
    rule,
    stop,
    value,
    limit: probability,
    reason: `The best measured design meets every requirement with a probability of ${percent(value)}; ${percent(
      probability,
    )} is asked for.`,
  };
}

/**
 * Stops when a budget is used up.
 * @param spent measurements made, or what they cost
 */
export function budgetSpent(spent: number, budget: number): StopVerdict {
  const rule = "budget";
  requireAtLeast(rule, "what was spent", spent, 0);
  requireAtLeast(rule, "a budget", budget, 0);
  return {
    rule,
    stop: spent >= budget,
    value: spent,
    limit: budget,
    reason: `${formatNumber(spent)} of ${formatNumber(budget)} are spent.`,
  };
}

/**
 * Stops when the model's predictions hardly move any more: the root mean square change of the means at fixed designs
 * over each of the last rounds, over the outcome's scale, is below the limit in all of them.
 * @param predictions means at the same designs after each round, the newest last
 * @param options `rounds` that must agree, `limit` as a share of the scale
 * Source: M. Bloodgood, K. Vijay-Shanker, Proc. CoNLL (2009), 39 (stabilising predictions).
 */
export function predictionsSettled(
  predictions: readonly ArrayLike<number>[],
  scale: number,
  { rounds = 3, limit = 0.02 }: SettledOptions = {},
): StopVerdict {
  const rule = "predictions settled";
  requireSettled(rule, scale, rounds, limit);
  const changes: number[] = [];
  for (let k = 1; k < predictions.length; k++) {
    const [before, after] = [predictions[k - 1], predictions[k]];
    if (before.length !== after.length || after.length === 0) {
      throw new ShapeError(
        `${rule}: expected predictions at the same designs, got ${before.length} and ${after.length}.`,
      );
    }
    let sum = 0;
    for (let i = 0; i < after.length; i++) sum += (after[i] - before[i]) * (after[i] - before[i]);
    changes.push(Math.sqrt(sum / after.length) / scale);
  }
  return settled(rule, changes, rounds, limit, "The predictions changed by");
}

/**
 * Stops when the design that would be recommended gets no better: its value changed over each of the last rounds by
 * less than the limit, over the outcome's scale.
 * @param best value of the recommended design after each round, the newest last
 * @param options `rounds` that must agree, `limit` as a share of the scale
 */
export function bestSettled(
  best: readonly number[],
  scale: number,
  { rounds = 5, limit = 0.01 }: SettledOptions = {},
): StopVerdict {
  const rule = "best settled";
  requireSettled(rule, scale, rounds, limit);
  const changes = best.slice(1).map((value, k) => Math.abs(value - best[k]) / scale);
  return settled(rule, changes, rounds, limit, "The best design changed by");
}

export interface SettledOptions {
  readonly rounds?: number;
  readonly limit?: number;
}

/**
 * Stops when no design can be much better than the best measured one: the best measured design at its worst is
 * compared with any design at its best, `width` standard deviations either way.
 * @param goal to minimise or maximise
 * @param measured n x dimension, n >= 1
 * @param space designs over the space, such as a Sobol sequence and the last proposals
 * @param options `limit`: least difference that matters, in the outcome's unit; `unit` is for the sentence
 * Source: A. Makarova et al., Automatic termination for hyperparameter optimization, AutoML 2022 (there width^2 =
 *   beta of GP-UCB).
 */
export function regretBound(
  goal: TargetGoal,
  belief: Belief,
  { measured, space }: { readonly measured: Matrix; readonly space: Matrix },
  {
    limit,
    width = 2,
    unit = "1",
  }: { readonly limit: number; readonly width?: number; readonly unit?: string },
): StopVerdict {
  const rule = "regret bound";
  requireAtLeast(rule, "a limit", limit, 0);
  requireAtLeast(rule, "a width", width, 0);
  if (goal.kind !== "minimise" && goal.kind !== "maximise") {
    throw new InputError(`${rule}: expected a goal to minimise or maximise, got ${goal.kind}.`);
  }
  if (measured.rows === 0) throw new InputError(`${rule}: expected a measured design, got none.`);
  const sign = goal.kind === "minimise" ? 1 : -1;
  /** Least loss over the rows, with every mean made worse by this many standard deviations. */
  const least = (rows: Matrix, worse: number): number => {
    const { mean, std } = belief.marginal(rows);
    return mean.reduce(
      (lowest, value, i) => Math.min(lowest, sign * value + worse * std[i]),
      Number.POSITIVE_INFINITY,
    );
  };
  const reached = least(measured, width);
  const possible = Math.min(least(space, -width), least(measured, -width));
  const value = Math.max(0, reached - possible);
  const stop = value <= limit;
  const of = unit === "1" ? "" : ` ${unit}`;
  return {
    rule,
    stop,
    value,
    limit,
    reason: `No design is believed to be better than the best measured one by more than ${formatNumber(
      value,
    )}${of}; ${stop ? "that does not matter" : "that may matter"}, as the limit is ${formatNumber(limit)}${of}.`,
  };
}

function settled(
  rule: string,
  changes: readonly number[],
  rounds: number,
  limit: number,
  what: string,
): StopVerdict {
  if (changes.length < rounds) {
    return {
      rule,
      stop: false,
      value: Number.POSITIVE_INFINITY,
      limit,
      reason: `${countOf(rounds, "change")} must be seen first, so far there are ${changes.length}.`,
    };
  }
  const value = Math.max(...changes.slice(-rounds));
  return {
    rule,
    stop: value < limit,
    value,
    limit,
    reason: `${what} at most ${percent(value)} of the scale in each of the last ${countOf(
      rounds,
      "round",
    )}; the limit is ${percent(limit)}.`,
  };
}

function requireSettled(rule: string, scale: number, rounds: number, limit: number): void {
  requireWhole(rule, "rounds", rounds, 1);
  requireAtLeast(rule, "a limit", limit, 0);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    throw new InputError(`${rule}: expected a finite scale above 0, got ${scale}.`);
  }
}

function requireAtLeast(rule: string, what: string, value: number, least: number): void {
  if (value >= least && value < Number.POSITIVE_INFINITY) return;
  throw new InputError(`${rule}: expected ${what} of ${least} or more, got ${value}.`);
}

function requireShare(rule: string, what: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new InputError(`${rule}: expected ${what} between 0 and 1, got ${value}.`);
}

import { exp } from "../../../core/elementary.ts";
import { UnsupportedError } from "../../../core/errors.ts";
import type { TargetGoal } from "../../objectives.ts";
import { normalTailInto, type NormalTail } from "./normal-tail.ts";

/**
 * The expected gap between a level and a loss that lies below it, E[(level - loss)+], with its derivatives by the
 * mean and standard deviation of the outcome. All are to be multiplied with exp(-exponent).
 */
export interface Gap {
  value: number;
  byMean: number;
  byStd: number;
  exponent: number;
}

/** One objective as a loss: a number in the outcome's unit to be made small. */
export interface Loss {
  readonly label: string;
  /** Which of the goals, hence which outcome. */
  readonly goal: number;
  /** Largest loss that is worth anything; null = not known. */
  readonly worst: number | null;
  /** Spread of the outcome: the unit in which a loss is small or large. */
  readonly scale: number;
  /** Loss of an outcome. */
  readonly of: (value: number) => number;
  /** Derivative of the loss by the outcome. */
  readonly slope: (value: number) => number;
  /** Writes the expected gap for an outcome that is normal with this mean and std (above 0). */
  gapInto(level: number, mean: number, std: number, out: Gap): void;
}

/**
 * The losses of all goals with an objective, in order: the outcome itself to minimise, its negative to maximise,
 * its distance from the wanted range to match.
 * @throws UnsupportedError unless there are `min` to `max` of them
 */
export function lossesOf(
  who: string,
  goals: readonly TargetGoal[],
  { min, max }: { readonly min: number; readonly max: number },
): readonly Loss[] {
  const losses: Loss[] = [];
  goals.forEach((goal, g) => {
    if (goal.kind === "minimise" || goal.kind === "maximise") losses.push(oneSided(goal, g));
    if (goal.kind === "match") losses.push(distance(goal, g));
  });
  if (losses.length < min || losses.length > max) {
    throw new UnsupportedError(
      `${who}: takes ${min} to ${max} objectives, the problem has ${losses.length}.`,
      { hint: losses.length < min ? "Take log-ei." : "Take parego." },
    );
  }
  return losses;
}

function oneSided({ label, kind, low, high, scale }: TargetGoal, goal: number): Loss {
  const sign = kind === "minimise" ? 1 : -1;
  const limit = kind === "minimise" ? high : low;
  const tail = emptyTail();
  return {
    label,
    goal,
    scale,
    worst: limit === null ? null : sign * limit,
    of: (value) => sign * value,
    slope: () => sign,
    gapInto(level, mean, std, out) {
      normalTailInto((level - sign * mean) / std, tail);
      out.value = std * tail.height;
      out.byMean = -sign * tail.cdf;
      out.byStd = tail.pdf;
      out.exponent = tail.exponent;
    },
  };
}

/**
 * The probability of a distance below t is that of an outcome between low - t and high + t; its integral up to the
 * level is a sum of four one-sided gaps. Seen from the nearer side (mirrored if need be), the first of them is the
 * largest, and no digits are lost far from the range.
 */
function distance({ label, low, high, scale }: TargetGoal, goal: number): Loss {
  const [from, to] = [low!, high!];
  const tail = emptyTail();
  return {
    label,
    goal,
    scale,
    worst: null,
    of: (value) => Math.max(0, from - value, value - to),
    slope: (value) => (value < from ? -1 : value > to ? 1 : 0),
    gapInto(level, mean, std, out) {
      out.value = 0;
      out.byMean = 0;
      out.byStd = 0;
      // A gap of 0 is below every other, whatever that one's exponent.
      out.exponent = Number.POSITIVE_INFINITY;
      if (!(level > 0)) return;
      const sign = mean + mean >= from + to ? 1 : -1;
      const [near, across] = sign > 0 ? [to, from] : [-from, -to];
      const places = [near + level, near, across - level, across];
      places.forEach((place, i) => {
        normalTailInto((place - sign * mean) / std, tail);
        if (i === 0) out.exponent = tail.exponent;
        const share = (i === 1 || i === 3 ? -1 : 1) * exp(out.exponent - tail.exponent);
        out.value += share * std * tail.height;
        out.byMean -= share * sign * tail.cdf;
        out.byStd += share * tail.pdf;
      });
      out.value = Math.max(0, out.value);
    },
  };
}

const emptyTail = (): NormalTail => ({ pdf: 0, cdf: 0, height: 0, exponent: 0 });

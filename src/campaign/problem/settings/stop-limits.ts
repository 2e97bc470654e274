import { InputError } from "../../../core/errors.ts";
import { convert, convertDifference, parseQuantity } from "../../../core/units.ts";
import type { Target } from "../../../space/contract.ts";
import type { ExperimentCost } from "./experiment-cost.ts";
import { locate } from "../locate.ts";
import type { ParsedProblemFile } from "../problem-file.ts";

/** When a campaign is to be ended, as the problem file says under `stop`. */
export interface StopLimits {
  /** Completed measurements that are paid for. */
  readonly measurements?: number;
  /** What all measurements together may cost, in the unit of the cost. */
  readonly cost?: number;
  /** Least expected gain of the next measurement that is worth it, in the unit of the objective. */
  readonly gain?: number;
  /** Most that any design may still be better than the best one, in the unit of the objective. */
  readonly possibleGain?: number;
  /** Chance with which a measured design is to meet every requirement. */
  readonly targetMet?: number;
  /** The best design changes by less than a share of the spread of what was measured, for some rounds. */
  readonly bestSettled?: SettledLimit;
  /** The model's predictions do. */
  readonly predictionsSettled?: SettledLimit;
}

export interface SettledLimit {
  readonly limit?: number;
  readonly rounds?: number;
}

/**
 * The limits of a problem file; undefined without any.
 * @throws InputError for one that the targets or the cost do not allow, or an amount of another dimension
 */
export function stopLimits(
  parsed: ParsedProblemFile,
  targets: readonly Target[],
  cost: ExperimentCost | undefined,
): StopLimits | undefined {
  const { stop } = parsed.content;
  if (stop === undefined) return undefined;
  const { measurements, cost: budget, gain, possibleGain, targetMet } = stop;
  const { bestSettled, predictionsSettled } = stop;
  const at = <T>(name: keyof typeof stop, read: () => T): T => locate(parsed, ["stop", name], read);
  if (targetMet !== undefined) at("targetMet", () => requireRequirement(targets));
  if (bestSettled !== undefined) at("bestSettled", () => objectiveOf(targets, "A best design"));
  return {
    ...(measurements === undefined ? {} : { measurements }),
    ...(budget === undefined ? {} : { cost: at("cost", () => budgetIn(budget, cost)) }),
    ...(gain === undefined
      ? {}
      : { gain: at("gain", () => gainIn(gain, targets, "A least gain")) }),
    ...(possibleGain === undefined
      ? {}
      : {
          possibleGain: at("possibleGain", () => gainIn(possibleGain, targets, "A possible gain")),
        }),
    ...(targetMet === undefined ? {} : { targetMet }),
    ...(bestSettled === undefined ? {} : { bestSettled: settledLimit(bestSettled) }),
    ...(predictionsSettled === undefined
      ? {}
      : { predictionsSettled: settledLimit(predictionsSettled) }),
  };
}

const settledLimit = ({
  limit,
  rounds,
}: {
  readonly limit?: number | undefined;
  readonly rounds?: number | undefined;
}): SettledLimit => ({
  ...(limit === undefined ? {} : { limit }),
  ...(rounds === undefined ? {} : { rounds }),
});

/** @throws InputError where no target can be met */
function requireRequirement(targets: readonly Target[]): void {
  if (targets.some(isRequirement)) return;
  throw new InputError("No target can be met: there is none with a limit.", {
    expected: "a target such as strength >= 800 MPa, or a class",
    received: targets.map(({ text }) => text).join(", "),
    hint: "Ask for a range or a class, or give an objective its worst acceptable value.",
  });
}

/** Whether a target asks for a limit or a class; one that wants a class as probable as possible does not. */
const isRequirement = (target: Target): boolean =>
  target.kind === "range" || (target.kind === "class" && target.direction === null);

function budgetIn(given: number | string, cost: ExperimentCost | undefined): number {
  if (cost === undefined) {
    throw new InputError("A limit on the cost needs to know what a measurement costs.", {
      expected: "cost: what one measurement costs",
      hint: "Add cost: 20 EUR + 3 EUR/h * time, or cost: 35 EUR.",
    });
  }
  const { unit } = cost;
  const amount = typeof given === "number" ? { value: given, unit } : parseQuantity(given);
  const value = convert(amount.value, amount.unit, unit);
  if (value > 0) return value;
  throw new InputError("What may be spent is above 0.", {
    expected: `an amount such as 2000 ${unit}`,
    received: String(given),
  });
}

/** The only number to minimise or maximise. */
function objectiveOf(targets: readonly Target[], what: string): Target {
  const objectives = targets.filter(({ kind }) => kind === "minimise" || kind === "maximise");
  const [objective] = objectives;
  if (objective !== undefined && objectives.length === 1) return objective;
  throw new InputError(`${what} needs one target to minimise or maximise.`, {
    expected: "one such target",
    received: objectives.map(({ text }) => text).join(", ") || "none",
    hint: "Give measurements: 40, which stops after so many.",
  });
}

function gainIn(gain: number | string, targets: readonly Target[], what: string): number {
  const { unit, property } = objectiveOf(targets, what);
  const amount = typeof gain === "number" ? { value: gain, unit } : parseQuantity(gain);
  const value = convertDifference(amount.value, amount.unit, unit);
  if (value > 0) return value;
  throw new InputError(`${what} is above 0.`, {
    expected: `an amount of "${property}", such as 2 ${unit}`,
    received: String(gain),
  });
}

import { InputError } from "../core/errors.ts";
import { convertDifference, parseQuantity } from "../core/units.ts";
import type { Target } from "../space/contract.ts";
import { locate } from "./locate.ts";
import type { ParsedProblemFile } from "./problem-file.ts";

/** When a campaign is to be ended, as the problem file says under `stop`. */
export interface StopLimits {
  /** Completed measurements that are paid for. */
  readonly measurements?: number;
  /** Least expected gain of the next measurement that is worth it, in the unit of the objective. */
  readonly gain?: number;
}

/**
 * The limits of a problem file; undefined without any.
 * @throws InputError for a gain without exactly one number to minimise or maximise, or of another dimension
 */
export function stopLimits(
  parsed: ParsedProblemFile,
  targets: readonly Target[],
): StopLimits | undefined {
  const { stop } = parsed.content;
  if (stop === undefined) return undefined;
  const { measurements, gain } = stop;
  return {
    ...(measurements === undefined ? {} : { measurements }),
    ...(gain === undefined
      ? {}
      : { gain: locate(parsed, ["stop", "gain"], () => gainIn(gain, targets)) }),
  };
}

function gainIn(gain: number | string, targets: readonly Target[]): number {
  const objectives = targets.filter(({ kind }) => kind === "minimise" || kind === "maximise");
  const [objective] = objectives;
  if (objective === undefined || objectives.length > 1) {
    throw new InputError("A least gain needs one target to minimise or maximise.", {
      expected: "one such target",
      received: objectives.map(({ text }) => text).join(", ") || "none",
      hint: "Give measurements: 40, which stops after so many.",
    });
  }
  const { unit } = objective;
  const amount = typeof gain === "number" ? { value: gain, unit } : parseQuantity(gain);
  const value = convertDifference(amount.value, amount.unit, unit);
  if (value > 0) return value;
  throw new InputError("A least gain is above 0.", {
    expected: `an amount of "${objective.property}", such as 2 ${unit}`,
    received: String(gain),
  });
}

import { InputError } from "../../../core/errors.ts";
import type { ContinuousParameter, DiscreteParameter } from "../../../space/contract.ts";

/** Most values that a numeric parameter may take; finer ranges are continuous. */
const mostValues = 10_000;

/** A range in the parameter's unit. */
export interface NumericRange {
  readonly name: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number | undefined;
}

/**
 * A range as parameter: continuous, or the values at its steps.
 * @throws InputError with the place for min above max and a step that does not fit
 */
export function numericParameter(
  { name, unit, min, max, step }: NumericRange,
  path: string,
): ContinuousParameter | DiscreteParameter {
  if (min > max) {
    throw new InputError(`The smallest value of "${name}" is above its largest.`, {
      path,
      expected: "min <= max",
      received: `min ${min}, max ${max} ${unit}`,
    });
  }
  if (min === max) return { kind: "discrete", name, unit, values: [min] };
  if (step === undefined) return { kind: "continuous", name, unit, min, max };
  const steps = step > 0 ? Math.floor((max - min) / step + 1e-9) : 0;
  if (steps < 1 || steps >= mostValues) {
    throw new InputError(`The step of "${name}" does not fit between its min and max.`, {
      path,
      expected: `1 to ${mostValues - 1} steps between ${min} and ${max} ${unit}`,
      received: `step ${step}`,
      hint: "Leave the step out for a continuous range.",
    });
  }
  const values = Array.from({ length: steps + 1 }, (_, i) => min + i * step);
  return { kind: "discrete", name, unit, values };
}

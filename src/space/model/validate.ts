import { InfeasibleError, InputError } from "../../core/errors.ts";
import type {
  CategoricalParameter,
  CompositionParameter,
  ContinuousParameter,
  DiscreteParameter,
  Parameter,
} from "../contract.ts";
import { TOLERANCE } from "./tolerance.ts";
import { validateDescriptors } from "./validate-descriptors.ts";

/** How many grid steps make one; 0 for continuous fractions. */
export function gridOf(composition: CompositionParameter): number {
  return composition.step === undefined ? 0 : Math.round(1 / composition.step);
}

/** A number as a person writes it: 0.35, not 0.35000000000000003. */
export const plain = (value: number): string => String(Number(value.toPrecision(12)));

/** To six significant digits, so that the stated number is still enough. */
export function roundOutward(value: number, round: (x: number) => number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Number(value.toExponential().split("e")[1]);
  const scale = Number(`1e${5 - exponent}`);
  const scaled = value * scale;
  // A value that is already round stays as it is.
  const near = Math.round(scaled);
  return (Math.abs(scaled - near) < 1e-6 ? near : round(scaled)) / scale;
}

/**
 * Checks every parameter by itself and their names together.
 * @throws InputError naming parameter, expectation and value
 * @throws InfeasibleError when the fractions of a composition cannot sum to one
 */
export function validateParameters(parameters: readonly Parameter[]): void {
  const seen = new Set<string>();
  const claim = (label: string): void => {
    if (seen.has(label)) {
      throw new InputError(`space: the name "${label}" is used twice.`, { received: label });
    }
    seen.add(label);
  };
  if (parameters.length === 0) {
    throw new InputError("space: expected at least one parameter, got none.");
  }
  if (parameters.filter((parameter) => parameter.kind === "composition").length > 1) {
    throw new InputError("space: expected at most one composition, got more.");
  }
  for (const parameter of parameters) {
    if (parameter.name.trim() === "") throw new InputError("space: a parameter has no name.");
    claim(parameter.name);
    if (parameter.kind === "composition") {
      for (const { symbol } of parameter.elements) claim(symbol);
      validateComposition(parameter);
    } else if (parameter.kind === "continuous") validateContinuous(parameter);
    else validateList(parameter);
  }
}

function validateContinuous({ name, min, max, unit, zeroOr }: ContinuousParameter): void {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new InputError(
      `parameter "${name}": expected finite min and max, got ${min} and ${max}.`,
    );
  }
  if (min > max) {
    throw new InputError(
      `parameter "${name}": min ${plain(min)} ${unit} is above max ${plain(max)} ${unit}.`,
      {
        expected: "min <= max",
        received: `min ${plain(min)}, max ${plain(max)}`,
      },
    );
  }
  if (zeroOr === true) refuseZeroOr(name, min);
}

/** What stands in the way of a number that is absent or at least its smallest value. */
function refuseZeroOr(name: string, min: number): void {
  if (min > 0) return;
  throw new InputError(
    `parameter "${name}": expected a min above 0 beside zeroOr, got ${plain(min)}.`,
    { hint: "Leave zeroOr out: 0 is in the range." },
  );
}

function validateList(parameter: DiscreteParameter | CategoricalParameter): void {
  const { name, values } = parameter;
  if (values.length === 0)
    throw new InputError(`parameter "${name}": expected at least one value.`);
  const texts = values.map(String);
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) {
    throw new InputError(`parameter "${name}": the value ${twice} is listed twice.`);
  }
  if (parameter.kind === "discrete" && !parameter.values.every(Number.isFinite)) {
    throw new InputError(`parameter "${name}": expected finite numbers, got ${texts.join(", ")}.`);
  }
  if (parameter.kind === "categorical") validateDescriptors(parameter);
}

function validateComposition(composition: CompositionParameter): void {
  const { name, elements, step, count } = composition;
  const where = `composition "${name}"`;
  if (elements.length === 0) throw new InputError(`${where}: expected at least one element.`);
  if (step !== undefined) {
    if (!(step > 0 && step <= 1)) {
      throw new InputError(`${where}: expected a step above 0 and up to 1, got ${step}.`);
    }
    const steps = Math.round(1 / step);
    if (Math.abs(steps * step - 1) > TOLERANCE) {
      throw new InputError(`${where}: the step ${step} does not divide one into whole steps.`, {
        expected: "a step such as 0.01, 0.005 or 0.05",
        received: String(step),
        hint: `The nearest step that does is ${plain(1 / steps)}.`,
      });
    }
  }
  for (const { symbol, min, max } of elements) {
    const here = `${where}, element ${symbol}`;
    if (!Number.isFinite(min) || !Number.isFinite(max)) {
      throw new InputError(`${here}: expected numbers as min and max, got ${min} and ${max}.`);
    }
    if (min < 0 || max > 1) {
      throw new InputError(
        `${here}: expected fractions between 0 and 1, got ${plain(min)} to ${plain(max)}.`,
        max > 1 ? { hint: "Fractions are atomic shares of one: write 0.35 for 35 at%." } : {},
      );
    }
    if (min > max) {
      throw new InputError(`${here}: min ${plain(min)} is above max ${plain(max)}.`, {
        expected: "min <= max",
        received: `min ${plain(min)}, max ${plain(max)}`,
      });
    }
    if (step !== undefined) {
      for (const bound of [min, max]) {
        const units = bound / step;
        if (Math.abs(units - Math.round(units)) * step > TOLERANCE) {
          throw new InputError(`${here}: ${plain(bound)} is not a multiple of the step ${step}.`, {
            hint: `The nearest multiples are ${plain(Math.floor(units) * step)} and ${plain(Math.ceil(units) * step)}.`,
          });
        }
      }
    }
  }
  if (count !== undefined) validateCount(where, count, elements.length);
  refuseWrongSums(composition);
}

function validateCount(
  where: string,
  count: { readonly min: number; readonly max: number },
  elements: number,
): void {
  const { min, max } = count;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0) {
    throw new InputError(`${where}: expected whole numbers as count, got ${min} to ${max}.`);
  }
  if (min > max) throw new InputError(`${where}: count min ${min} is above max ${max}.`);
  if (min > elements) {
    throw new InputError(
      `${where}: count min ${min} is above the number of elements, ${elements}.`,
    );
  }
}

/** The cheap part of feasibility, with a message of its own: bounds and counts against the sum of one. */
function refuseWrongSums(composition: CompositionParameter): void {
  const { name, elements, count } = composition;
  const most = Math.min(count?.max ?? elements.length, elements.length);
  const required = elements.filter((element) => element.required === true && element.max > 0);
  const largest =
    required.reduce((sum, element) => sum + element.max, 0) +
    elements
      .filter((element) => element.required !== true)
      .map((element) => element.max)
      .sort((a, b) => b - a)
      .slice(0, Math.max(0, most - required.length))
      .reduce((sum, max) => sum + max, 0);
  const least = Math.max(count?.min ?? 0, required.length);
  const smallest =
    required.reduce((sum, element) => sum + element.min, 0) +
    elements
      .filter((element) => element.required !== true)
      .map((element) => element.min)
      .sort((a, b) => a - b)
      .slice(0, Math.max(0, least - required.length))
      .reduce((sum, min) => sum + min, 0);
  const bounds = `composition "${name}": ${describeRanges(composition)}`;
  const limits =
    count === undefined ? [bounds] : [bounds, `composition "${name}": ${describeCount(count)}`];
  if (largest < 1 - TOLERANCE) {
    throw new InfeasibleError(
      `composition "${name}": the fractions cannot sum to one, the largest possible sum is ${plain(largest)}.`,
      [
        {
          constraints: limits,
          relaxations: [
            `raise the upper bounds by ${plain(1 - largest)} in total, or allow more elements`,
          ],
        },
      ],
      { hint: "Raise max, allow more elements, or raise the largest count." },
    );
  }
  if (smallest > 1 + TOLERANCE) {
    throw new InfeasibleError(
      `composition "${name}": the fractions cannot sum to one, the smallest possible sum is ${plain(smallest)}.`,
      [
        {
          constraints: limits,
          relaxations: [
            `lower the lower bounds by ${plain(smallest - 1)} in total, or require fewer elements`,
          ],
        },
      ],
      { hint: "Lower min, require fewer elements, or lower the smallest count." },
    );
  }
}

/** `4 to 6 elements present`. */
export function describeCount({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): string {
  if (min === max) return `exactly ${min} elements present`;
  return `${min} to ${max} elements present`;
}

/** `Al, Ti: 0.05 to 0.35 or absent; V: 0.1 to 0.2`. */
export function describeRanges(composition: CompositionParameter): string {
  const groups = new Map<string, string[]>();
  for (const element of composition.elements) {
    const range = describeRange(element);
    groups.set(range, [...(groups.get(range) ?? []), element.symbol]);
  }
  return [...groups].map(([range, symbols]) => `${symbols.join(", ")}: ${range}`).join("; ");
}

/** `0.05 to 0.35 or absent`. */
export function describeRange(element: {
  readonly min: number;
  readonly max: number;
  readonly required?: boolean;
}): string {
  const { min, max } = element;
  const range = min === max ? plain(min) : `${plain(min)} to ${plain(max)}`;
  return min > 0 && element.required !== true ? `${range} or absent` : range;
}

import { InputError } from "../../../core/errors.ts";
import { shortNumber } from "../../../core/format.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { convert, parseQuantity } from "../../../core/units.ts";
import type { ProcessParameter } from "../parameters/process-parameters.ts";

/** A numeric parameter whose other values are cheaper, rougher versions of the experiment at `target`. */
export interface Fidelity {
  readonly parameter: string;
  /** In the parameter's unit. */
  readonly target: number;
}

/**
 * Reads `fidelity: { parameter: mesh, target: 5 um }`.
 * @throws InputError for a name that is no number that every design has, and a target that it does not take
 */
export function readFidelity(
  {
    parameter: name,
    target: given,
  }: { readonly parameter: string; readonly target: number | string },
  process: readonly ProcessParameter[],
): Fidelity {
  const numbers = process.flatMap((one) =>
    one.kind === "categorical" || one.when !== undefined ? [] : [one],
  );
  const parameter = numbers.find((one) => one.name === name);
  if (parameter === undefined) {
    const names = numbers.map((one) => one.name);
    throw new InputError(`The fidelity "${name}" is no numeric parameter that every design has.`, {
      path: "fidelity.parameter",
      expected: names.join(", ") || "a parameter under space.parameters",
      received: name,
      hint: suggest(name, names),
    });
  }
  const { unit } = parameter;
  const amount = typeof given === "number" ? { value: given, unit } : parseQuantity(given);
  const target = convert(amount.value, amount.unit, unit);
  const isTaken =
    parameter.kind === "discrete"
      ? parameter.values.includes(target)
      : target >= parameter.min && target <= parameter.max;
  if (isTaken) return { parameter: name, target };
  throw new InputError(`The target of the fidelity "${name}" is no value of it.`, {
    path: "fidelity.target",
    expected:
      parameter.kind === "discrete"
        ? `one of ${parameter.values.map((value) => shortNumber(value)).join(", ")}`
        : `${shortNumber(parameter.min)} to ${shortNumber(parameter.max)} ${unit}`,
    received: String(given),
  });
}

import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { isAllowedFraction, isAllowedValue } from "./feasibility.ts";
import type { Model } from "./model.ts";
import { describeRange, plain } from "./validate.ts";

/**
 * Columns and their values for names and values as people give them: numbers, words of categories.
 * @throws InputError for a name without a column, and a value that its parameter does not allow
 */
export function fixedColumns(
  model: Model,
  values: Readonly<Record<string, number | string>>,
): Map<number, number> {
  const result = new Map<number, number>();
  for (const [name, value] of Object.entries(values)) {
    const column = model.columns.findIndex(({ label }) => label === name);
    if (column < 0) {
      throw new InputError(`withFixed: the space has no parameter or element "${name}".`, {
        received: name,
        hint: suggest(
          name,
          model.columns.map(({ label }) => label),
        ),
      });
    }
    result.set(column, allowedValue(model, name, column, value));
  }
  return result;
}

function allowedValue(model: Model, name: string, column: number, value: number | string): number {
  const refuse = (expected: string, hint = ""): InputError =>
    new InputError(`withFixed: "${name}" cannot be ${JSON.stringify(value)}.`, {
      path: name,
      expected,
      received: JSON.stringify(value),
      ...(hint === "" ? {} : { hint }),
    });
  const { composition } = model;
  const element = composition?.elements[column];
  if (composition !== null && element !== undefined) {
    if (typeof value === "number" && isAllowedFraction(composition, column, value)) return value;
    throw refuse(describeRange(composition.parameter.elements[column]!));
  }
  const parameter = model.spec.parameters.find((one) => one.name === name)!;
  const other = model.others.find((one) => one.column === column)!;
  if (parameter.kind === "categorical") {
    const index = parameter.values.indexOf(String(value));
    if (index >= 0 && isAllowedValue(other, index)) return index;
    throw refuse(parameter.values.join(", "), suggest(String(value), parameter.values));
  }
  const isNumber = typeof value === "number" && Number.isFinite(value);
  if (isNumber && isAllowedValue(other, value)) {
    if (other.kind === "continuous") return Math.min(other.max, Math.max(other.min, value));
    return other.values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
  }
  throw refuse(
    other.kind === "finite"
      ? other.values.map(plain).join(", ")
      : `${plain(other.min)} to ${plain(other.max)}`,
  );
}

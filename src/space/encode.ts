import { InputError, ShapeError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { canonicalValue, isConditional } from "./model/activity.ts";
import type { Design, Fractions, ParameterValue } from "./contract.ts";
import { settle } from "./model/feasibility.ts";
import type { Model } from "./model/model.ts";
import { TOLERANCE } from "./model/tolerance.ts";

/**
 * The row of a design. It need not be feasible, so that measured designs can be encoded too. Parameters
 * that it does not have for want of their conditions may be left out; what is said of them is not kept.
 * @throws InputError for parameters that are missing or unknown, unknown elements or categories, and
 *   numbers that are not finite; a fraction must not be negative
 */
export function encodeDesign(model: Model, design: Design): Float64Array {
  const { parameters } = model.spec;
  const names = parameters.map(({ name }) => name);
  for (const name of Object.keys(design)) {
    if (!names.includes(name)) {
      throw new InputError(`encode: the space has no parameter "${name}".`, {
        received: name,
        hint: suggest(name, names),
      });
    }
  }
  const row = new Float64Array(model.columns.length);
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = design[name];
    if (value === undefined && isConditional(parameter)) {
      row[model.columns.findIndex(({ label }) => label === name)] = canonicalValue(parameter);
      continue;
    }
    if (value === undefined) {
      throw new InputError(`encode: the design has no "${name}".`, { path: name });
    }
    if (parameter.kind === "composition") {
      encodeFractions(model, name, value, row);
      continue;
    }
    const column = model.columns.findIndex(({ label }) => label === name);
    if (parameter.kind === "categorical") {
      const index = parameter.values.indexOf(value as string);
      if (index < 0) {
        throw new InputError(`encode: "${name}" cannot be ${JSON.stringify(value)}.`, {
          path: name,
          expected: parameter.values.join(", "),
          received: JSON.stringify(value),
          hint: typeof value === "string" ? suggest(value, parameter.values) : "",
        });
      }
      row[column] = index;
    } else {
      row[column] = finiteNumber(name, value);
    }
  }
  for (const { column, isActive } of model.conditionals) {
    const { label } = model.columns[column]!;
    if (design[label] !== undefined || !isActive(row)) continue;
    throw new InputError(`encode: the design has no "${label}".`, { path: label });
  }
  settle(model, row);
  return row;
}

function encodeFractions(
  model: Model,
  name: string,
  value: ParameterValue,
  row: Float64Array,
): void {
  if (typeof value !== "object") {
    throw new InputError(
      `encode: "${name}" must be fractions by element, got ${JSON.stringify(value)}.`,
    );
  }
  const symbols = model.composition!.elements.map(({ symbol }) => symbol);
  for (const [symbol, fraction] of Object.entries(value)) {
    const i = symbols.indexOf(symbol);
    if (i < 0) {
      throw new InputError(`encode: the composition "${name}" has no element ${symbol}.`, {
        path: `${name}.${symbol}`,
        received: symbol,
        hint: suggest(symbol, symbols),
      });
    }
    row[i] = finiteNumber(`${name}.${symbol}`, fraction);
    if (row[i] < 0) {
      throw new InputError(`encode: the fraction of ${symbol} is ${fraction}, below 0.`);
    }
  }
}

function finiteNumber(path: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new InputError(`encode: "${path}" must be a finite number, got ${JSON.stringify(value)}.`, {
    path,
  });
}

/**
 * The design of a row: absent elements and parameters without their conditions left out, fractions on the grid as their shortest decimals.
 * @throws ShapeError for a row of the wrong length; InputError for a category out of range
 */
export function decodeRow(model: Model, row: ArrayLike<number>): Design {
  if (row.length !== model.columns.length) {
    throw new ShapeError(`decode: expected ${model.columns.length} numbers, got ${row.length}.`);
  }
  const design: Record<string, ParameterValue> = {};
  for (const parameter of model.spec.parameters) {
    if (parameter.kind === "composition") {
      design[parameter.name] = decodeFractions(model, row);
      continue;
    }
    const column = model.columns.findIndex(({ label }) => label === parameter.name);
    const conditional = model.conditionals.find((one) => one.column === column);
    if (conditional !== undefined && !conditional.isActive(row)) continue;
    const value = row[column]!;
    if (parameter.kind !== "categorical") design[parameter.name] = value;
    else {
      const word = parameter.values[value];
      if (word === undefined) {
        throw new InputError(`decode: ${value} is no category of "${parameter.name}".`);
      }
      design[parameter.name] = word;
    }
  }
  return design;
}

function decodeFractions(model: Model, row: ArrayLike<number>): Fractions {
  const { elements, grid } = model.composition!;
  const fractions: Record<string, number> = {};
  elements.forEach(({ symbol }, i) => {
    const x = row[i]!;
    if (Math.abs(x) <= TOLERANCE) return;
    const clean = grid > 0 ? Math.round(x * grid) / grid : x;
    fractions[symbol] = Math.abs(clean - x) <= TOLERANCE ? clean : x;
  });
  return fractions;
}

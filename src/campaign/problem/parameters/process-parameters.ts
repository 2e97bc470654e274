import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { convert, parseQuantity } from "../../../core/units.ts";
import type { Table, TableColumn } from "../../../data/contract.ts";
import { columnsWithRole } from "../../../data/table.ts";
import type {
  CategoricalParameter,
  ContinuousParameter,
  DiscreteParameter,
} from "../../../space/contract.ts";
import { numericParameter } from "./numeric-parameter.ts";
import type { ProcessValue } from "../problem-file.ts";

/** A parameter that is not the composition. */
export type ProcessParameter = CategoricalParameter | ContinuousParameter | DiscreteParameter;

/**
 * Turns `space.process` of a problem file into parameters, in the units of the data's columns.
 * @throws InputError for a name that is not a process variable of the data, a word that never occurs
 *   there, or a unit of the wrong dimension; `details.path` is the place in the problem file
 */
export function processParameters(
  settings: Readonly<Record<string, ProcessValue>>,
  table: Table,
): ProcessParameter[] {
  const known = columnsWithRole(table, "process");
  return Object.entries(settings).map(([name, value]) => {
    const path = `space.process.${name}`;
    const column = known.find((one) => one.name === name);
    if (column === undefined) {
      throw new InputError(`"${name}" is not a process variable of ${table.source}.`, {
        path,
        hint: suggest(
          name,
          known.map((one) => one.name),
        ),
      });
    }
    return column.kind === "text" ? categorical(column, value, path) : numeric(column, value, path);
  });
}

function categorical(
  column: Extract<TableColumn, { kind: "text" }>,
  value: ProcessValue,
  path: string,
): ProcessParameter {
  const levels = [...new Set(column.values.filter((one) => one !== null))].sort();
  if (typeof value === "object" && !Array.isArray(value)) {
    throw new InputError(`"${column.name}" holds words, so it cannot have a min and a max.`, {
      path,
      expected: `one or several of ${levels.join(", ")}`,
    });
  }
  const values = [...new Set((Array.isArray(value) ? value : [value]).map(String))];
  for (const word of values) {
    if (!levels.includes(word)) {
      throw new InputError(`"${word}" does not occur in "${column.name}" of the data.`, {
        path,
        expected: `one or several of ${levels.join(", ")}`,
        received: word,
        hint: suggest(word, levels),
      });
    }
  }
  return { kind: "categorical", name: column.name, values };
}

function numeric(
  column: Extract<TableColumn, { kind: "number" }>,
  value: ProcessValue,
  path: string,
): ProcessParameter {
  const { name, unit } = column;
  const read = (amount: number | string): number => {
    if (typeof amount === "number") return amount;
    try {
      const quantity = parseQuantity(amount);
      return convert(quantity.value, quantity.unit, unit);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`"${amount}" is not a value of "${name}": ${error.message}`, {
        ...error.details,
        path,
        expected: `a number in ${unit}, or with a unit that converts to it`,
      });
    }
  };
  if (typeof value !== "object") return { kind: "discrete", name, unit, values: [read(value)] };
  if (Array.isArray(value))
    return { kind: "discrete", name, unit, values: [...new Set(value.map(read))] };
  const [min, max] = [read(value.min), read(value.max)];
  return numericParameter({ name, unit, min, max, step: value.step }, path);
}

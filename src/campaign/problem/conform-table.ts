import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { converter, isSameDimension } from "../../core/units.ts";
import type { NumberColumn, Role, Table, TableColumn } from "../../data/contract.ts";
import { snakeCase } from "../../data/headers.ts";
import { findColumn, textAt } from "../../data/table.ts";
import { activities, canonicalValue, isConditional } from "../../space/model/activity.ts";
import type { Condition } from "../../space/contract.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { propertySpec, type Dataset } from "../dataset.ts";
import { pathText } from "./problem-file.ts";
import type { ProcessParameter } from "./parameters/process-parameters.ts";

/** What a problem file declares by itself, to be found again in its data. */
export interface DeclaredNames {
  readonly parameters: readonly ProcessParameter[];
  readonly outcomes: readonly PropertySpec[];
  readonly ingredients: readonly string[];
}

/**
 * The data with the columns of declared parameters, outcomes and ingredients in their roles, under
 * their names and in their units. A column goes by its name, its header, or its name in lower case with
 * underscores; one without a unit is taken to be in the declared one. A parameter that the problem holds at one value may
 * be missing: all rows count as measured there, which a note says.
 * @throws InputError with the place in the problem file for what the data lack or hold in another kind
 */
export function conformDataset(dataset: Dataset, declared: DeclaredNames): Dataset {
  const { table } = dataset;
  const changed = new Map<TableColumn, TableColumn>();
  const added: TableColumn[] = [];
  for (const parameter of declared.parameters) {
    const path = pathText(["space", "parameters", parameter.name]);
    const held =
      columnFor(table, parameter.name) === undefined ? heldColumn(table, parameter) : null;
    if (held !== null) {
      added.push(held);
      continue;
    }
    const column = required(table, parameter.name, path);
    changed.set(column, parameterColumn(table, column, parameter, path));
  }
  for (const name of declared.ingredients) {
    const path = pathText(["space", "mixture", "ingredients"]);
    const column = required(table, name, path);
    changed.set(
      column,
      inUnit(table, column, { name, unit: "1", role: { kind: "process" } }, path),
    );
  }
  for (const outcome of declared.outcomes) {
    const column = columnFor(table, outcome.name);
    if (column !== undefined) changed.set(column, outcomeColumn(table, column, outcome));
  }
  if (changed.size + added.length === 0) return dataset;
  const columns = [...table.columns.map((column) => changed.get(column) ?? column), ...added];
  const notes = [...(table.notes ?? []), ...added.map(heldNote)];
  return { ...dataset, table: { ...table, columns, notes } };
}

/** The column of a parameter that the problem holds at one value and the table does not mention; null for others. */
function heldColumn(table: Table, parameter: ProcessParameter): TableColumn | null {
  const { name } = parameter;
  const base = {
    header: name,
    name,
    role: { kind: "process" },
    reason: "held by the problem",
  } as const;
  if (parameter.kind === "categorical") {
    const [word, ...others] = parameter.values;
    if (word === undefined || others.length > 0) return null;
    return { ...base, kind: "text", values: Array<string>(table.rows).fill(word) };
  }
  const [least, most] =
    parameter.kind === "continuous"
      ? [parameter.min, parameter.max]
      : [Math.min(...parameter.values), Math.max(...parameter.values)];
  if (least !== most) return null;
  const values = new Float64Array(table.rows).fill(least);
  return { ...base, kind: "number", unit: parameter.unit, values };
}

const heldNote = (column: TableColumn): string =>
  `"${column.name}" is not in the table: all rows count as measured at ${textAt(column, 0)}${column.kind === "number" && column.unit !== "1" ? ` ${column.unit}` : ""}, as the problem holds it.`;

const columnFor = (table: Table, name: string): TableColumn | undefined =>
  findColumn(table, name) ?? findColumn(table, snakeCase(name));

function required(table: Table, name: string, path: string): TableColumn {
  const column = columnFor(table, name);
  if (column !== undefined) return column;
  throw new InputError(`${table.source} has no column for "${name}".`, {
    path,
    expected: `a column named ${name}`,
    received: table.columns.map((one) => one.header).join(", "),
    hint: suggest(
      name,
      table.columns.map((one) => one.name),
    ),
  });
}

function parameterColumn(
  table: Table,
  column: TableColumn,
  parameter: ProcessParameter,
  path: string,
): TableColumn {
  const role: Role = { kind: "process" };
  const { name } = parameter;
  if (parameter.kind !== "categorical")
    return inUnit(table, column, { name, unit: parameter.unit, role }, path);
  const values =
    column.kind === "text"
      ? column.values
      : Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  const { header } = column;
  return { kind: "text", header, name, role, reason: "declared as a parameter", values };
}

function outcomeColumn(table: Table, column: TableColumn, outcome: PropertySpec): TableColumn {
  const path = pathText(["outcomes", outcome.name]);
  const role: Role = { kind: "property" };
  const { name } = outcome;
  if (outcome.kind === "number") {
    const result = inUnit(table, column, { name, unit: outcome.unit, role }, path);
    if (propertySpec(result).kind === "number") return result;
    throw new InputError(
      `"${name}" is declared as a number, and ${table.source} has only 0 and 1.`,
      {
        path,
        hint: `Declare classes: ${name}: [0, 1].`,
      },
    );
  }
  const values =
    column.kind === "text"
      ? column.values
      : Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  const strange = values.find((word) => word !== null && !outcome.classes.includes(word));
  if (strange !== undefined) {
    throw new InputError(`"${name}" has the class "${strange}" in ${table.source}.`, {
      path,
      expected: outcome.classes.join(", "),
      received: String(strange),
      hint: suggest(String(strange), outcome.classes),
    });
  }
  const { header } = column;
  return { kind: "text", header, name, role, reason: "declared as an outcome", values };
}

/** A column of numbers under another name, in another unit. */
function inUnit(
  table: Table,
  column: TableColumn,
  { name, unit, role }: { readonly name: string; readonly unit: string; readonly role: Role },
  path: string,
): NumberColumn {
  const { header } = column;
  const reason = "declared in the problem file";
  if (column.kind === "text" && column.values.every((value) => value === null)) {
    // A column without any value does not tell of what kind it is.
    const values = new Float64Array(table.rows).fill(Number.NaN);
    return { kind: "number", header, name, role, reason, unit, values };
  }
  if (column.kind === "text") {
    throw new InputError(
      `"${name}" is a number, and column "${header}" of ${table.source} is not.`,
      {
        path,
        expected: "a column of numbers",
        received: `texts such as "${column.values.find((text) => text !== null) ?? ""}"`,
      },
    );
  }
  const own = column.unit === "1" ? unit : column.unit;
  if (!isSameDimension(own, unit)) {
    throw new InputError(
      `"${name}" is in ${unit}, and column "${header}" of ${table.source} in ${own}.`,
      {
        path,
        expected: `a unit that converts to ${unit}`,
        received: own,
      },
    );
  }
  const values = own === unit ? column.values : column.values.map(converter(own, unit));
  return {
    kind: "number",
    header,
    name,
    role,
    reason,
    unit,
    values,
  };
}

/**
 * The data with the canonical value of conditional parameters in rows that do not have them, as encoded
 * designs have it, so that such rows are not taken for incomplete.
 */
export function settleDataset(dataset: Dataset, parameters: readonly ProcessParameter[]): Dataset {
  const conditional = parameters.filter(isConditional);
  if (conditional.length === 0) return dataset;
  const { table } = dataset;
  const active = activities(parameters);
  const columns = table.columns.map((column): TableColumn => {
    const parameter = conditional.find(({ name }) => name === column.name);
    if (parameter === undefined) return column;
    const lists = active.get(parameter.name)!;
    const isActive = (row: number): boolean =>
      lists.some((list) => list.every((condition) => holdsAt(table, condition, row)));
    const canonical = canonicalValue(parameter);
    if (column.kind === "number") {
      const values = column.values.map((value, row) => (isActive(row) ? value : canonical));
      return { ...column, values };
    }
    const word = parameter.kind === "categorical" ? parameter.values[canonical]! : null;
    return { ...column, values: column.values.map((value, row) => (isActive(row) ? value : word)) };
  });
  return { ...dataset, table: { ...table, columns } };
}

/** Whether a condition holds for a row of the data; not where the value is missing. */
function holdsAt(table: Table, condition: Condition, row: number): boolean {
  const name =
    condition.kind === "compare"
      ? condition.column
      : condition.kind === "is"
        ? condition.parameter
        : condition.element;
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) return false;
  if (condition.kind === "is") return condition.values.includes(textAt(column, row));
  if (column.kind === "text") return false;
  const value = column.values[row]!;
  if (condition.kind === "present") return value > 0;
  if (condition.kind === "absent") return !(value > 0);
  const { relation, bound } = condition;
  if (relation === "<=") return value <= bound;
  if (relation === "<") return value < bound;
  return relation === ">=" ? value >= bound : value > bound;
}

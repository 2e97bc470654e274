import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { converter, isSameDimension } from "../core/units.ts";
import type { NumberColumn, Role, Table, TableColumn } from "../data/contract.ts";
import { snakeCase } from "../data/headers.ts";
import { findColumn } from "../data/table.ts";
import type { PropertySpec } from "../surrogates/forward-model.ts";
import { propertySpec, type Dataset } from "./dataset.ts";
import { pathText } from "./problem-file.ts";
import type { ProcessParameter } from "./process-parameters.ts";

/** What a problem file declares by itself, to be found again in its data. */
export interface DeclaredNames {
  readonly parameters: readonly ProcessParameter[];
  readonly outcomes: readonly PropertySpec[];
  readonly ingredients: readonly string[];
}

/**
 * The data with the columns of declared parameters, outcomes and ingredients in their roles, under
 * their names and in their units. A column goes by its name, its header, or its name in lower case with
 * underscores; one without a unit is taken to be in the declared one.
 * @throws InputError with the place in the problem file for what the data lack or hold in another kind
 */
export function conformDataset(dataset: Dataset, declared: DeclaredNames): Dataset {
  const { table } = dataset;
  const changed = new Map<TableColumn, TableColumn>();
  for (const parameter of declared.parameters) {
    const path = pathText(["space", "parameters", parameter.name]);
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
  if (changed.size === 0) return dataset;
  const columns = table.columns.map((column) => changed.get(column) ?? column);
  return { ...dataset, table: { ...table, columns } };
}

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

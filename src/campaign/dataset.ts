import type { Provenance, Table, TableColumn } from "../data/contract.ts";
import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import type { PropertySpec } from "../surrogates/forward-model.ts";

/** A table ready for use, with where it came from. */
export interface Dataset {
  /** Name of a shipped set, or the file. */
  readonly name: string;
  readonly table: Table;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
  /** Absent for a user's own file. */
  readonly provenance?: Provenance;
}

/** Columns of one role. */
export function columnsOf(table: Table, role: TableColumn["role"]["kind"]): TableColumn[] {
  return table.columns.filter((column) => column.role.kind === role);
}

/**
 * The property column of this name.
 * @throws InputError with the nearest name
 */
export function propertyColumn(table: Table, name: string): TableColumn {
  const properties = columnsOf(table, "property");
  const column = properties.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new InputError(`There is no property "${name}" in ${table.source}.`, {
    file: table.source,
    received: name,
    hint: suggest(name, properties.map((one) => one.name)),
  });
}

/** A measured property as the rest of the engine sees it; a text or a 0/1 column is a class. */
export function propertySpec(column: TableColumn): PropertySpec {
  const title = column.name.replaceAll("_", " ");
  const classes = classesOf(column);
  if (classes === undefined) {
    const unit = column.kind === "number" ? column.unit : "1";
    return { name: column.name, title, unit, kind: "number", classes: [] };
  }
  return { name: column.name, title, unit: "1", kind: "class", classes };
}

/** The classes of a column in a fixed order, or undefined when it holds numbers. */
function classesOf(column: TableColumn): string[] | undefined {
  if (column.kind === "text") {
    return [...new Set(column.values.filter((value) => value !== null))].sort();
  }
  const isBinary = column.values.every((value) => Number.isNaN(value) || value === 0 || value === 1);
  return isBinary && column.values.some((value) => !Number.isNaN(value)) ? ["0", "1"] : undefined;
}

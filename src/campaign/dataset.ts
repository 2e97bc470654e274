import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import type { Provenance, Table, TableColumn } from "../data/contract.ts";
import type { DatasetSpec } from "../data/datasets.ts";
import { classesOf, columnsWithRole } from "../data/table.ts";
import type { PropertySpec } from "../surrogates/forward-model.ts";

/** A table ready for use, with where it came from. */
export interface Dataset {
  /** Name of a shipped set, or the file. */
  readonly name: string;
  readonly table: Table;
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string;
  /** Absent for a user's own file. */
  readonly provenance?: Provenance;
  /** Absent for a user's own file. */
  readonly spec?: DatasetSpec;
}

/**
 * The property column of this name.
 * @throws InputError with the nearest name
 */
export function propertyColumn(table: Table, name: string): TableColumn {
  const properties = columnsWithRole(table, "property");
  const column = properties.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new InputError(`There is no property "${name}" in ${table.source}.`, {
    file: table.source,
    received: name,
    hint: suggest(
      name,
      properties.map((one) => one.name),
    ),
  });
}

/** A measured property as the rest of the engine sees it; a column of words or of 0 and 1 is a class. */
export function propertySpec(column: TableColumn): PropertySpec {
  const title = column.name.replaceAll("_", " ");
  if (column.kind === "text" || isBinary(column.values)) {
    return { name: column.name, title, unit: "1", kind: "class", classes: classesOf(column) };
  }
  return { name: column.name, title, unit: column.unit, kind: "number", classes: [] };
}

function isBinary(values: Float64Array): boolean {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 && known.every((value) => value === 0 || value === 1);
}

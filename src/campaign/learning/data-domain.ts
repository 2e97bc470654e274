import { InputError } from "../../core/errors.ts";
import { fractionColumns } from "../../data/composition.ts";
import type { Table, TableColumn } from "../../data/contract.ts";
import { columnsWithRole } from "../../data/table.ts";
import type { Dataset } from "../dataset.ts";
import { prepareData, prepareExperiments, type PreparedData } from "./prepared-data.ts";

/** `alloy` where a table has compositions, else `general`: rows are told apart by their settings. */
export function domainOf(table: Table): "alloy" | "general" {
  const hasFormulas = table.columns.some(
    ({ role, kind }) => role.kind === "formula" && kind === "text",
  );
  return hasFormulas || fractionColumns(table).length > 0 ? "alloy" : "general";
}

/** The table with the named columns as settings, whatever they were taken for. */
export function withSettings(dataset: Dataset, names: readonly string[], target: string): Dataset {
  const isMeant = ({ name, role }: TableColumn): boolean =>
    names.includes(name) &&
    name !== target &&
    role.kind !== "process" &&
    role.kind !== "formula" &&
    role.kind !== "fraction";
  const { table } = dataset;
  if (!table.columns.some(isMeant)) return dataset;
  const columns = table.columns.map((column): TableColumn =>
    isMeant(column)
      ? { ...column, role: { kind: "process" }, reason: "named as an input" }
      : column,
  );
  return { ...dataset, table: { ...table, columns } };
}

/**
 * Audits a data set of alloys, or of experiments that know no elements.
 * @throws InputError for a table with neither compositions nor settings
 */
export function prepareAny(dataset: Dataset, domain: "alloy" | "general"): PreparedData {
  if (domain === "alloy") return prepareData(dataset);
  const { table } = dataset;
  if (columnsWithRole(table, "process").length > 0) return prepareExperiments(dataset, []);
  throw new InputError(`${table.source} has no composition and no settings to learn from.`, {
    file: table.source,
    path: "--process",
    expected: "a column of formulas, columns of amounts such as x_Al or Al (wt%), or settings",
    received: table.columns.map(({ header }) => header).join(", "),
    hint: 'Name the inputs: --process temperature,solvent; or declare a composition: --column "Alloy=formula".',
  });
}

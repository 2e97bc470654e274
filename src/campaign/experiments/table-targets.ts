import { InputError } from "../../core/errors.ts";
import type { Table, TableColumn } from "../../data/contract.ts";
import { isMissingAt, textAt } from "../../data/table.ts";
import type { Target } from "../../space/contract.ts";
import { parseTarget } from "../../space/language/parse-target.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { propertySpec } from "../dataset.ts";
import type { OutcomeValue } from "./contract.ts";

/** Wishes for columns of a table. */
export interface TableTargets {
  readonly targets: readonly Target[];
  /** What the targets name, once each, in the order of the table. */
  readonly wanted: readonly { readonly column: TableColumn; readonly spec: PropertySpec }[];
}

/**
 * Reads targets such as `strength -> maximise` on the columns of a table.
 * @throws InputError for none, or a name that no column has
 */
export function tableTargets(table: Table, texts: readonly string[]): TableTargets {
  if (texts.length === 0) {
    throw new InputError("Expected at least one target, got none.", {
      path: "--targets",
      hint: 'Write --targets "strength -> maximise".',
    });
  }
  const outcomes = table.columns
    .filter(({ role }) => role.kind !== "ignore")
    .map((column) => ({ column, spec: propertySpec(column) }));
  const properties = outcomes.map(({ spec, column }) => ({
    ...spec,
    also: column.header,
    ...(spec.classes.includes("1") ? { positive: "1" } : {}),
  }));
  const context = { elements: [], parameters: [], quantities: [], properties };
  const targets = texts.map((text) => parseTarget(text, context));
  const wanted = outcomes.filter(({ spec }) => targets.some((one) => one.property === spec.name));
  return { targets, wanted };
}

/** What a row says of an outcome. */
export function tableOutcome(
  { column, spec }: TableTargets["wanted"][number],
  row: number,
): OutcomeValue {
  if (isMissingAt(column, row)) return null;
  return spec.kind === "number" ? (column.values[row] as number) : textAt(column, row);
}

import type { Matrix } from "../core/matrix.ts";
import { chemicalSystem, formatFormula } from "../materials/composition.ts";
import type { Task } from "../surrogates/contract.ts";
import type { PropertySpec } from "../surrogates/forward-model.ts";
import { propertyColumn, propertySpec } from "./dataset.ts";
import type { ModelInputs, ProcessValues } from "./model-inputs.ts";
import type { PreparedData } from "./prepared-data.ts";

/** The rows of a table from which one property can be learned. */
export interface TrainingSet {
  readonly property: PropertySpec;
  readonly task: Task;
  /** n x inputs.labels */
  readonly x: Matrix;
  /** n values, or indices of classes. */
  readonly y: Float64Array;
  /** Rows in the table, counted from 0. */
  readonly rows: Int32Array;
  /** Same composition, same key. */
  readonly compositions: readonly string[];
  /** Same elements, same key: `Al-Nb-Ti`. */
  readonly systems: readonly string[];
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
}

/**
 * Collects the rows that the audit keeps and that have the property, a composition and every numeric
 * process variable; what is left out is counted with its reason.
 * @throws InputError when the table has no such property
 */
export function trainingSet(data: PreparedData, name: string, inputs: ModelInputs): TrainingSet {
  const { table } = data.dataset;
  const column = propertyColumn(table, name);
  const property = propertySpec(column);
  const processColumns = inputs.process.map((input) =>
    table.columns.find((one) => one.name === input.name && one.role.kind === "process")!,
  );

  const dropped = new Map<string, number>();
  const drop = (reason: string): void => void dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const isMissing =
      column.kind === "number" ? Number.isNaN(column.values[row]) : column.values[row] === null;
    const lacking = processColumns.find(
      (one) => one.kind === "number" && Number.isNaN(one.values[row]!),
    );
    if (isMissing) drop(`${name} was not measured`);
    else if (!data.isKept[row]) drop("dropped by the audit");
    else if (lacking !== undefined) drop(`${lacking.name} is missing`);
    else rows.push(row);
  }

  const fractions = data.fractionsOf(rows, inputs.symbols);
  const process = processColumns.map((one): ProcessValues =>
    one.kind === "number"
      ? Float64Array.from(rows, (row) => one.values[row]!)
      : rows.map((row) => one.values[row]!),
  );
  const y = Float64Array.from(rows, (row) =>
    property.kind === "class"
      ? property.classes.indexOf(String(column.values[row]))
      : (column.values[row] as number),
  );
  return {
    property,
    task:
      property.kind === "class"
        ? { kind: "classification", classes: property.classes }
        : { kind: "regression" },
    x: inputs.encode(fractions, process),
    y,
    rows: Int32Array.from(rows),
    compositions: rows.map((row) => formatFormula(data.fractions(row))),
    systems: rows.map((row) => chemicalSystem(data.fractions(row))),
    dropped: [...dropped].map(([reason, count]) => ({ reason, rows: count })),
  };
}


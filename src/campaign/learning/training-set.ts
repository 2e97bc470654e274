import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import { convertDifference } from "../../core/units.ts";
import { noiseColumn } from "../../data/headers.ts";
import { columnsWithRole, isMissingAt, textAt } from "../../data/table.ts";
import type { Task } from "../../surrogates/contract.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { propertyColumn, propertySpec } from "../dataset.ts";
import type { ModelInputs, ProcessValues } from "./model-inputs.ts";
import type { PreparedData } from "./prepared-data.ts";

/** Fewest measured designs from which anything is learned. */
export const leastRows = 5;

/** The rows of a table from which one property can be learned. */
export interface TrainingSet {
  readonly property: PropertySpec;
  readonly task: Task;
  /** n x inputs.labels */
  readonly x: Matrix;
  /** n values, or indices of classes. */
  readonly y: Float64Array;
  /** Standard deviation of each value, where the table has one for all: a column such as `hardness ±`, `hardness_std`. */
  readonly noiseStd?: Float64Array;
  /** Rows in the table, counted from 0. */
  readonly rows: readonly number[];
  /** Same composition (or same settings, see `PreparedData.identity`), same key. */
  readonly compositions: readonly string[];
  /** Same elements, same key: `Al-Nb-Ti`. */
  readonly systems: readonly string[];
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
}

export interface TrainingSetOptions {
  /** For a class property: the classes that count as yes, which makes the task yes or no. */
  readonly wished?: readonly string[] | undefined;
  /** Whether rows that lack a numeric process variable stay, with NaN in its place. */
  readonly keepMissing?: boolean;
}

/**
 * Collects the rows that the audit keeps and that have the property and every numeric process variable
 * (unless missing ones are kept); what is left out is counted with its reason.
 * @throws InputError when there is no such property, fewer than 5 rows, a single class, or one number in all rows
 */
export function trainingSet(
  data: PreparedData,
  name: string,
  inputs: ModelInputs,
  { wished, keepMissing = false }: TrainingSetOptions = {},
): TrainingSet {
  const { table } = data.dataset;
  const column = propertyColumn(table, name);
  const property = propertySpec(column);
  const processColumns = inputs.process.map((input) => {
    return columnsWithRole(table, "process").find((one) => one.name === input.name)!;
  });

  const dropped = new Map<string, number>();
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const lacking = keepMissing
      ? undefined
      : processColumns.find((one) => one.kind === "number" && isMissingAt(one, row));
    const reason = isMissingAt(column, row)
      ? `${name} was not measured`
      : !data.isKept[row]
        ? "left out by the audit"
        : lacking === undefined
          ? undefined
          : `${lacking.name} is missing`;
    if (reason === undefined) rows.push(row);
    else dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }
  if (rows.length < leastRows) {
    throw new InputError(
      `"${name}" has ${rows.length} usable ${rows.length === 1 ? "row" : "rows"} in ${table.source}; a model needs at least ${leastRows}.`,
      {
        file: table.source,
        path: name,
        expected: `at least ${leastRows} rows with ${name} and a ${data.identity}`,
        received: `${rows.length} of ${table.rows} rows`,
        hint: "Run `ystar audit` on the file to see what is left out and why.",
      },
    );
  }

  const classes = wished === undefined ? property.classes : ["no", "yes"];
  const y = Float64Array.from(rows, (row) => {
    if (property.kind === "number") return column.values[row] as number;
    const label = textAt(column, row);
    return wished === undefined ? classes.indexOf(label) : Number(wished.includes(label));
  });
  if (wished !== undefined && property.classes.every((one) => wished.includes(one))) {
    throw new InputError(
      `The target names every class of "${name}", so nothing is left to tell apart.`,
      {
        path: "targets",
        expected: `some of ${property.classes.join(", ")}`,
        received: wished.join(", "),
        hint: "Leave out the classes that are not wanted.",
      },
    );
  }
  if (property.kind === "class" && new Set(y).size < 2) {
    throw new InputError(`"${name}" has only one class in the usable rows of ${table.source}.`, {
      file: table.source,
      path: name,
      expected:
        wished === undefined
          ? "at least two classes, to tell one from the other"
          : `some rows with ${wished.join(" or ")} and some without`,
      received: receivedClasses(rows.map((row) => textAt(column, row))),
      hint: "Add designs of the other class; failed trials are what a model learns limits from.",
    });
  }
  if (property.kind === "number" && y.every((value) => value === y[0])) {
    throw new InputError(`"${name}" is the same in all usable rows of ${table.source}.`, {
      file: table.source,
      path: name,
      expected: "measured values that differ",
      received: `${y[0]}${property.unit === "1" ? "" : ` ${property.unit}`} in all ${rows.length} rows`,
      hint: "What never changes cannot be learned; add other designs, or choose another --target.",
    });
  }

  const process = processColumns.map((one): ProcessValues =>
    one.kind === "number"
      ? Float64Array.from(rows, (row) => one.values[row]!)
      : rows.map((row) => one.values[row]!),
  );
  const noiseStd = property.kind === "number" ? noiseOf(data, property, rows) : undefined;
  return {
    property,
    ...(noiseStd === undefined ? {} : { noiseStd }),
    task: property.kind === "class" ? { kind: "classification", classes } : { kind: "regression" },
    x: inputs.encode(data.fractionsOf(rows, inputs.symbols), process),
    y,
    rows,
    compositions: rows.map((row) => data.keyOf(row)),
    systems: rows.map((row) => data.familyOf(row)),
    dropped: [...dropped].map(([reason, count]) => ({ reason, rows: count })),
  };
}

/** A table that knows the noise of some rows only tells nothing of the others, so all are needed. */
function noiseOf(
  { dataset }: PreparedData,
  { name, unit }: PropertySpec,
  rows: readonly number[],
): Float64Array | undefined {
  const column = dataset.table.columns.find((one) => one.name === noiseColumn(name));
  if (column?.kind !== "number") return undefined;
  // A header without a unit means that of the property.
  const own = column.unit === "1" ? unit : column.unit;
  const stds = Float64Array.from(rows, (row) => column.values[row]!);
  return stds.every((std) => std > 0 && Number.isFinite(std))
    ? stds.map((std) => convertDifference(std, own, unit))
    : undefined;
}

/** `FCC in all 78 rows`, `FCC, HCP in 78 rows`. */
function receivedClasses(labels: readonly string[]): string {
  const seen = [...new Set(labels)];
  return `${seen.join(", ")} in ${seen.length === 1 ? "all " : ""}${labels.length} rows`;
}

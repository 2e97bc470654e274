import { InputError } from "../../core/errors.ts";
import { matrix, matrixOf, type Matrix } from "../../core/matrix.ts";
import { mean } from "../../core/statistics.ts";
import type { Table, TableColumn } from "../../data/contract.ts";
import { columnNamed, isMissingAt, textAt } from "../../data/table.ts";
import type { Parameter } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import type { ExperimentSetup, Measurement } from "../experiments/contract.ts";
import { experimentGoals } from "../experiments/planning/experiment-goals.ts";
import { tableOutcome, tableTargets } from "../experiments/table-targets.ts";
import type { Laboratory } from "./contract.ts";

/** A table of finished experiments as a laboratory. */
export interface TablePool extends Laboratory {
  readonly setup: ExperimentSetup;
  readonly pool: Matrix;
  /** Names of the columns that make a design. */
  readonly inputs: readonly string[];
  /** Rows of the table that are used. */
  readonly measurements: number;
  readonly notes: readonly string[];
}

export interface TablePoolOptions {
  /** Texts such as `strength -> maximise`. */
  readonly targets: readonly string[];
  /** Columns that make a design; all but targets, identifiers, sources and ignored ones when absent. */
  readonly inputs?: readonly string[];
  /** What an experiment gives where the table has replicates: their mean, or one of them drawn at random. */
  readonly replicates: "mean" | "draw";
}

/**
 * The designs of a table and what came of them. Numeric inputs become continuous parameters over their range, words
 * categories; rows with the same inputs are replicates of one design. Rows without an input or a wanted outcome are
 * left out and told.
 * @throws InputError for names that are not in the table, a target that is an input too, or nothing left
 */
export async function tablePool(table: Table, options: TablePoolOptions): Promise<TablePool> {
  const { targets, wanted } = tableTargets(table, options.targets);
  const inputs = inputColumns(
    table,
    wanted.map(({ column }) => column),
    options.inputs,
  );

  const usable = Array.from({ length: table.rows }, (_, i) => i).filter((i) =>
    [...inputs, ...wanted.map(({ column }) => column)].every((column) => !isMissingAt(column, i)),
  );
  if (usable.length === 0) {
    throw new InputError(`${table.source} has no row with every input and every target.`, {
      file: table.source,
      expected: [...inputs, ...wanted.map(({ column }) => column)]
        .map(({ name }) => name)
        .join(", "),
    });
  }
  const parameters = inputs.map((column) => parameterOf(column, usable));
  const space = await createSpace({ parameters, constraints: [], quantities: [] });
  const setup: ExperimentSetup = {
    space,
    targets,
    outcomes: wanted.map(({ spec }) => spec),
    perBatch: [],
  };

  const groups = new Map<string, number[]>();
  for (const i of usable) {
    const key = JSON.stringify(inputs.map((column) => column.values[i]));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  const designs = [...groups.values()];
  const rows = matrixOf(designs.map(([first]) => space.encode(designAt(inputs, first!))));
  const told = usable.map((i): Measurement => ({
    design: {},
    status: "completed",
    outcomes: Object.fromEntries(wanted.map((one) => [one.spec.name, tableOutcome(one, i)])),
  }));
  const goals = experimentGoals(setup, told);
  const place = new Map(usable.map((i, k) => [i, k]));
  /** Of each design, of each replicate, of each goal. */
  const values = designs.map((replicates) =>
    replicates.map((i) =>
      goals.map(({ outcome, numberOf }) => numberOf(told[place.get(i)!]!.outcomes[outcome.name])),
    ),
  );
  const means = matrixOf(
    values.map((replicates) => goals.map((_, g) => mean(replicates.map((one) => one[g]!)))),
  );
  const indexOf = new Map(designs.map((_, d) => [keyOf(rows, d), d]));
  const answer = (asked: Matrix, valuesOf: (design: number) => ArrayLike<number>): Matrix => {
    const answers = matrix(asked.rows, goals.length);
    for (let i = 0; i < asked.rows; i++) {
      answers.data.set(valuesOf(indexOf.get(keyOf(asked, i))!), i * goals.length);
    }
    return answers;
  };
  const truth = (asked: Matrix): Matrix =>
    answer(asked, (d) => means.data.subarray(d * goals.length, (d + 1) * goals.length));
  return {
    setup,
    inputs: inputs.map(({ name }) => name),
    measurements: usable.length,
    notes: notesOf(table, usable.length, designs),
    problem: { space, goals: goals.map(({ goal }) => goal) },
    pool: rows,
    truth,
    measure: (asked, rng) =>
      options.replicates === "mean"
        ? truth(asked)
        : answer(asked, (d) => values[d]![rng.integer(values[d]!.length)]!),
  };
}

const keyOf = ({ data, columns }: Matrix, i: number): string =>
  data.subarray(i * columns, (i + 1) * columns).join(" ");

function inputColumns(
  table: Table,
  wanted: readonly TableColumn[],
  names: readonly string[] | undefined,
): readonly TableColumn[] {
  const refused = ["ignore", "identifier", "group", "formula"];
  const columns =
    names === undefined
      ? table.columns.filter(({ role }) => !refused.includes(role.kind))
      : names.map((name) => columnNamed(table, name));
  const both = names === undefined ? undefined : wanted.find((column) => columns.includes(column));
  if (both !== undefined) {
    throw new InputError(`"${both.name}" is a target and cannot be an input as well.`, {
      file: table.source,
      path: "inputs",
    });
  }
  const inputs = columns.filter((column) => !wanted.includes(column));
  if (inputs.length > 0) return inputs;
  throw new InputError(`${table.source} has no column left that could make a design.`, {
    file: table.source,
    hint: "Name the columns with --inputs.",
  });
}

function parameterOf(column: TableColumn, usable: readonly number[]): Parameter {
  const { name } = column;
  if (column.kind === "text") {
    const values = [...new Set(usable.map((i) => textAt(column, i)))].sort();
    return { kind: "categorical", name, values };
  }
  const values = usable.map((i) => column.values[i]!);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { kind: "continuous", name, unit: column.unit, min, max };
}

const designAt = (inputs: readonly TableColumn[], i: number): Record<string, number | string> =>
  Object.fromEntries(inputs.map(({ name, values }) => [name, values[i]!]));

function notesOf(table: Table, used: number, designs: readonly (readonly number[])[]): string[] {
  const left = table.rows - used;
  return [
    left === 0 ? "" : `${left} of ${table.rows} rows lack an input or a target and are left out.`,
    designs.length === used
      ? ""
      : `${used} rows are measurements of ${designs.length} different designs.`,
  ].filter((note) => note !== "");
}

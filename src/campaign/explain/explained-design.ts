import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { median } from "../../core/statistics.ts";
import { convert, parseQuantity } from "../../core/units.ts";
import type { TableColumn } from "../../data/contract.ts";
import { columnsWithRole, isMissingAt, textAt } from "../../data/table.ts";
import { reducedFormula } from "../../materials/format-composition.ts";
import type { Fractions } from "../../space/contract.ts";
import { measuredFormula } from "../candidates/design-text.ts";
import type { AssumedValue } from "./explanation.ts";
import type { LearningTask } from "../learning/learning-task.ts";
import type { ProcessInput, ProcessValues } from "../learning/model-inputs.ts";

/** A design to explain: a row of the table counted from 1, or a composition with process settings. */
export type ChosenDesign =
  | { readonly row: number }
  | {
      readonly fractions: Fractions;
      /** Settings by name: a number in the table's unit, a number with its unit, or a word. */
      readonly at: Readonly<Record<string, string>>;
    };

/** A chosen design as the model sees it, 1 x inputs. */
export interface EncodedDesign {
  readonly formula: string;
  readonly row: number | null;
  readonly isTrainingRow: boolean;
  readonly measured: number | string | null;
  readonly x: Matrix;
  /** Atomic fractions, 1 x symbols of the inputs. */
  readonly fractions: Matrix;
  /** One value for each process input. */
  readonly process: readonly ProcessValues[];
  readonly assumed: readonly AssumedValue[];
}

/**
 * Encodes a row of the table or a composition.
 * @throws InputError for a row that is not there or lacks a composition or an input, for an element that no
 *   alloy of the data has, and for a setting that is none or has the wrong unit
 */
export function encodeDesign(task: LearningTask, design: ChosenDesign): EncodedDesign {
  return "row" in design ? encodeRow(task, design.row) : encodeComposition(task, design);
}

function encodeRow({ data, inputs, set }: LearningTask, number: number): EncodedDesign {
  const { table } = data.dataset;
  const row = number - 1;
  const refuse = (message: string, hint: string): InputError =>
    new InputError(message, { file: table.source, path: "--row", received: `${number}`, hint });
  if (!(Number.isInteger(row) && row >= 0 && row < table.rows)) {
    throw refuse(
      `There is no row ${number} in ${table.source}.`,
      `Rows are counted from 1 to ${table.rows}.`,
    );
  }
  if (data.identity === "composition" && Object.keys(data.fractions(row)).length === 0) {
    throw refuse(`Row ${number} has no composition.`, "Run `ystar audit` to see why.");
  }
  const columns = inputs.process.map((input) => processColumn(data.dataset.table.columns, input));
  const lacking = columns.find((column) => column.kind === "number" && isMissingAt(column, row));
  if (lacking !== undefined) {
    throw refuse(
      `Row ${number} has no ${lacking.name}, which the model needs.`,
      "Give the composition with --formula, and the rest with --at.",
    );
  }
  const fractions = data.fractionsOf([row], inputs.symbols);
  const process = columns.map((column): ProcessValues =>
    column.kind === "number" ? Float64Array.of(column.values[row]!) : [column.values[row] ?? null],
  );
  const target = columnsWithRole(table, "property").find(({ name }) => name === set.property.name)!;
  return {
    formula: measuredFormula(data, row),
    row: number,
    isTrainingRow: set.rows.includes(row),
    measured: isMissingAt(target, row)
      ? null
      : set.property.kind === "number"
        ? (target.values[row] as number)
        : textAt(target, row),
    x: inputs.encode(fractions, process),
    fractions,
    process,
    assumed: [],
  };
}

function encodeComposition(
  { data, inputs, set }: LearningTask,
  { fractions, at }: Extract<ChosenDesign, { fractions: Fractions }>,
): EncodedDesign {
  for (const symbol of Object.keys(fractions)) {
    if (inputs.symbols.includes(symbol)) continue;
    throw new InputError(`No alloy of ${data.dataset.name} has ${symbol}.`, {
      path: "--formula",
      received: symbol,
      expected: `elements that the model has seen: ${inputs.symbols.join(", ")}`,
      hint: "A model says nothing about an element it has never met.",
    });
  }
  const known = inputs.process.map(({ name }) => name);
  for (const name of Object.keys(at)) {
    if (known.includes(name)) continue;
    throw new InputError(`"${name}" is not a process variable of this model.`, {
      path: "--at",
      received: name,
      hint: known.length === 0 ? "The model learns from compositions only." : suggest(name, known),
    });
  }
  const assumed: AssumedValue[] = [];
  const process = inputs.process.map((input): ProcessValues => {
    const column = processColumn(data.dataset.table.columns, input);
    const given = at[input.name];
    if (input.kind === "category") {
      if (given !== undefined) return [knownWord(input, given)];
      const word = mostFrequent(set.rows.map((row) => textAt(column, row)));
      assumed.push({ name: input.name, value: word, unit: "1", why: "the most frequent" });
      return [word];
    }
    const unit = column.kind === "number" ? column.unit : "1";
    if (given !== undefined) return Float64Array.of(settingOf(input.name, given, unit));
    const known = set.rows.map((row) => column.values[row] as number);
    const value = median(known.filter((one) => !Number.isNaN(one)));
    assumed.push({ name: input.name, value, unit, why: "the median" });
    return Float64Array.of(value);
  });
  const row = matrix(
    1,
    inputs.symbols.length,
    Float64Array.from(inputs.symbols, (symbol) => fractions[symbol] ?? 0),
  );
  return {
    formula: reducedFormula(fractions),
    row: null,
    isTrainingRow: false,
    measured: null,
    x: inputs.encode(row, process),
    fractions: row,
    process,
    assumed,
  };
}

const processColumn = (columns: readonly TableColumn[], input: ProcessInput): TableColumn =>
  columns.find((column) => column.name === input.name)!;

function knownWord(input: Extract<ProcessInput, { kind: "category" }>, word: string): string {
  if (input.levels.includes(word)) return word;
  throw new InputError(`"${word}" is no ${input.name} of the data.`, {
    path: `--at ${input.name}`,
    received: word,
    expected: `one of ${input.levels.join(", ")}`,
    hint: suggest(word, input.levels),
  });
}

/** A number in the table's unit, or one with its own unit. */
function settingOf(name: string, text: string, unit: string): number {
  const quantity = parseQuantity(text);
  if (quantity.unit === "1" || quantity.unit === unit) return quantity.value;
  try {
    return convert(quantity.value, quantity.unit, unit);
  } catch (cause) {
    throw new InputError(`${name} is given in ${quantity.unit} and measured in ${unit}.`, {
      path: `--at ${name}`,
      received: text,
      expected: `a number in ${unit}`,
      cause,
    });
  }
}

/** The word that occurs most, the first in order among equals. */
function mostFrequent(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== "") counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? "";
}

import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { normalQuantile } from "../../core/special.ts";
import { convert, converter } from "../../core/units.ts";
import { parseQuantity } from "../../core/units.ts";
import { tableCompositions } from "../../data/composition.ts";
import type { Table } from "../../data/contract.ts";
import { findColumn, isMissingAt, textAt } from "../../data/table.ts";
import { alloyFormula, reducedFormula } from "../../materials/format-composition.ts";
import type { Fractions } from "../../space/contract.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import type { Validity } from "../../surrogates/validity/contract.ts";
import type { AssumedValue } from "../explain/explanation.ts";
import { objectionsTo } from "../learning/known-designs.ts";
import type { ProcessValues } from "../learning/model-inputs.ts";
import { inputsOf, type TrainedModel, type TrainedProcess } from "./trained-model.ts";

/** Settings by name: a number in the model's unit, a number with its unit, or a word. */
export type Settings = Readonly<Record<string, string>>;

/** What a model says of one design. */
export interface DesignPrediction {
  readonly formula: string;
  /** Row in the table, counted from 1; null for a design that was typed. */
  readonly row: number | null;
  /** Settings that the model was given, assumed ones included; null where one is missing. */
  readonly process: Readonly<Record<string, number | string | null>>;
  /** The number, or the probability of the class `predicted`. */
  readonly mean: number;
  readonly epistemicStd: number;
  readonly aleatoricStd: number;
  /** Ends of the central 90 % interval of a measurement; null for a class. */
  readonly low: number | null;
  readonly high: number | null;
  /** The most probable class; null for a number. */
  readonly predicted: string | null;
  /** Probability of every class; empty for a number. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly validity: Validity;
}

/** Predictions with what they rest on. */
export interface PredictionResult {
  readonly domain: TrainedModel["domain"];
  readonly property: string;
  readonly unit: string;
  readonly classes: readonly string[];
  readonly processUnits: Readonly<Record<string, string>>;
  readonly predictions: readonly DesignPrediction[];
  /** Settings that were not given and what stands in their place. */
  readonly assumed: readonly AssumedValue[];
  readonly notes: readonly string[];
}

/** Share of measurements inside the interval. */
const coverage = 0.9;

interface Designs {
  readonly symbols: readonly string[];
  /** n x symbols. */
  readonly fractions: Matrix;
  readonly process: readonly ProcessValues[];
  readonly formulas: readonly string[];
  readonly rows: readonly (number | null)[];
  readonly assumed: readonly AssumedValue[];
  readonly notes: readonly string[];
}

/**
 * Predicts compositions at given settings; a setting that is not given is the usual one of the training.
 * @throws InputError for a setting that the model does not take, or in a unit of another dimension
 */
export function predictCompositions(
  model: TrainedModel,
  designs: readonly { readonly formula?: string; readonly fractions: Fractions }[],
  settings: Settings = {},
): PredictionResult {
  requireSettings(model, settings);
  if (model.domain !== "alloy" && designs.some((one) => Object.keys(one.fractions).length > 0)) {
    throw new InputError("The model knows no compositions: it was learned from settings.", {
      path: "--formula",
      expected: model.process.map(({ name }) => name).join(", "),
      hint: "Give the settings with --at, or a table with --data.",
    });
  }
  const symbols = [...new Set(designs.flatMap(({ fractions }) => Object.keys(fractions)))];
  const fractions = matrix(designs.length, symbols.length);
  designs.forEach((design, i) => {
    symbols.forEach((symbol, j) => {
      fractions.data[i * symbols.length + j] = design.fractions[symbol] ?? 0;
    });
  });
  const assumed: AssumedValue[] = [];
  const process = model.process.map((input): ProcessValues =>
    constant(input, settings, designs.length, assumed),
  );
  return predict(model, {
    symbols,
    fractions,
    process,
    formulas: designs.map(
      (one) => one.formula ?? (model.domain === "alloy" ? reducedFormula(one.fractions) : "design"),
    ),
    rows: designs.map(() => null),
    assumed,
    notes: [],
  });
}

/**
 * Predicts every row of a table that has a composition. Process variables come from the columns of the
 * same names, in whatever unit; `settings` goes before them. The usual value of the training fills what
 * neither gives, but for a missing number that the model takes as such.
 * @throws InputError for a table without a composition, or a column of another dimension or kind
 */
export function predictTable(
  model: TrainedModel,
  table: Table,
  settings: Settings = {},
): PredictionResult {
  requireSettings(model, settings);
  const isAlloy = model.domain === "alloy";
  const compositions = isAlloy ? tableCompositions(table) : noCompositions(table);
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => compositions.valid[row] === 1,
  );
  if (rows.length === 0) {
    throw new InputError(`No row of ${table.source} has a composition.`, {
      file: table.source,
      expected: "a column of formulas, or one for each element's amount",
      hint: "Run `ystar audit` on the file to see what its columns are taken for.",
    });
  }
  const { symbols } = compositions;
  const fractions = matrix(rows.length, symbols.length);
  rows.forEach((row, i) => {
    fractions.data.set(rowOf(compositions.fractions, row), i * symbols.length);
  });
  const assumed: AssumedValue[] = [];
  const process = model.process.map((input): ProcessValues => {
    const column = settings[input.name] === undefined ? findColumn(table, input.name) : undefined;
    if (column === undefined) return constant(input, settings, rows.length, assumed);
    return columnValues(model, input, table, column, rows, assumed);
  });
  const formulaColumn = table.columns.find((one) => one.role.kind === "formula");
  const left = table.rows - rows.length;
  return predict(model, {
    symbols,
    fractions,
    process,
    formulas: rows.map((row, i) =>
      !isAlloy
        ? `row ${row + 1}`
        : formulaColumn === undefined
          ? alloyFormula(fractionsOf(symbols, rowOf(fractions, i)))
          : textAt(formulaColumn, row),
    ),
    rows: rows.map((row) => row + 1),
    assumed,
    notes:
      left === 0 ? [] : [`${left} of ${table.rows} rows have no composition and are left out.`],
  });
}

/** Rows of designs that have no elements: all are designs. */
const noCompositions = ({ rows }: Table) => ({
  symbols: [],
  fractions: matrix(rows, 0),
  valid: new Uint8Array(rows).fill(1),
});

function predict(model: TrainedModel, designs: Designs): PredictionResult {
  const { property, task, process } = model;
  const inputs = inputsOf(model, designs.symbols);
  const fractions = widened(designs, inputs.symbols);
  const x = inputs.encode(fractions, designs.process);
  const prediction = model.surrogate.predict(x);
  const verdicts = model.validity.judge(
    x,
    prediction.epistemicStd,
    objectionsTo(model.elements, inputs.symbols, fractions, inputs.process, designs.process),
  );
  const reach = normalQuantile((1 + coverage) / 2);
  const predictions = verdicts.map((validity, i): DesignPrediction => {
    const means = rowOf(prediction.mean, i);
    const at =
      task.kind === "regression" ? 0 : means.indexOf(means.reduce((a, b) => Math.max(a, b)));
    const mean = means[at]!;
    const epistemicStd = rowOf(prediction.epistemicStd, i)[at]!;
    const aleatoricStd = rowOf(prediction.aleatoricStd, i)[at]!;
    const half = reach * Math.sqrt(epistemicStd * epistemicStd + aleatoricStd * aleatoricStd);
    const isNumber = task.kind === "regression";
    return {
      formula: designs.formulas[i]!,
      row: designs.rows[i]!,
      process: Object.fromEntries(
        process.map(({ name }, p) => [name, settingOf(designs.process[p]![i])]),
      ),
      mean,
      epistemicStd,
      aleatoricStd,
      low: isNumber ? mean - half : null,
      high: isNumber ? mean + half : null,
      predicted: isNumber ? null : task.classes[at]!,
      probabilities: isNumber
        ? {}
        : Object.fromEntries(task.classes.map((name, c) => [name, means[c]!])),
      validity,
    };
  });
  return {
    domain: model.domain,
    property: property.name,
    unit: property.unit,
    classes: task.kind === "classification" ? task.classes : [],
    processUnits: Object.fromEntries(
      process.flatMap((one) => (one.kind === "number" ? [[one.name, one.unit]] : [])),
    ),
    predictions,
    assumed: designs.assumed,
    notes: [...designs.notes, ...silence(model)],
  };
}

/** Said where a family has no way to tell what it does not know. */
function silence({ family }: TrainedModel): string[] {
  const spec = Object.hasOwn(surrogates, family)
    ? (surrogates[family as SurrogateName] as SurrogateSpec)
    : undefined;
  if (spec === undefined || spec.supports.epistemic) return [];
  return [`The epistemic std is 0 because models of the family ${family} do not tell it.`];
}

const settingOf = (value: number | string | null | undefined): number | string | null =>
  value === undefined || (typeof value === "number" && Number.isNaN(value)) ? null : value;

/** The fractions over other elements, those not given being absent. */
function widened({ symbols, fractions }: Designs, wanted: readonly string[]): Matrix {
  const result = matrix(fractions.rows, wanted.length);
  wanted.forEach((symbol, j) => {
    const from = symbols.indexOf(symbol);
    if (from < 0) return;
    for (let i = 0; i < fractions.rows; i++) {
      result.data[i * wanted.length + j] = rowOf(fractions, i)[from]!;
    }
  });
  return result;
}

const fractionsOf = (symbols: readonly string[], row: Float64Array): Fractions =>
  Object.fromEntries(symbols.flatMap((symbol, j) => (row[j]! > 0 ? [[symbol, row[j]!]] : [])));

function requireSettings({ process }: TrainedModel, settings: Settings): void {
  const known = process.map(({ name }) => name);
  for (const name of Object.keys(settings)) {
    if (known.includes(name)) continue;
    throw new InputError(`"${name}" is not a process variable of this model.`, {
      path: "--at",
      received: name,
      hint:
        known.length === 0 ? "The model was learned from compositions only." : suggest(name, known),
    });
  }
}

/** One setting for all designs: the given one, or the usual one of the training. */
function constant(
  input: TrainedProcess,
  settings: Settings,
  count: number,
  assumed: AssumedValue[],
): ProcessValues {
  const given = settings[input.name];
  if (input.kind === "category") {
    const word = given ?? input.usual;
    if (given === undefined) {
      assumed.push({
        name: input.name,
        value: word,
        unit: "1",
        why: "the most frequent of the training",
      });
    }
    return Array.from({ length: count }, () => word);
  }
  const value = given === undefined ? input.usual : numberIn(input, given);
  if (given === undefined) {
    assumed.push({ name: input.name, value, unit: input.unit, why: "the median of the training" });
  }
  return new Float64Array(count).fill(value);
}

/** A number in the model's unit, or one with its own unit. */
function numberIn(
  { name, unit }: Extract<TrainedProcess, { kind: "number" }>,
  text: string,
): number {
  const quantity = parseQuantity(text);
  if (quantity.unit === "1" || quantity.unit === unit) return quantity.value;
  try {
    return convert(quantity.value, quantity.unit, unit);
  } catch (cause) {
    throw new InputError(`${name} is given in ${quantity.unit}, and the model takes ${unit}.`, {
      path: `--at ${name}`,
      received: text,
      expected: `a number in ${unit}`,
      cause,
    });
  }
}

/** A process variable of the table's rows; where a number is missing NaN if the model takes it, else the usual one. */
function columnValues(
  { takesMissing }: TrainedModel,
  input: TrainedProcess,
  { source }: Table,
  column: NonNullable<ReturnType<typeof findColumn>>,
  rows: readonly number[],
  assumed: AssumedValue[],
): ProcessValues {
  if (input.kind === "category") {
    return rows.map((row) => (isMissingAt(column, row) ? null : textAt(column, row)));
  }
  if (column.kind === "text") {
    throw new InputError(`"${input.name}" of ${source} holds words, and the model takes numbers.`, {
      file: source,
      path: input.name,
      expected: `numbers in ${input.unit}`,
    });
  }
  let read: (value: number) => number;
  try {
    read = column.unit === "1" ? (value) => value : converter(column.unit, input.unit);
  } catch (cause) {
    throw new InputError(
      `"${input.name}" of ${source} is in ${column.unit}, not in ${input.unit}.`,
      {
        file: source,
        path: input.name,
        expected: `a unit that converts to ${input.unit}`,
        received: column.unit,
        cause,
      },
    );
  }
  const stand = takesMissing ? Number.NaN : input.usual;
  if (!takesMissing && rows.some((row) => isMissingAt(column, row))) {
    assumed.push({
      name: input.name,
      value: input.usual,
      unit: input.unit,
      why: "the median of the training, where the table has none",
    });
  }
  return Float64Array.from(rows, (row) =>
    isMissingAt(column, row) ? stand : read(column.values[row]!),
  );
}

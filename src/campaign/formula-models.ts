import { InputError } from "../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../core/matrix.ts";
import { isSameDimension } from "../core/units.ts";
import type { Domain } from "../domains/contract.ts";
import type { Quantity, SearchSpace } from "../space/contract.ts";
import { quantityValues } from "../space/quantity.ts";
import { arrangeInputs, unitOf, type DeclaredNumber } from "../surrogates/declared-inputs.ts";
import { namesInFormula } from "../space/formula/compile-formula.ts";
import { formulaModel, type FormulaModel } from "../surrogates/formula/formula-model.ts";
import type { ForwardModel, PropertySpec } from "../surrogates/forward-model.ts";
import { locate, located } from "./locate.ts";
import { formulaEntries, type FormulaEntry, type ParsedProblemFile } from "./problem-file.ts";
import type { ProcessParameter } from "./process-parameters.ts";
import { elementsOf, fractionsOfRows } from "./space-rows.ts";

/** Formulas of a problem file by the property that they compute. */
export type FormulaModels = Readonly<Record<string, FormulaModel>>;

/** What formulas may speak of. */
export interface FormulaContext {
  readonly elements: readonly string[];
  readonly process: readonly ProcessParameter[];
  readonly domain: Domain;
  /** Properties that the data have. */
  readonly measured: readonly PropertySpec[];
}

/**
 * The formulas that a problem file has under `models`, checked before anything is searched. A formula may
 * name elements of the space (atomic fractions), its numeric process variables and the quantities of the
 * domain; where it declares `inputs`, these only.
 * @throws InputError with the place in the file for a formula that cannot be read, a name that designs do
 *   not have, dimensions that do not fit, an unknown unit of the property, and a property that is a class,
 *   is computed already, or has a family as well
 */
export function resolveFormulas(parsed: ParsedProblemFile, context: FormulaContext): FormulaModels {
  return Object.fromEntries(
    formulaEntries(parsed.content).map(([property, entry]) => [
      property,
      resolveFormula(parsed, property, entry, context),
    ]),
  );
}

function resolveFormula(
  parsed: ParsedProblemFile,
  property: string,
  entry: FormulaEntry,
  context: FormulaContext,
): FormulaModel {
  const place = ["models", property];
  const { formula, std } = entry;
  locate(parsed, place, () => requireFree(parsed, property, context));
  const unitPlace = entry.unit === undefined ? place : [...place, "unit"];
  const unit = locate(parsed, unitPlace, () => unitFor(property, entry, context));
  const given = designNumbers(context);
  const declared = Object.entries(entry.inputs ?? {}).map(([name, own]) => ({ name, unit: own }));
  locate(parsed, [...place, "inputs"], () =>
    arrangeInputs(`formula for "${property}"`, declared, given),
  );
  const named = entry.inputs === undefined ? given : declared;
  const output = { name: property, unit };
  // All names at first, so that a wrong one is answered with the nearest; then those that are used.
  locate(parsed, [...place, "formula"], () => formulaModel({ formula, inputs: named, output }));
  const used = [formula, ...(std === undefined ? [] : [std])].flatMap(namesInFormula);
  const inputs = named.filter(({ name }) => used.includes(name));
  return locate(parsed, [...place, "std"], () => {
    if (std !== undefined) formulaModel({ formula: std, inputs: named, output });
    return formulaModel({
      formula,
      // A formula without names is a constant, the same for every design.
      inputs: inputs.length > 0 ? inputs : given.slice(0, 1),
      output,
      ...(std === undefined ? {} : { std }),
    });
  });
}

/** @throws InputError for a property that has another model already */
function requireFree(
  { content }: ParsedProblemFile,
  property: string,
  { domain }: FormulaContext,
): void {
  if (domain.quantities.some(({ name }) => name === property)) {
    throw new InputError(`"${property}" is computed already and needs no formula.`, {
      received: property,
      hint: "Give the formula another name, and target that one.",
    });
  }
  if (typeof content.model !== "object" || !Object.hasOwn(content.model, property)) return;
  throw new InputError(`"${property}" has a family under "model" and a formula under "models".`, {
    hint: "Keep one of the two.",
  });
}

/** The unit of the data's property, else the one that is given. */
function unitFor(property: string, { unit }: FormulaEntry, { measured }: FormulaContext): string {
  const who = `formula for "${property}"`;
  const own = measured.find(({ name }) => name === property);
  if (own?.kind === "class") {
    throw new InputError(`${who}: "${property}" holds classes, and a formula gives a number.`);
  }
  const given = unit === undefined ? undefined : unitOf(who, property, unit);
  if (own !== undefined && given !== undefined && !isSameDimension(own.unit, given)) {
    throw new InputError(`${who}: "${property}" is in ${own.unit} in the data, not in ${given}.`, {
      expected: `a unit that converts to ${own.unit}`,
      received: given,
    });
  }
  const result = own?.unit ?? given;
  if (result !== undefined) return result;
  throw new InputError(`${who}: the data have no "${property}", so its unit has to be given.`, {
    expected: "unit: MPa, or unit: 1 for a plain number",
    hint: `Write models: { ${property}: { formula: ..., unit: MPa } }.`,
  });
}

/** Numbers that every design of the space has. */
const designNumbers = ({ elements, process, domain }: FormulaContext): DeclaredNumber[] => [
  ...elements.map((name) => ({ name, unit: "1" })),
  ...process.flatMap((one) =>
    one.kind === "categorical" ? [] : [{ name: one.name, unit: one.unit }],
  ),
  ...domain.quantities.map(({ name, unit }) => ({ name, unit })),
];

/**
 * A formula over encoded designs of a space.
 * @throws InputError when predicting, for an element without a value that a quantity of the formula needs
 */
export function formulaOverSpace(
  parsed: ParsedProblemFile,
  model: FormulaModel,
  space: SearchSpace,
  quantities: readonly Quantity[],
): ForwardModel {
  const { property, inputs } = model;
  const symbols = elementsOf(space);
  const sources = inputs.map(({ name }) => sourceOf(name, space, quantities));
  const arrange = arrangeInputs(`formula for "${property.name}"`, inputs, sources);
  return {
    property,
    model: model.model,
    predict: (rows) => {
      const fractions = fractionsOfRows(space, rows, symbols);
      const x = matrix(rows.rows, sources.length);
      sources.forEach(({ valuesOf }, j) => {
        const values = valuesOf(rows, fractions, symbols);
        for (let i = 0; i < rows.rows; i++) x.data[i * sources.length + j] = values[i]!;
      });
      try {
        return model.predict(arrange(x));
      } catch (error) {
        throw located(parsed, ["models", property.name], error);
      }
    },
  };
}

/** Where designs have a number of a formula. */
interface NumberSource extends DeclaredNumber {
  readonly valuesOf: (rows: Matrix, fractions: Matrix, symbols: readonly string[]) => Float64Array;
}

function sourceOf(name: string, space: SearchSpace, quantities: readonly Quantity[]): NumberSource {
  const j = space.columns.findIndex(({ kind, label }) => kind !== "category" && label === name);
  if (j >= 0) {
    const { kind, unit } = space.columns[j]!;
    const parameter = space.parameters.find((one) => one.name === name);
    const mayBeMissing = parameter?.kind !== "composition" && parameter?.when !== undefined;
    return {
      name,
      unit: kind === "fraction" ? "1" : unit,
      // A number that a design does not have, for want of its conditions, counts as 0.
      valuesOf: (rows) =>
        Float64Array.from({ length: rows.rows }, (_, i) =>
          mayBeMissing && space.decode(rowOf(rows, i))[name] === undefined
            ? 0
            : rows.data[i * rows.columns + j]!,
        ),
    };
  }
  const quantity = quantities.find((one) => one.name === name)!;
  return {
    name,
    unit: quantity.unit,
    valuesOf: (_, fractions, symbols) => quantityValues(quantity, fractions, symbols),
  };
}

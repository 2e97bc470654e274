import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import { isSameDimension } from "../../core/units.ts";
import type { Quantity, SearchSpace } from "../../space/contract.ts";
import type { Prediction } from "../../surrogates/contract.ts";
import { arrangeInputs, unitOf } from "../../surrogates/declared-inputs.ts";
import { namesInFormula } from "../../space/formula/compile-formula.ts";
import { formulaModel, type FormulaModel } from "../../surrogates/formula/formula-model.ts";
import type { ForwardModel } from "../../surrogates/forward-model.ts";
import { designNumbers, numbersOverSpace, type DesignContext } from "./design-numbers.ts";
import { locate, located } from "../problem/locate.ts";
import { gradientByDifferences } from "./model-gradients.ts";
import {
  formulaEntries,
  type FormulaEntry,
  type ParsedProblemFile,
} from "../problem/problem-file.ts";

/** Formulas of a problem file by the property that they compute. */
export type FormulaModels = Readonly<Record<string, FormulaModel>>;

/**
 * The formulas that a problem file has under `models`, checked before anything is searched. A formula may
 * name elements of the space (atomic fractions), its numeric process variables and the quantities of the
 * domain; where it declares `inputs`, these only.
 * @throws InputError with the place in the file for a formula that cannot be read, a name that designs do
 *   not have, dimensions that do not fit, an unknown unit of the property, and a property that is a class,
 *   is computed already, or has a family as well
 */
export function resolveFormulas(parsed: ParsedProblemFile, context: DesignContext): FormulaModels {
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
  context: DesignContext,
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
  { domain }: DesignContext,
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
function unitFor(property: string, { unit }: FormulaEntry, { measured }: DesignContext): string {
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
  const numbers = numbersOverSpace(`formula for "${property.name}"`, inputs, space, quantities);
  const predict = (rows: Matrix): Prediction => {
    try {
      return model.predict(numbers(rows));
    } catch (error) {
      throw located(parsed, ["models", property.name], error);
    }
  };
  return {
    property,
    model: model.model,
    predict,
    gradient: (rows) => gradientByDifferences(space, rows, (all) => predict(all).mean.data),
  };
}

import type { Quantity, SearchSpace } from "../../space/contract.ts";
import { quantityValues } from "../../space/model/quantity.ts";
import { formulaModel, type FormulaDeclaration } from "../../surrogates/formula/formula-model.ts";
import { numbersOverSpace } from "../models/design-numbers.ts";
import { elementsOf, fractionsOfRows } from "../models/space-rows.ts";
import type { ComputedOutcome } from "./contract.ts";

/** A quantity of the domain over encoded designs. */
export function quantityOverSpace(quantity: Quantity, space: SearchSpace): ComputedOutcome["of"] {
  const symbols = elementsOf(space);
  return (rows) => quantityValues(quantity, fractionsOfRows(space, rows, symbols), symbols);
}

/** A formula over encoded designs. */
export function formulaOfDesigns(
  declaration: FormulaDeclaration,
  space: SearchSpace,
  quantities: readonly Quantity[],
): ComputedOutcome["of"] {
  const model = formulaModel(declaration);
  const who = `formula for "${declaration.output.name}"`;
  const numbers = numbersOverSpace(who, model.inputs, space, quantities);
  return (rows) => model.predict(numbers(rows)).mean.data;
}

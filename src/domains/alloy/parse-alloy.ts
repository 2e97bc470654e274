import { InputError } from "../../core/errors.ts";
import { atomicNumber } from "../../materials/elements.ts";
import { parseFormula, type Formula, type FormulaOptions } from "../../materials/formula.ts";

/**
 * Reads an alloy: a formula (see `parseFormula`) that is neutral and made of elements.
 * @throws InputError for what `parseFormula` refuses, for a charge and for isotopes
 */
export function parseAlloy(text: string, options: FormulaOptions = {}): Formula {
  const formula = parseFormula(text, options);
  if (formula.charge !== 0) {
    const sign = formula.charge > 0 ? "+" : "-";
    throw new InputError(
      `alloy "${text.trim()}": a charge of ${Math.abs(formula.charge)}${sign}; an alloy is neutral.`,
      { received: text, hint: "Leave out the sign at the end." },
    );
  }
  Object.keys(formula.amounts).forEach(atomicNumber);
  return formula;
}

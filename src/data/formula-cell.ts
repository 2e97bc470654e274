import { InputError } from "../core/errors.ts";
import { parseFormula } from "../materials/formula.ts";

/** Whether a text of a cell reads as a chemical formula. */
export function isFormula(text: string): boolean {
  try {
    parseFormula(text);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

import type { DesignResult } from "../campaign/contract.ts";
import { elementSymbols } from "../materials/elements.ts";

/**
 * Element symbols by atomic number: those of the candidates, or also those that the problem allowed.
 * Anything that is no element symbol comes last, by name.
 */
export function reportElements(result: DesignResult, of: "candidates" | "problem"): string[] {
  const symbols = new Set(of === "problem" ? result.problem.elements : []);
  for (const { design } of result.candidates) {
    for (const [symbol, fraction] of Object.entries(design.fractions)) {
      if (fraction > 0) symbols.add(symbol);
    }
  }
  const order = (symbol: string): number => {
    const at = elementSymbols.indexOf(symbol);
    return at < 0 ? elementSymbols.length : at;
  };
  return [...symbols].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
}

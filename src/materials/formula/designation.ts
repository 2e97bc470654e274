import type { FormulaReader } from "./reader.ts";
import type { Term } from "./stoichiometry.ts";

/** A list of elements joined by dashes: `Ti-6Al-4V`, `70Ni-30Cu`, `Al10-Co30-Cr60`. */
export interface Designation {
  readonly terms: readonly Term[];
  /** Whether any number stands before its symbol, as percentages of alloys do. */
  readonly isPercent: boolean;
}

/**
 * Reads the segments between dashes; only the first may lack an amount.
 * @throws InputError with the place of the segment that does not fit
 */
export function readDesignation(reader: FormulaReader): Designation {
  const terms: Term[] = [];
  let isPercent = false;
  for (;;) {
    reader.skipBlanks();
    const position = reader.position;
    const before = reader.number();
    reader.skipBlanks();
    if (!/[A-Z]/.test(reader.peek())) throw misfit(reader);
    const symbol = reader.symbol();
    reader.skipBlanks();
    reader.refuseVariable();
    const afterPosition = reader.position;
    const after = reader.number();
    reader.skipBlanks();
    if (before !== undefined && after !== undefined) {
      throw reader.fail(
        afterPosition,
        `an amount on both sides of ${symbol}`,
        "Between dashes stand single elements with one amount: Ti-6Al-4V wt%. Formulas such as Fe2O3 have no dash.",
      );
    }
    if (terms.some((term) => term.symbol === symbol)) {
      throw reader.fail(position, `${symbol} a second time`, "Name each element once.");
    }
    isPercent ||= before !== undefined;
    terms.push({ symbol, amount: before ?? after, position });
    if (reader.done) break;
    if (reader.peek() !== "-") throw misfit(reader);
    reader.position++;
  }
  refuseMissingAmounts(reader, terms);
  return { terms, isPercent };
}

function misfit(reader: FormulaReader): Error {
  if (/[A-Z([{]/.test(reader.peek())) {
    return reader.fail(
      reader.position,
      "a group or a second element between dashes",
      "Between dashes stand single elements with one amount: Ti-6Al-4V wt%.",
    );
  }
  return reader.unexpected();
}

function refuseMissingAmounts(reader: FormulaReader, terms: readonly Term[]): void {
  const missing = terms.find((term, i) => i > 0 && term.amount === undefined);
  if (missing === undefined) return;
  const symbols = terms.map((term) => term.symbol);
  const isSystem = terms.every((term) => term.amount === undefined);
  throw reader.fail(
    missing.position,
    isSystem
      ? `${symbols.join("-")} names a chemical system, not a composition; the first amount is missing`
      : `the amount of ${missing.symbol} is missing`,
    isSystem
      ? `Write ${symbols.join("")} for equal amounts, or give each amount.`
      : "Only the first element may lack an amount; it makes up the balance to 100 %.",
  );
}

import { InputError } from "../core/errors.ts";
import { nearestName } from "../core/nearest-name.ts";
import table from "./elements.data.json" with { type: "json" };
import { isIsotope } from "./isotopes.ts";
import { elementColumns, type ElementColumn, type ElementColumnName } from "./element-columns.ts";

/** The 118 symbols in the order of the atomic numbers 1 ... 118. */
export const elementSymbols: readonly string[] = table.symbols;

const elementNames: readonly string[] = table.names;
const elementBlocks: readonly string[] = table.blocks;
const indexOf = new Map(elementSymbols.map((symbol, i) => [symbol, i]));
const valuesOf: Readonly<Record<ElementColumnName, readonly (number | null)[]>> = table;

/** Whether this is the symbol of an element, capitals as written (`Co`, not `CO`). */
export function isElement(symbol: string): boolean {
  return indexOf.has(symbol);
}

/**
 * The atomic number of a symbol.
 * @throws InputError with the nearest symbol or name when there is no such element
 */
export function atomicNumber(symbol: string): number {
  const index = indexOf.get(symbol);
  if (index === undefined) {
    throw new InputError(`"${symbol}" is not the symbol of an element.`, {
      expected: "a symbol such as Fe, Ni or Al",
      received: symbol,
      hint: elementHint(symbol),
    });
  }
  return index + 1;
}

/** The symbol of an English name in any capitals (`iron` gives Fe), or undefined. */
export function symbolOfName(name: string): string | undefined {
  const index = elementNames.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  return index < 0 ? undefined : elementSymbols[index];
}

/** What a wrong symbol may have meant, as a hint: by isotope (`D`), by name (`iron`), by capitals (`FE`), by likeness. */
export function elementHint(text: string): string {
  if (isIsotope(text)) return `${text} is an isotope of hydrogen; the tables have H.`;
  const named = symbolOfName(text);
  if (named !== undefined) return `${elementName(named)} is written ${named}.`;
  const cased = text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  if (isElement(cased)) return `Did you mean ${cased}?`;
  const name = text.length > 3 ? nearestName(text, elementNames) : undefined;
  if (name !== undefined) {
    return `Did you mean ${elementSymbols[elementNames.indexOf(name)]} (${name})?`;
  }
  return "Symbols have one or two letters, the first a capital: Fe, Ni, Al, W.";
}

/** English name: `Iron`. Throws InputError for an unknown symbol. */
export function elementName(symbol: string): string {
  return elementNames[atomicNumber(symbol) - 1]!;
}

/** Block of the periodic table: s, p, d or f. Throws InputError for an unknown symbol. */
export function elementBlock(symbol: string): string {
  return elementBlocks[atomicNumber(symbol) - 1]!;
}

/** Title, unit and source of a column. */
export function elementColumn(name: ElementColumnName): ElementColumn {
  return elementColumns[name];
}

/**
 * A tabulated value in the column's unit, or undefined where the source has none.
 * @throws InputError for an unknown symbol
 */
export function tabulatedValue(symbol: string, column: ElementColumnName): number | undefined {
  return valuesOf[column][atomicNumber(symbol) - 1] ?? undefined;
}

/**
 * Tabulated values in the column's unit, one per symbol.
 * @throws InputError naming every element that the column lacks and the elements that it has
 */
export function elementValues(symbols: readonly string[], column: ElementColumnName): Float64Array {
  const missing = symbols.filter((symbol) => tabulatedValue(symbol, column) === undefined);
  if (missing.length > 0) throw missingValue(missing, column);
  return Float64Array.from(symbols, (symbol) => tabulatedValue(symbol, column)!);
}

/** One tabulated value in the column's unit; throws InputError where there is none. */
export function elementValue(symbol: string, column: ElementColumnName): number {
  const value = tabulatedValue(symbol, column);
  if (value === undefined) throw missingValue([symbol], column);
  return value;
}

/** The elements for which a column has a value. */
export function elementsWith(column: ElementColumnName): string[] {
  return elementSymbols.filter((_, i) => valuesOf[column][i] !== null);
}

/** The error for elements without a value in a column. */
export function missingValue(symbols: readonly string[], column: ElementColumnName): InputError {
  const { title, unit }: ElementColumn = elementColumns[column];
  const known = elementsWith(column);
  const shown = unit === "1" ? title : `${title} (${unit})`;
  return new InputError(
    `${shown}: no value for ${symbols.join(", ")} in the set "${column}", ` +
      `which covers ${known.length} elements.`,
    {
      received: symbols.join(", "),
      hint: `Leave out ${symbols.join(", ")}, or choose a descriptor that does not need it. Covered: ${known.join(", ")}.`,
    },
  );
}

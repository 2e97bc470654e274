import { normalise, type Composition } from "./composition.ts";

/** Elements in the order given, alphabetical, or carbon and hydrogen first as chemists list them. */
export type ElementOrder = "given" | "alphabetical" | "hill";

export interface FormulaStyle {
  readonly order?: ElementOrder;
}

/**
 * Amounts as a formula that reads back to the same numbers: `Al0.3CoCrFeNi`; amounts of one are left
 * out, elements of amount 0 are kept as `Al0`. A blank stands where letters could run together.
 */
export function formatComposition(
  amounts: Composition,
  { order = "given" }: FormulaStyle = {},
): string {
  let text = "";
  for (const symbol of ordered(Object.keys(amounts), order)) {
    const amount = amounts[symbol]!;
    const needsBlank = /\.\d+$/.test(text) ? /^[HDN]/.test(symbol) : /[DT]$/.test(text);
    text += (needsBlank ? " " : "") + symbol + (amount === 1 ? "" : `${amount}`);
  }
  return text;
}

/**
 * An alloy in atomic percent, alphabetical: `Al10Nb25Ti40Zr25`. Amounts are rounded to `decimals`
 * places, traces to their first two digits, so that no element present reads 0.
 * @param decimals 0 ... 10; 2 when absent
 */
export function alloyFormula(
  amounts: Composition,
  { decimals = 2, order = "alphabetical" }: FormulaStyle & { readonly decimals?: number } = {},
): string {
  const fractions = normalise(amounts);
  return ordered(Object.keys(fractions), order)
    .map((symbol) => symbol + shortNumber(100 * fractions[symbol]!, decimals))
    .join("");
}

/**
 * The formula with the smallest whole amounts, alphabetical: `CoCrFeMnNi`, `Al3Co10Cr10Fe10Ni10`. Where
 * an amount would exceed `largest`, atomic percentages are given instead (see `alloyFormula`).
 * @param largest largest whole amount; 20 when absent
 */
export function reducedFormula(
  amounts: Composition,
  { largest = 20, order = "alphabetical" }: FormulaStyle & { readonly largest?: number } = {},
): string {
  const fractions = normalise(amounts);
  const symbols = ordered(Object.keys(fractions), order);
  const least = Math.min(...Object.values(fractions));
  for (let multiple = 1; multiple <= largest; multiple++) {
    const scaled = symbols.map((symbol) => (fractions[symbol]! / least) * multiple);
    const isWhole = scaled.every(
      (amount) => Math.abs(amount - Math.round(amount)) < wholeTolerance,
    );
    if (!isWhole) continue;
    if (scaled.some((amount) => Math.round(amount) > largest)) break;
    return symbols
      .map(
        (symbol, i) => symbol + (Math.round(scaled[i]!) === 1 ? "" : `${Math.round(scaled[i]!)}`),
      )
      .join("");
  }
  return alloyFormula(fractions, { order });
}

/** Rounding of decimal fractions written with seven digits or more stays below this. */
const wholeTolerance = 1e-5;

/** A positive number with at most this many decimals, more where it would round to 0. */
function shortNumber(value: number, decimals: number): string {
  const rounded = value.toFixed(decimals);
  return `${Number(Number(rounded) === 0 ? value.toPrecision(2) : rounded)}`;
}

function ordered(symbols: readonly string[], order: ElementOrder): readonly string[] {
  if (order === "given") return symbols;
  const sorted = symbols.toSorted((a, b) => (a < b ? -1 : 1));
  if (order === "alphabetical" || !symbols.includes("C")) return sorted;
  const first = ["C", "H"].filter((symbol) => symbols.includes(symbol));
  return [...first, ...sorted.filter((symbol) => !first.includes(symbol))];
}

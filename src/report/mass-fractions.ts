import { isElement, tabulatedValue } from "../materials/elements.ts";

/** Mass fractions of atomic fractions by standard atomic weights; null where one is not tabulated. */
export function massFractions(
  fractions: Readonly<Record<string, number>>,
): Record<string, number> | null {
  const masses: Record<string, number> = {};
  let total = 0;
  for (const [symbol, fraction] of Object.entries(fractions)) {
    const weight = isElement(symbol) ? tabulatedValue(symbol, "atomic weight") : undefined;
    if (weight === undefined) return null;
    masses[symbol] = fraction * weight;
    total += fraction * weight;
  }
  if (!(total > 0)) return null;
  for (const symbol of Object.keys(masses)) masses[symbol] = (masses[symbol] ?? 0) / total;
  return masses;
}

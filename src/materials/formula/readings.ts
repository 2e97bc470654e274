import { atomicNumber, elementBlock, isElement } from "../elements.ts";

/** Elements that formulas are usually made of: no noble gas, no f block, nothing beyond bismuth. */
export function isCommonElement(symbol: string): boolean {
  const rare = ["He", "Ne", "Ar", "Kr", "Xe"];
  return (
    isElement(symbol) &&
    atomicNumber(symbol) <= 83 &&
    elementBlock(symbol) !== "f" &&
    !rare.includes(symbol)
  );
}

/**
 * Spellings that a formula with wrong capitals may have meant, those with the fewest symbols first:
 * `fe2o3` gives `Fe2O3`, `co2` gives `Co2` and `CO2`. At most two, of common elements only.
 */
export function readings(text: string): string[] {
  if (text.length > 40 || !/^[A-Za-z0-9.()\s]+$/.test(text)) return [];
  const found: { spelling: string; symbols: number }[] = [];
  const extend = (position: number, spelling: string, symbols: number): void => {
    if (found.length >= 64) return;
    if (position === text.length) {
      found.push({ spelling, symbols });
      return;
    }
    const character = text.charAt(position);
    if (!/[A-Za-z]/.test(character)) {
      extend(position + 1, spelling + character, symbols);
      return;
    }
    for (const length of [2, 1]) {
      const letters = text.slice(position, position + length);
      if (letters.length < length || !/^[A-Za-z]+$/.test(letters)) continue;
      const symbol = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
      if (isCommonElement(symbol)) extend(position + length, spelling + symbol, symbols + 1);
    }
  };
  extend(0, "", 0);
  return found
    .sort((a, b) => a.symbols - b.symbols)
    .slice(0, 2)
    .map(({ spelling }) => spelling);
}

/**
 * Isotopes that have their own symbol in formulas, with their mass in g/mol. They are no elements of
 * the table: only the molar mass of a formula knows them.
 * Source: M. Wang et al., The AME 2020 atomic mass evaluation, Chin. Phys. C 45, 030003 (2021),
 * doi:10.1088/1674-1137/abddaf.
 */
export const isotopeMasses: Readonly<Record<string, number>> = {
  D: 2.014101777844,
  T: 3.01604928132,
};

export function isIsotope(symbol: string): boolean {
  return Object.hasOwn(isotopeMasses, symbol);
}

import { InputError } from "../core/errors.ts";
import { atomicNumber } from "./elements.ts";
import table from "./mixing-enthalpies.data.json" with { type: "json" };
import { sources, type Citation } from "./sources.ts";

/** One set of mixing enthalpies of equiatomic binaries, kJ/mol. Sets are never mixed. */
interface MixingEnthalpySet {
  readonly title: string;
  readonly source: Citation;
}

/** The sets: `miedema-liquid` has 2628 pairs of 75 elements, `single-phase` all 435 of 30. */
export const mixingEnthalpySets = {
  "miedema-liquid": {
    title: "Miedema model, equiatomic liquid",
    source: sources.takeuchiInoue,
  },
  "single-phase": {
    title: "Miedema-type values of the single-phase set",
    source: sources.zeng,
  },
} as const satisfies Record<string, MixingEnthalpySet>;

export type MixingEnthalpySetName = keyof typeof mixingEnthalpySets;

interface PairTable {
  readonly symbols: readonly string[];
  /** Upper triangle without the diagonal, row by row. */
  readonly values: readonly (number | null)[];
}

const tables: Readonly<Record<MixingEnthalpySetName, PairTable>> = table;

/**
 * Mixing enthalpy of the equiatomic binary in kJ/mol, or undefined where the set has none; 0 for an
 * element with itself.
 * @throws InputError for an unknown symbol
 */
export function tabulatedMixingEnthalpy(
  a: string,
  b: string,
  set: MixingEnthalpySetName,
): number | undefined {
  atomicNumber(a);
  atomicNumber(b);
  if (a === b) return 0;
  const { symbols, values } = tables[set];
  const [i = -1, j = -1] = [symbols.indexOf(a), symbols.indexOf(b)].sort((p, q) => p - q);
  if (i < 0) return undefined;
  const rowStart = i * symbols.length - (i * (i + 1)) / 2;
  return values[rowStart + j - i - 1] ?? undefined;
}

/** As `tabulatedMixingEnthalpy`, but throws InputError naming the pair and the set where there is none. */
export function mixingEnthalpy(a: string, b: string, set: MixingEnthalpySetName): number {
  const value = tabulatedMixingEnthalpy(a, b, set);
  if (value === undefined) throw missingPairs([[a, b]], set);
  return value;
}

/** The elements that a set has pairs of, sorted. */
export function elementsWithMixingEnthalpy(set: MixingEnthalpySetName): readonly string[] {
  return tables[set].symbols;
}

/** The error for pairs that a set lacks. */
export function missingPairs(
  pairs: readonly (readonly [string, string])[],
  set: MixingEnthalpySetName,
): InputError {
  const { title } = mixingEnthalpySets[set];
  const { symbols } = tables[set];
  const names = pairs.map(([a, b]) => `${a}-${b}`).join(", ");
  const absent = [...new Set(pairs.flat())].filter((symbol) => !symbols.includes(symbol));
  const verb = absent.length > 1 ? "are" : "is";
  const elements = absent.length > 0 ? `; ${absent.join(", ")} ${verb} not in it at all` : "";
  return new InputError(
    `Mixing enthalpy (kJ/mol): no value for ${names} in the set "${set}" ` +
      `(${title})${elements}.`,
    {
      expected: `pairs of ${symbols.join(", ")}`,
      received: names,
      hint: `Leave out ${(absent.length > 0 ? absent : [...new Set(pairs.flat())]).join(" or ")}, or choose descriptors without a mixing enthalpy. Covered: ${symbols.join(", ")}.`,
    },
  );
}

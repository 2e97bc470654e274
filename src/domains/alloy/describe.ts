import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { normalise, type Composition } from "../../materials/composition.ts";
import { atomicNumber } from "../../materials/elements.ts";
import { reducedFormula } from "../../materials/format-composition.ts";
import { checkAlloys, runKernels, type Alloys } from "./alloys.ts";
import type { Descriptor } from "./descriptor.ts";
import { singlePhaseEight } from "./single-phase-descriptors.ts";
import { standardDescriptors } from "./standard-descriptors.ts";

/** One number about an alloy, ready to be shown. */
export interface DescribedValue {
  /** Null where it cannot be told or is infinite; then `note` says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly title: string;
  readonly source: string;
  readonly reading?: string;
  readonly note?: string;
}

export interface Description {
  readonly formula: string;
  readonly fractions: Composition;
  readonly descriptors: Readonly<Record<string, DescribedValue>>;
}

/**
 * Every descriptor of one composition. A descriptor whose element values or pairs are not tabulated
 * has value null and a note that names them; unknown symbols are refused.
 * @param amounts atoms or atomic fractions; they are normalised
 * @throws InputError for unknown elements and amounts that are no composition
 */
export function describeComposition(amounts: Composition): Description {
  const fractions = normalise(amounts);
  const symbols = Object.keys(fractions);
  symbols.forEach(atomicNumber);
  const row = matrix(1, symbols.length, Float64Array.from(Object.values(fractions)));
  const alloys = checkAlloys(row, symbols);
  const descriptors = [...standardDescriptors, ...singlePhaseEight].map(
    (descriptor) => [descriptor.name, describe(descriptor, alloys)] as const,
  );
  return {
    formula: reducedFormula(fractions),
    fractions,
    descriptors: Object.fromEntries(descriptors),
  };
}

function describe(descriptor: Descriptor, alloys: Alloys): DescribedValue {
  const { unit, title, source, reading, infinite } = descriptor;
  const shown = { unit, title, source, ...(reading === undefined ? {} : { reading }) };
  try {
    const [value] = runKernels([descriptor.bind(alloys)], alloys.fractions).data;
    if (Number.isFinite(value)) return { value: value!, ...shown };
    return { value: null, ...shown, note: infinite ?? "not defined for this composition" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { value: null, ...shown, note: error.message };
  }
}

import { gasConstant } from "../../core/constants.ts";
import { elementSymbols, tabulatedValue } from "../../materials/elements.ts";
import { elementColumns, type ElementColumnName } from "../../materials/element-columns.ts";
import {
  mixingEnthalpySets,
  type MixingEnthalpySetName,
} from "../../materials/mixing-enthalpies.ts";
import { citationText } from "../../materials/sources.ts";
import type { Quantity } from "../../space/contract.ts";
import { checkAlloys, enthalpiesFor, runKernels, valuesFor, type Alloys } from "./alloys.ts";
import {
  combine,
  mixingEntropy,
  packingEntropy,
  pairSum,
  quotientOfMeans,
  solidAngleRatio,
  spread,
  weightedMean,
  type RowKernel,
} from "./row-kernels.ts";

/** A number that follows from an alloy's composition, with everything needed to show and compute it. */
export interface Descriptor {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly source: string;
  /** How the number is usually read: `<= 6.6 %: solid solution likely`. */
  readonly reading?: string;
  /** Why the number can be infinite. */
  readonly infinite?: string;
  readonly ratio?: NonNullable<Quantity["ratio"]>;
  readonly modelStd?: NonNullable<Quantity["modelStd"]>;
  /** The computation for these alloys; throws InputError naming missing values or pairs. */
  bind(alloys: Alloys): RowKernel;
}

/** What the makers below take from their callers. */
export type Head = Pick<Descriptor, "name" | "title" | "unit"> &
  Partial<Pick<Descriptor, "source" | "reading" | "modelStd">>;

const cite = (column: ElementColumnName): string => citationText(elementColumns[column].source);
const joined = (...parts: (string | undefined)[]): string =>
  [...new Set(parts.filter((part) => part !== undefined))].join("; ");

/** Masses of the convention whose check values the descriptors reproduce. */
const massColumn = "AtomicWeight:magpie";

/** sum c_i v_i. */
export function meanOf(head: Head, column: ElementColumnName): Descriptor {
  return {
    ...head,
    source: joined(head.source, cite(column)),
    ratio: { numerator: tabulated([column], ([value]) => value!) },
    bind: (alloys) => weightedMean(valuesFor(alloys, column)),
  };
}

/** Mean by mass: sum c_i M_i v_i / sum c_i M_i. */
export function massMeanOf(head: Head, column: ElementColumnName): Descriptor {
  const columns = [massColumn, column] as const;
  return {
    ...head,
    source: joined(head.source, cite(column)),
    ratio: {
      numerator: tabulated(columns, ([mass, value]) => mass! * value!),
      denominator: tabulated(columns, ([mass]) => mass!),
    },
    bind: (alloys) => {
      const mass = valuesFor(alloys, massColumn);
      const value = valuesFor(alloys, column);
      return quotientOfMeans(
        mass.map((weight, j) => weight * value[j]!),
        mass,
      );
    },
  };
}

/** Density of volumes that add up: sum c_i M_i / sum c_i M_i / rho_i. */
export function additiveDensity(head: Head, column: ElementColumnName): Descriptor {
  const columns = [massColumn, column] as const;
  return {
    ...head,
    source: joined(head.source, cite(column)),
    ratio: {
      numerator: tabulated(columns, ([mass]) => mass!),
      denominator: tabulated(columns, ([mass, density]) => mass! / density!),
    },
    bind: (alloys) => {
      const mass = valuesFor(alloys, massColumn);
      const density = valuesFor(alloys, column);
      return quotientOfMeans(
        mass,
        mass.map((weight, j) => (density[j]! > 0 ? weight / density[j]! : 0)),
      );
    },
  };
}

/** Standard deviation of an element value over the atoms; a percentage of the mean when relative. */
export function spreadOf(
  head: Head,
  column: ElementColumnName,
  { isRelative, scale = 1 }: { isRelative: boolean; scale?: number },
): Descriptor {
  return {
    ...head,
    source: joined(head.source, cite(column)),
    bind: (alloys) => spread(valuesFor(alloys, column), isRelative, scale),
  };
}

/** Ideal configurational entropy. */
export function entropyOf(head: Head, constant: number = gasConstant): Descriptor {
  return {
    ...head,
    source: joined(head.source, "L. Boltzmann; ideal solution"),
    bind: (alloys) => mixingEntropy(constant, alloys.symbols.length),
  };
}

/** 4 sum H_ij c_i c_j. */
export function enthalpyOf(head: Head, set: MixingEnthalpySetName): Descriptor {
  return {
    ...head,
    source: joined(head.source, citationText(mixingEnthalpySets[set].source)),
    bind: (alloys) => pairSum(enthalpiesFor(alloys, set), alloys.symbols.length),
  };
}

/** gamma of the smallest and largest atom. */
export function solidAngleRatioOf(head: Head, column: ElementColumnName): Descriptor {
  return {
    ...head,
    source: joined(head.source, cite(column)),
    bind: (alloys) => solidAngleRatio(valuesFor(alloys, column)),
  };
}

/** Excess entropy of hard spheres of these radii at a packing fraction, J/(mol K). */
export function packingEntropyOf(
  head: Head,
  column: ElementColumnName,
  packingFraction: number,
): Descriptor {
  return {
    ...head,
    source: joined(head.source, cite(column)),
    bind: (alloys) => packingEntropy(valuesFor(alloys, column), packingFraction, gasConstant),
  };
}

/** A function of other descriptors; their sources are part of its own. */
export function derived(
  head: Head & { readonly infinite?: string },
  parts: readonly Descriptor[],
  f: (values: Float64Array) => number,
): Descriptor {
  return {
    ...head,
    source: joined(head.source, ...parts.map((part) => part.source)),
    bind: (alloys) =>
      combine(
        parts.map((part) => part.bind(alloys)),
        f,
      ),
  };
}

/** A function of tabulated values for every element that has them all. */
function tabulated(
  columns: readonly ElementColumnName[],
  f: (values: readonly number[]) => number,
): Record<string, number> {
  const entries: [string, number][] = [];
  for (const symbol of elementSymbols) {
    const values = columns.map((column) => tabulatedValue(symbol, column));
    if (values.every((value) => value !== undefined)) entries.push([symbol, f(values)]);
  }
  return Object.fromEntries(entries);
}

/** The quantity of the search space that a descriptor is; infinite where the definition is. */
export function quantityOf(descriptor: Descriptor): Quantity {
  const { name, title, unit, source, ratio, modelStd } = descriptor;
  return {
    name,
    title,
    unit,
    source,
    ...(ratio === undefined ? {} : { ratio }),
    ...(modelStd === undefined ? {} : { modelStd }),
    evaluate: (fractions, symbols) =>
      runKernels([descriptor.bind(checkAlloys(fractions, symbols))], fractions).data,
  };
}

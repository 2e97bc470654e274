import {
  additiveDensity,
  derived,
  enthalpyOf,
  entropyOf,
  massMeanOf,
  meanOf,
  packingEntropyOf,
  solidAngleRatioOf,
  spreadOf,
  type Descriptor,
} from "./descriptor.ts";
import type { ElementColumnName } from "../../materials/element-columns.ts";

/**
 * The descriptors in the convention of the alloy literature: Miracle radii unless the name says
 * otherwise, alloy valence electrons (4 ... 11), Miedema liquid enthalpies. Names are those of problem
 * files and of `describe`.
 */

export const density = additiveDensity(
  {
    name: "density",
    title: "Density, volumes additive",
    unit: "g/cm3",
    modelStd: {
      value: 0.197,
      source:
        "root mean square difference from 107 of the 112 measured densities of C. K. H. Borg et al., Sci. Data 7, 430 (2020), doi:10.1038/s41597-020-00768-9; five porous samples left out, with them 0.448 (scripts/density-error.mjs)",
    },
  },
  "density:condensed",
);

export const price = massMeanOf(
  {
    name: "price",
    title: "Raw material price",
    unit: "USD/kg",
    reading: "order of magnitude: pure elements, mixed years and purities",
  },
  "price",
);

export const molarMass = meanOf(
  { name: "molar_mass", title: "Molar mass", unit: "g/mol" },
  "AtomicWeight:magpie",
);

const concentration = "< 1500 low, 1500 ... 2500 medium, > 2500 high concentration of supply";

export const hhiProduction = massMeanOf(
  {
    name: "hhi_production",
    title: "Herfindahl-Hirschman index of production",
    unit: "1",
    reading: concentration,
  },
  "HHI:production",
);

export const hhiReserves = massMeanOf(
  {
    name: "hhi_reserves",
    title: "Herfindahl-Hirschman index of reserves",
    unit: "1",
    reading: concentration,
  },
  "HHI:reserves",
);

export const supplyRisk = massMeanOf(
  {
    name: "supply_risk",
    title: "Supply risk",
    unit: "1",
    reading: "0 low ... 1 high; some element values imputed by the source",
  },
  "supply risk",
);

export const embodiedEnergy = massMeanOf(
  {
    name: "embodied_energy",
    title: "Embodied energy of the raw materials",
    unit: "MJ/kg",
    reading: "some element values imputed by the source",
  },
  "embodied energy",
);

export const meltingTemperature = meanOf(
  {
    name: "melting_temperature",
    title: "Mean melting temperature of the elements",
    unit: "K",
    reading: "an average, not a liquidus",
  },
  "MeltingT:magpie",
);

export const bulkModulus = meanOf(
  { name: "bulk_modulus", title: "Mean bulk modulus k", unit: "GPa" },
  "bulk modulus:pymatgen",
);

export const molarVolume = meanOf(
  { name: "molar_volume", title: "Mean molar volume Vm", unit: "cm3/mol" },
  "molar volume:magpie",
);

export const cohesiveEnergy = meanOf(
  { name: "cohesive_energy", title: "Mean cohesive energy", unit: "eV/atom" },
  "cohesive energy",
);

export const vec = meanOf(
  {
    name: "vec",
    title: "Valence electron concentration",
    unit: "1",
    reading: ">= 8 fcc, < 6.87 bcc, mixed between",
  },
  "valence electrons:alloy",
);

export const mixingEntropyOfAlloy = entropyOf({
  name: "mixing_entropy",
  title: "Ideal mixing entropy",
  unit: "J/(mol K)",
  reading: ">= 12.47 (1.5 R): high-entropy alloy",
});

export const mixingEnthalpyOfAlloy = enthalpyOf(
  {
    name: "mixing_enthalpy",
    title: "Mixing enthalpy of the liquid, Miedema",
    unit: "kJ/mol",
    source: "S. Guo et al., Intermetallics 41, 96 (2013), doi:10.1016/j.intermet.2013.05.002",
    reading: "-11.6 ... 3.2: solid solution likely",
  },
  "miedema-liquid",
);

const yangZhang =
  "X. Yang, Y. Zhang, Mater. Chem. Phys. 132, 233 (2012), doi:10.1016/j.matchemphys.2011.11.021";
const deltaReading = "<= 6.6 %: solid solution likely";
const fang =
  "S. Fang et al., J. Non-Cryst. Solids 321, 120 (2003), doi:10.1016/S0022-3093(03)00155-8";
const deltaSource = `${fang}; ${yangZhang}`;

export const delta = spreadOf(
  {
    name: "delta",
    title: "Atomic size mismatch, Miracle radii",
    unit: "%",
    source: deltaSource,
    reading: deltaReading,
  },
  "radius:miracle",
  { isRelative: true, scale: 100 },
);

export const deltaGuoLiu = spreadOf(
  {
    name: "delta_guo_liu",
    title: "Atomic size mismatch, Guo-Liu radii",
    unit: "%",
    source: deltaSource,
    reading: deltaReading,
  },
  "radius:guo-liu",
  { isRelative: true, scale: 100 },
);

export const deltaChi = spreadOf(
  {
    name: "delta_chi",
    title: "Electronegativity mismatch, Pauling",
    unit: "1",
    source: fang,
  },
  "Electronegativity:magpie",
  { isRelative: false },
);

export const deltaChiAllen = spreadOf(
  {
    name: "delta_chi_allen",
    title: "Electronegativity mismatch, Allen, relative",
    unit: "%",
    source: fang,
  },
  "electronegativity:allen",
  { isRelative: true, scale: 100 },
);

export const omega = derived(
  {
    name: "omega",
    title: "Omega = Tm dS / |dH|",
    unit: "1",
    source: yangZhang,
    reading: ">= 1.1: solid solution likely",
    infinite: "infinite: the mixing enthalpy is zero",
  },
  [meltingTemperature, mixingEntropyOfAlloy, mixingEnthalpyOfAlloy],
  ([temperature, entropy, enthalpy]) =>
    quotient(temperature! * entropy!, 1000 * Math.abs(enthalpy!)),
);

export const lambda = derived(
  {
    name: "lambda",
    title: "Lambda = dS / delta^2, Miracle radii",
    unit: "J/(mol K)",
    source: "A. K. Singh et al., Intermetallics 53, 112 (2014), doi:10.1016/j.intermet.2014.04.019",
    reading: "> 0.96 single phase, 0.24 ... 0.96 two phases, < 0.24 intermetallics",
    infinite: "infinite: all radii are equal",
  },
  [mixingEntropyOfAlloy, delta],
  ([entropy, mismatch]) => quotient(entropy!, mismatch! * mismatch!),
);

export const gamma = solidAngleRatioOf(
  {
    name: "gamma",
    title: "Solid-angle ratio of smallest and largest atom, Miracle radii",
    unit: "1",
    source: "Z. Wang et al., Scr. Mater. 94, 28 (2015), doi:10.1016/j.scriptamat.2014.09.010",
    reading: "< 1.175: solid solution likely",
  },
  "radius:miracle",
);

/** Packing fractions at which the excess entropy is taken. */
const packings = { random: 0.64, bcc: 0.68, fcc: 0.74 } as const;

/** phi = (dS - |dH| / Tm) / |S_E| for one radius set and packing. */
function phiOf(
  suffix: string,
  radii: string,
  column: ElementColumnName,
  packing: keyof typeof packings,
): Descriptor {
  const excess = packingEntropyOf(
    {
      name: `packing_entropy${suffix}_${packing}`,
      title: `Excess entropy of hard spheres, ${radii} radii, packing ${packings[packing]}`,
      unit: "J/(mol K)",
    },
    column,
    packings[packing],
  );
  return derived(
    {
      name: `phi${suffix}_${packing}`,
      title: `phi, ${radii} radii, ${packing} packing (${packings[packing]})`,
      unit: "1",
      source:
        "Y. F. Ye et al., Scr. Mater. 104, 53 (2015), doi:10.1016/j.scriptamat.2015.03.023; G. A. Mansoori et al., J. Chem. Phys. 54, 1523 (1971), doi:10.1063/1.1675048",
      reading: "> about 20: solid solution likely",
      infinite: "infinite: all radii are equal",
    },
    [mixingEntropyOfAlloy, mixingEnthalpyOfAlloy, meltingTemperature, excess],
    ([entropy, enthalpy, temperature, mismatch]) =>
      quotient(entropy! - (1000 * Math.abs(enthalpy!)) / temperature!, mismatch!),
  );
}

const packingNames = ["random", "bcc", "fcc"] as const;

export const phis: readonly Descriptor[] = packingNames.map((packing) =>
  phiOf("", "Miracle", "radius:miracle", packing),
);

export const phisGuoLiu: readonly Descriptor[] = packingNames.map((packing) =>
  phiOf("_guo_liu", "Guo-Liu", "radius:guo-liu", packing),
);

/** A quotient that is infinite for a vanishing denominator; 0 / 0 is the limit of a pure element. */
function quotient(numerator: number, denominator: number): number {
  if (denominator !== 0) return numerator / denominator;
  return numerator < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** x / (1 + |x|): the same order, but finite where x is infinite, as models need it. */
function bounded(descriptor: Descriptor): Descriptor {
  return derived(
    {
      name: `${descriptor.name}_bounded`,
      title: `x / (1 + |x|) of ${descriptor.title}`,
      unit: "1",
    },
    [descriptor],
    ([x]) => (Number.isFinite(x) ? x! / (1 + Math.abs(x!)) : Math.sign(x!)),
  );
}

/** Everything that `describe` shows and problem files may name, in the order of display. */
export const standardDescriptors: readonly Descriptor[] = [
  density,
  price,
  molarMass,
  meltingTemperature,
  vec,
  delta,
  deltaGuoLiu,
  deltaChi,
  deltaChiAllen,
  mixingEntropyOfAlloy,
  mixingEnthalpyOfAlloy,
  omega,
  lambda,
  gamma,
  ...phis,
  ...phisGuoLiu,
  bulkModulus,
  molarVolume,
  cohesiveEnergy,
  hhiProduction,
  hhiReserves,
  supplyRisk,
  embodiedEnergy,
];

/** k, Vm, Tm, VEC, delta, delta-chi, dS and dH in the standard convention. */
export const standardEight: readonly Descriptor[] = [
  bulkModulus,
  molarVolume,
  meltingTemperature,
  vec,
  delta,
  deltaChi,
  mixingEntropyOfAlloy,
  mixingEnthalpyOfAlloy,
];

/**
 * Model inputs: the eight but the bulk modulus, which too many elements lack (Os, Ge, ...), and the
 * criteria built on them made finite.
 */
export const modelInputs: readonly Descriptor[] = [
  ...standardEight.filter((descriptor) => descriptor !== bulkModulus),
  bounded(omega),
  bounded(lambda),
  gamma,
  bounded(phis[0]!),
];

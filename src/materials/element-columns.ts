import { sources, type Citation } from "./sources.ts";

/** What one column of the element table means and where its numbers come from. */
export interface ElementColumn {
  readonly title: string;
  /** Canonical unit text; `1` for plain numbers. */
  readonly unit: string;
  readonly source: Citation;
  /** File and header that `scripts/build-element-data.mjs` reads, or the values themselves. */
  readonly origin: ColumnOrigin;
  readonly note?: string;
}

export type ColumnOrigin =
  | {
      readonly file: string;
      readonly header: string;
      /** Factor from the file's unit to the column's; 1 when absent. */
      readonly scale?: number;
      /** Values below this are left out (gases in a column of solids). */
      readonly above?: number;
    }
  | { readonly values: Readonly<Record<string, number>> }
  | { readonly rule: "alloy-valence-electrons" };

const mendeleev = "elements_mendeleev.csv";
const magpie = "elements_magpie.csv";
const pymatgen = "elements_pymatgen.csv";
const singlePhase = "element_lookup_70.csv";
const indicators = "element_indicators_18.csv";

function magpieColumn<Title extends string>(title: Title, unit: string, header: string) {
  return { title, unit, source: sources.magpie, origin: { file: magpie, header } };
}

/**
 * The columns of the element table, named `property:set` where several sets of one property exist.
 * Sets are never filled up from one another.
 */
export const elementColumns = {
  period: {
    title: "Period",
    unit: "1",
    source: sources.mendeleevTable,
    origin: { file: mendeleev, header: "period" },
  },
  group: {
    title: "Group",
    unit: "1",
    source: sources.mendeleevTable,
    origin: { file: mendeleev, header: "group" },
    note: "lanthanides and actinides have none",
  },
  "atomic weight": {
    title: "Standard atomic weight",
    unit: "g/mol",
    source: sources.iupacWeights,
    origin: { file: mendeleev, header: "atomic_weight_Da" },
    note: "mass number of the longest-lived isotope where no standard weight exists",
  },

  "radius:miracle": {
    title: "Atomic radius, Miracle",
    unit: "pm",
    source: sources.miracle,
    origin: { file: magpie, header: "MiracleRadius_pm" },
  },
  "radius:guo-liu": {
    title: "Atomic radius, Guo and Liu",
    unit: "pm",
    source: sources.guoLiu,
    origin: {
      // prettier-ignore
      values: { Li: 151.9, B: 82, C: 77.3, Mg: 160.1, Al: 143.2, Si: 115.3, Ca: 197.6, Sc: 164.1,
        Ti: 146.2, V: 131.6, Cr: 124.9, Mn: 135, Fe: 124.1, Co: 125.1, Ni: 124.6, Cu: 127.8, Zn: 139.5,
        Ga: 139.2, Y: 180.2, Zr: 160.3, Nb: 142.9, Mo: 136.3, Pd: 137.5, Ag: 144.5, Sn: 162, Hf: 157.8,
        Ta: 143, W: 136.7, Re: 137.5 },
    },
  },
  "radius:single-phase": {
    title: "Metallic radius, single-phase set",
    unit: "pm",
    source: sources.zeng,
    origin: { file: singlePhase, header: "metallic_radius_pm" },
  },
  "radius:slater": {
    title: "Atomic radius, Slater",
    unit: "pm",
    source: sources.slater,
    origin: { file: mendeleev, header: "atomic_radius_slater_pm" },
  },
  "radius:metallic": {
    title: "Single-bond metallic radius",
    unit: "pm",
    source: sources.kayeLaby,
    origin: { file: mendeleev, header: "metallic_radius_pm" },
  },
  "radius:cn12": {
    title: "Metallic radius, 12 neighbours",
    unit: "pm",
    source: sources.kayeLaby,
    origin: { file: mendeleev, header: "metallic_radius_cn12_pm" },
  },
  "radius:cordero": {
    title: "Covalent radius, Cordero",
    unit: "pm",
    source: sources.cordero,
    origin: { file: mendeleev, header: "covalent_radius_cordero_pm" },
  },
  "radius:pyykko": {
    title: "Covalent radius, single bond, Pyykko",
    unit: "pm",
    source: sources.pyykko,
    origin: { file: mendeleev, header: "covalent_radius_pyykko_pm" },
  },
  "radius:van-der-waals": {
    title: "Van der Waals radius, Alvarez",
    unit: "pm",
    source: sources.alvarez,
    origin: { file: mendeleev, header: "vdw_radius_alvarez_pm" },
  },

  "electronegativity:pauling": {
    title: "Electronegativity, Pauling",
    unit: "1",
    source: sources.crc95,
    origin: { file: mendeleev, header: "electronegativity_pauling" },
  },
  "electronegativity:allen": {
    title: "Electronegativity, Allen",
    unit: "eV",
    source: sources.allen,
    origin: { file: mendeleev, header: "electronegativity_allen_eV" },
  },
  "electronegativity:single-phase": {
    title: "Electronegativity, single-phase set",
    unit: "1",
    source: sources.zeng,
    origin: { file: singlePhase, header: "pauling_electronegativity" },
  },
  "electronegativity:miedema": {
    title: "Electronegativity, Miedema",
    unit: "V",
    source: sources.deBoer,
    origin: { file: mendeleev, header: "miedema_phi_V" },
  },
  "first ionisation energy": {
    title: "First ionisation energy",
    unit: "eV",
    source: sources.mendeleevTable,
    origin: { file: mendeleev, header: "first_ionization_energy_eV" },
  },

  "valence electrons:alloy": {
    title: "Valence electrons, alloy convention",
    unit: "1",
    source: sources.guoVec,
    origin: { rule: "alloy-valence-electrons" },
    note: "s + p + d electrons: the group up to 12, the group less 10 beyond it, 3 for lanthanides; none for actinides and superheavy elements",
  },
  "valence electrons:single-phase": {
    title: "Valence electrons, single-phase set",
    unit: "1",
    source: sources.zeng,
    origin: { file: singlePhase, header: "valence_electron_count" },
    note: "counts filled d and f shells (Hf 18, W 20), unlike the alloy convention",
  },

  "melting temperature:crc": {
    title: "Melting temperature",
    unit: "K",
    source: sources.crc97,
    origin: { file: mendeleev, header: "melting_point_K" },
  },
  "melting temperature:single-phase": {
    title: "Melting temperature, single-phase set",
    unit: "K",
    source: sources.zeng,
    origin: { file: singlePhase, header: "melting_temperature_K" },
    note: "Sn stands as 395.71 K in the source (505.08 K in truth), kept because the set is a convention",
  },
  "boiling temperature": {
    title: "Boiling temperature",
    unit: "K",
    source: sources.crc97,
    origin: { file: mendeleev, header: "boiling_point_K" },
    note: "sublimation temperature where the solid sublimes",
  },
  "density:crc": {
    title: "Density at 295 K",
    unit: "g/cm3",
    source: sources.crc95,
    origin: { file: mendeleev, header: "density_g_per_cm3" },
  },
  "density:condensed": {
    title: "Density of the solid or liquid",
    unit: "g/cm3",
    source: sources.magpie,
    origin: { file: magpie, header: "Density_g_per_L", scale: 0.001, above: 0.1 },
    note: "gases have none: their density says nothing about an alloy",
  },
  "cohesive energy": {
    title: "Cohesive energy",
    unit: "eV/atom",
    source: sources.kittel,
    origin: { file: "cohesive_energies.csv", header: "cohesive_energy_eV_per_atom" },
  },
  "bulk modulus:pymatgen": {
    title: "Bulk modulus",
    unit: "GPa",
    source: sources.pymatgen,
    origin: { file: pymatgen, header: "bulk_modulus_GPa" },
  },
  "bulk modulus:single-phase": {
    title: "Bulk modulus, single-phase set",
    unit: "GPa",
    source: sources.zeng,
    origin: { file: singlePhase, header: "bulk_modulus_GPa" },
  },
  "shear modulus": {
    title: "Shear modulus",
    unit: "GPa",
    source: sources.magpie,
    origin: { file: magpie, header: "ShearModulus_GPa" },
  },
  "Young's modulus": {
    title: "Young's modulus",
    unit: "GPa",
    source: sources.pymatgen,
    origin: { file: pymatgen, header: "youngs_modulus_GPa" },
  },
  "Poisson ratio": {
    title: "Poisson ratio",
    unit: "1",
    source: sources.pymatgen,
    origin: { file: pymatgen, header: "poisson_ratio" },
  },
  "molar volume:magpie": {
    title: "Molar volume",
    unit: "cm3/mol",
    source: sources.magpie,
    origin: { file: magpie, header: "MolarVolume_cm3_per_mol" },
  },
  "molar volume:single-phase": {
    title: "Molar volume, single-phase set",
    unit: "cm3/mol",
    source: sources.zeng,
    origin: { file: singlePhase, header: "molar_volume_cm3_per_mol" },
  },

  price: {
    title: "Price",
    unit: "USD/kg",
    source: sources.prices,
    origin: { file: mendeleev, header: "price_USD_per_kg" },
    note: "order of magnitude: years and purities differ between elements",
  },
  "HHI:production": {
    title: "Herfindahl-Hirschman index of production",
    unit: "1",
    source: sources.gaultois,
    origin: { file: magpie, header: "HHIp" },
  },
  "HHI:reserves": {
    title: "Herfindahl-Hirschman index of reserves",
    unit: "1",
    source: sources.gaultois,
    origin: { file: magpie, header: "HHIr" },
  },
  "supply risk": {
    title: "Supply risk, 0 (low) to 1 (high)",
    unit: "1",
    source: sources.gorsse,
    origin: { file: indicators, header: "supply_risk_0_1" },
    note: "the source imputed some gaps",
  },
  "embodied energy": {
    title: "Embodied energy",
    unit: "MJ/kg",
    source: sources.gorsse,
    origin: { file: indicators, header: "embodied_energy_MJ_per_kg" },
    note: "the source imputed some gaps",
  },
  "crust abundance": {
    title: "Abundance in the Earth's crust",
    unit: "mg/kg",
    source: sources.crc95,
    origin: { file: mendeleev, header: "abundance_crust_mg_per_kg" },
  },

  "Number:magpie": magpieColumn("Atomic number", "1", "Number"),
  "MendeleevNumber:magpie": magpieColumn("Mendeleev number", "1", "MendeleevNumber"),
  "AtomicWeight:magpie": magpieColumn("Atomic weight", "g/mol", "AtomicWeight_Da"),
  "MeltingT:magpie": magpieColumn("Melting temperature", "K", "MeltingT_K"),
  "Column:magpie": magpieColumn("Column of the periodic table", "1", "Column"),
  "Row:magpie": magpieColumn("Row of the periodic table", "1", "Row"),
  "CovalentRadius:magpie": magpieColumn("Covalent radius", "pm", "CovalentRadius_pm"),
  "Electronegativity:magpie": magpieColumn("Electronegativity", "1", "Electronegativity"),
  "NsValence:magpie": magpieColumn("Filled s valence states", "1", "NsValence"),
  "NpValence:magpie": magpieColumn("Filled p valence states", "1", "NpValence"),
  "NdValence:magpie": magpieColumn("Filled d valence states", "1", "NdValence"),
  "NfValence:magpie": magpieColumn("Filled f valence states", "1", "NfValence"),
  "NValence:magpie": magpieColumn("Filled valence states", "1", "NValence"),
  "NsUnfilled:magpie": magpieColumn("Unfilled s valence states", "1", "NsUnfilled"),
  "NpUnfilled:magpie": magpieColumn("Unfilled p valence states", "1", "NpUnfilled"),
  "NdUnfilled:magpie": magpieColumn("Unfilled d valence states", "1", "NdUnfilled"),
  "NfUnfilled:magpie": magpieColumn("Unfilled f valence states", "1", "NfUnfilled"),
  "NUnfilled:magpie": magpieColumn("Unfilled valence states", "1", "NUnfilled"),
  "GSvolume_pa:magpie": magpieColumn(
    "Computed volume per atom of the ground state",
    "Å3/atom",
    "GSvolume_pa_A3_per_atom",
  ),
  "GSbandgap:magpie": magpieColumn("Computed band gap of the ground state", "eV", "GSbandgap_eV"),
  "GSmagmom:magpie": magpieColumn(
    "Computed magnetic moment per atom of the ground state, in Bohr magnetons",
    "1",
    "GSmagmom_muB_per_atom",
  ),
  "SpaceGroupNumber:magpie": magpieColumn(
    "Space group of the ground state",
    "1",
    "SpaceGroupNumber",
  ),
} as const satisfies Record<string, ElementColumn>;

export type ElementColumnName = keyof typeof elementColumns;

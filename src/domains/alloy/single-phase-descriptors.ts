import { enthalpyOf, entropyOf, meanOf, spreadOf, type Descriptor } from "./descriptor.ts";

/** The rounded gas constant of the convention, J/(mol K). */
const roundedGasConstant = 8.314;

/**
 * The eight descriptors in the convention of the single-phase data set: its own element values
 * (valence electrons count filled f shells), its own pair enthalpies, R = 8.314.
 * Source: C. Zeng, Z. Khan, N. L. Post, arXiv:2409.06740 (2024).
 */
export const singlePhaseEight: readonly Descriptor[] = [
  meanOf(
    {
      name: "bulk_modulus_single_phase",
      title: "Mean bulk modulus k, single-phase set",
      unit: "GPa",
    },
    "bulk modulus:single-phase",
  ),
  meanOf(
    {
      name: "molar_volume_single_phase",
      title: "Mean molar volume Vm, single-phase set",
      unit: "cm3/mol",
    },
    "molar volume:single-phase",
  ),
  meanOf(
    {
      name: "melting_temperature_single_phase",
      title: "Mean melting temperature, single-phase set",
      unit: "K",
    },
    "melting temperature:single-phase",
  ),
  meanOf(
    {
      name: "vec_single_phase",
      title: "Valence electrons with filled f shells, single-phase set",
      unit: "1",
      reading: "not the VEC of the fcc/bcc rule",
    },
    "valence electrons:single-phase",
  ),
  spreadOf(
    {
      name: "delta_single_phase",
      title: "Atomic size mismatch, single-phase set",
      unit: "%",
    },
    "radius:single-phase",
    { isRelative: true, scale: 100 },
  ),
  spreadOf(
    {
      name: "delta_chi_single_phase",
      title: "Electronegativity mismatch, single-phase set",
      unit: "1",
    },
    "electronegativity:single-phase",
    { isRelative: false },
  ),
  entropyOf(
    {
      name: "mixing_entropy_single_phase",
      title: "Ideal mixing entropy, R = 8.314",
      unit: "J/(mol K)",
      source: "C. Zeng, Z. Khan, N. L. Post, arXiv:2409.06740 (2024)",
    },
    roundedGasConstant,
  ),
  enthalpyOf(
    {
      name: "mixing_enthalpy_single_phase",
      title: "Mixing enthalpy, pairs of the single-phase set",
      unit: "kJ/mol",
    },
    "single-phase",
  ),
];

/**
 * Physical constants in SI units, stated once.
 * Source: CODATA 2022, E. Tiesinga et al., Rev. Mod. Phys. 97, 025002 (2025),
 * doi:10.1103/RevModPhys.97.025002. The first block is exact by the definition of the SI (2019)
 * and has been the same since CODATA 2018.
 */

/** Speed of light in vacuum, m/s (exact). */
export const speedOfLight = 299792458;
/** Planck constant, J s (exact). */
export const planckConstant = 6.62607015e-34;
/** Elementary charge, C (exact). */
export const elementaryCharge = 1.602176634e-19;
/** Boltzmann constant, J/K (exact). */
export const boltzmannConstant = 1.380649e-23;
/** Avogadro constant, 1/mol (exact). */
export const avogadroConstant = 6.02214076e23;
/** Molar gas constant, J/(mol K) (exact: Avogadro times Boltzmann). */
export const gasConstant = 8.31446261815324;
/** Faraday constant, C/mol (exact: Avogadro times elementary charge). */
export const faradayConstant = 96485.33212331001;
/** Standard acceleration of gravity, m/s2 (exact by convention, CGPM 1901). */
export const standardGravity = 9.80665;
/** 0 degC in kelvin (exact by definition). */
export const celsiusZeroK = 273.15;

/** Atomic mass constant, kg (CODATA 2022, relative uncertainty 3.1e-10). */
export const atomicMassConstant = 1.66053906892e-27;
/** Vacuum electric permittivity, F/m (CODATA 2022, relative uncertainty 1.6e-10). */
export const vacuumPermittivity = 8.8541878188e-12;
/** Bohr radius, m (CODATA 2022, relative uncertainty 1.6e-10). */
export const bohrRadius = 5.29177210544e-11;
/** Hartree energy, J (CODATA 2022, relative uncertainty 1.1e-12). */
export const hartreeEnergy = 4.359744722206e-18;

import {
  avogadroConstant,
  atomicMassConstant,
  bohrRadius,
  celsiusZeroK,
  elementaryCharge,
  hartreeEnergy,
} from "./constants.ts";

/** Currencies other than the dollar; no exchange rate links them, so each is a base of its own. */
const otherCurrencies = ["EUR", "GBP", "CHF", "CNY", "JPY", "INR", "KRW", "CAD", "AUD"] as const;

/**
 * Exponents of what a unit measures. Beside the SI bases there are some that keep apart what must
 * not be mixed silently: money (USD and every other currency), Vickers hardness (not a pressure), and
 * fractions by mass and by volume (wt% is not at%; fractions by amount are plain numbers).
 */
export const bases = [
  "length",
  "mass",
  "time",
  "current",
  "temperature",
  "amount",
  "money",
  ...otherCurrencies,
  "vickers",
  "massFraction",
  "volumeFraction",
] as const;
export type Base = (typeof bases)[number];
/** Those of them that are money. */
export const currencies: readonly Base[] = ["money", ...otherCurrencies];
/** Only exponents that are not zero. */
export type Dimension = Readonly<Partial<Record<Base, number>>>;

export interface UnitEntry {
  /** The symbol that canonical texts use. */
  readonly symbol: string;
  /** Other spellings. */
  readonly also?: readonly string[];
  readonly dimension: Dimension;
  /** The unit is `scale / divisor * 10^tens` of the coherent SI unit; decimal factors stay exact in `tens`. */
  readonly scale?: number;
  readonly divisor?: number;
  readonly tens?: number;
  /** Added to a reading before scaling, for temperatures with another zero. */
  readonly offset?: number;
  /** Prefixes that may precede symbol and other spellings; none when absent. */
  readonly prefixes?: string;
}

/** Powers of ten of the prefixes. */
export const prefixes: Readonly<Record<string, number>> = {
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  μ: -6,
  m: -3,
  c: -2,
  d: -1,
  h: 2,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
};
const all = "fpnuμmckMGT";

const force = { length: 1, mass: 1, time: -2 };
const pressure = { length: -1, mass: 1, time: -2 };
const energy = { length: 2, mass: 1, time: -2 };
const power = { length: 2, mass: 1, time: -3 };
const charge = { current: 1, time: 1 };

const otherSpellings: Readonly<Partial<Record<(typeof otherCurrencies)[number], string[]>>> = {
  EUR: ["€", "euro", "euros"],
  GBP: ["£"],
  CNY: ["RMB"],
};

/** Every unit that can be read. Gram-based masses carry `tens: -3` because the kilogram is the base. */
export const unitEntries: readonly UnitEntry[] = [
  {
    symbol: "m",
    also: ["meter", "metre", "meters", "metres"],
    dimension: { length: 1 },
    prefixes: `${all}dh`,
  },
  {
    symbol: "um",
    also: ["micron", "microns", "micrometer", "micrometre"],
    dimension: { length: 1 },
    tens: -6,
  },
  {
    symbol: "Å",
    also: ["angstrom", "Angstrom", "angstroms", "A°", "Ang"],
    dimension: { length: 1 },
    tens: -10,
  },
  { symbol: "bohr", dimension: { length: 1 }, scale: bohrRadius },
  { symbol: "in", also: ["inch", "inches"], dimension: { length: 1 }, scale: 254, tens: -4 },
  { symbol: "ft", also: ["foot", "feet"], dimension: { length: 1 }, scale: 3048, tens: -4 },
  {
    symbol: "L",
    also: ["l", "liter", "litre", "liters", "litres"],
    dimension: { length: 3 },
    tens: -3,
    prefixes: "nuμmcd",
  },

  {
    symbol: "g",
    also: ["gram", "grams", "gramme"],
    dimension: { mass: 1 },
    tens: -3,
    prefixes: all,
  },
  { symbol: "t", also: ["tonne", "tonnes"], dimension: { mass: 1 }, tens: 3 },
  {
    symbol: "lb",
    also: ["lbs", "pound", "pounds"],
    dimension: { mass: 1 },
    scale: 45359237,
    tens: -8,
  },
  {
    symbol: "oz",
    also: ["ounce", "ounces"],
    dimension: { mass: 1 },
    scale: 28349523125,
    tens: -12,
  },
  {
    symbol: "ozt",
    also: ["oz_t", "troy_ounce"],
    dimension: { mass: 1 },
    scale: 311034768,
    tens: -10,
  },
  { symbol: "u", also: ["Da", "amu"], dimension: { mass: 1 }, scale: atomicMassConstant },

  { symbol: "s", also: ["sec", "second", "seconds"], dimension: { time: 1 }, prefixes: "fpnuμm" },
  { symbol: "min", also: ["minute", "minutes"], dimension: { time: 1 }, scale: 60 },
  { symbol: "h", also: ["hr", "hrs", "hour", "hours"], dimension: { time: 1 }, scale: 3600 },
  { symbol: "d", also: ["day", "days"], dimension: { time: 1 }, scale: 86400 },
  { symbol: "year", also: ["years", "yr"], dimension: { time: 1 }, scale: 31557600 },
  { symbol: "Hz", also: ["hertz"], dimension: { time: -1 }, prefixes: all },

  {
    symbol: "K",
    also: ["kelvin", "Kelvin", "°K", "degK", "deg_K"],
    dimension: { temperature: 1 },
    prefixes: "uμmkM",
  },
  {
    symbol: "degC",
    also: ["°C", "deg_C", "celsius", "Celsius", "oC", "ºC"],
    dimension: { temperature: 1 },
    offset: celsiusZeroK,
  },
  {
    symbol: "degF",
    also: ["°F", "deg_F", "fahrenheit", "Fahrenheit", "ºF"],
    dimension: { temperature: 1 },
    offset: 459.67,
    scale: 5,
    divisor: 9,
  },

  { symbol: "mol", also: ["mole", "moles"], dimension: { amount: 1 }, prefixes: "pnuμmk" },
  {
    symbol: "atom",
    also: ["atoms"],
    dimension: { amount: 1 },
    scale: 1,
    divisor: avogadroConstant,
  },

  { symbol: "N", also: ["newton", "newtons"], dimension: force, prefixes: all },
  { symbol: "kgf", dimension: force, scale: 980665, tens: -5 },
  { symbol: "lbf", dimension: force, scale: 44482216152605, tens: -13 },
  { symbol: "Pa", also: ["pascal", "pascals"], dimension: pressure, prefixes: `${all}h` },
  { symbol: "bar", dimension: pressure, tens: 5, prefixes: "mk" },
  { symbol: "atm", dimension: pressure, scale: 101325 },
  {
    symbol: "Torr",
    also: ["torr", "mmHg"],
    dimension: pressure,
    scale: 101325,
    divisor: 760,
    prefixes: "m",
  },
  { symbol: "psi", dimension: pressure, scale: 44482216152605, divisor: 64516, tens: -5 },
  { symbol: "ksi", dimension: pressure, scale: 44482216152605, divisor: 64516, tens: -2 },
  { symbol: "Msi", dimension: pressure, scale: 44482216152605, divisor: 64516, tens: 1 },
  { symbol: "HV", also: ["Hv", "vickers", "Vickers", "VHN", "HVN"], dimension: { vickers: 1 } },

  { symbol: "J", also: ["joule", "joules"], dimension: energy, prefixes: all },
  {
    symbol: "eV",
    also: ["electronvolt"],
    dimension: energy,
    scale: elementaryCharge * 1e19,
    tens: -19,
    prefixes: "uμmkMG",
  },
  { symbol: "cal", dimension: energy, scale: 4184, tens: -3, prefixes: "k" },
  { symbol: "Wh", dimension: energy, scale: 3600, prefixes: "mkMGT" },
  { symbol: "hartree", also: ["Ha", "Eh"], dimension: energy, scale: hartreeEnergy, prefixes: "m" },
  { symbol: "W", also: ["watt", "watts"], dimension: power, prefixes: all },

  {
    symbol: "A",
    also: ["ampere", "amperes", "amp", "amps"],
    dimension: { current: 1 },
    prefixes: all,
  },
  { symbol: "C", also: ["coulomb"], dimension: charge, prefixes: "pnuμmk" },
  { symbol: "e", dimension: charge, scale: elementaryCharge * 1e19, tens: -19 },
  { symbol: "Ah", dimension: charge, scale: 3600, prefixes: "mk" },
  { symbol: "V", also: ["volt", "volts"], dimension: { ...power, current: -1 }, prefixes: all },
  {
    symbol: "ohm",
    also: ["Ω", "Ohm", "ohms"],
    dimension: { ...power, current: -2 },
    prefixes: all,
  },
  {
    symbol: "S",
    also: ["siemens"],
    dimension: { length: -2, mass: -1, time: 3, current: 2 },
    prefixes: all,
  },
  {
    symbol: "F",
    also: ["farad"],
    dimension: { length: -2, mass: -1, time: 4, current: 2 },
    prefixes: "fpnuμm",
  },
  { symbol: "H", also: ["henry"], dimension: { ...energy, current: -2 }, prefixes: "nuμm" },
  { symbol: "T", also: ["tesla"], dimension: { mass: 1, time: -2, current: -1 }, prefixes: "nuμm" },

  { symbol: "USD", also: ["$", "US$", "usd", "dollar", "dollars"], dimension: { money: 1 } },
  ...otherCurrencies.map((symbol) => ({
    symbol,
    also: otherSpellings[symbol] ?? [],
    dimension: { [symbol]: 1 },
  })),

  { symbol: "%", also: ["percent", "pct"], dimension: {}, tens: -2 },
  {
    symbol: "at%",
    also: ["at.%", "at-%", "at_%", "atomic%", "atpct", "at_pct", "at_percent", "a%"],
    dimension: {},
    tens: -2,
  },
  {
    symbol: "mol%",
    also: ["mol.%", "mol-%", "mole%", "molpct", "mol_pct", "mol_percent"],
    dimension: {},
    tens: -2,
  },
  { symbol: "ppm", dimension: {}, tens: -6 },
  { symbol: "appm", also: ["at.ppm", "at_ppm"], dimension: {}, tens: -6 },
  { symbol: "ppb", dimension: {}, tens: -9 },
  {
    symbol: "wt%",
    also: [
      "wt.%",
      "wt-%",
      "wt_%",
      "w%",
      "mass%",
      "wtpct",
      "wt_pct",
      "wt_percent",
      "weight%",
      "mass_percent",
      "m%",
    ],
    dimension: { massFraction: 1 },
    tens: -2,
  },
  {
    symbol: "wppm",
    also: ["ppmw", "wt.ppm", "wtppm", "wt_ppm", "mass_ppm"],
    dimension: { massFraction: 1 },
    tens: -6,
  },
  {
    symbol: "vol%",
    also: ["vol.%", "vol-%", "volpct", "vol_pct", "vol_percent", "volume%"],
    dimension: { volumeFraction: 1 },
    tens: -2,
  },
  { symbol: "rad", also: ["radian", "radians"], dimension: {} },
  { symbol: "deg", also: ["°", "degree", "degrees"], dimension: {}, scale: Math.PI / 180 },
];

/** Names and usual units of the quantities that people mean; the first unit of each is the commonest. */
export const quantityKinds: readonly {
  readonly name: string;
  readonly units: readonly string[];
}[] = [
  { name: "plain number or fraction", units: ["1", "%", "at%", "ppm"] },
  { name: "mass fraction", units: ["wt%", "wppm"] },
  { name: "volume fraction", units: ["vol%"] },
  { name: "pressure or stress", units: ["MPa", "GPa", "Pa", "kPa", "ksi", "bar"] },
  { name: "Vickers hardness", units: ["HV"] },
  { name: "density", units: ["g/cm3", "kg/m3"] },
  { name: "price per mass", units: ["USD/kg", "USD/lb", "USD/t"] },
  { name: "price", units: ["USD"] },
  ...otherCurrencies.map((currency) => ({ name: `price in ${currency}`, units: [currency] })),
  { name: "temperature", units: ["K", "degC", "degF"] },
  { name: "length", units: ["m", "mm", "um", "nm", "Å"] },
  { name: "area", units: ["m2", "mm2", "um2"] },
  { name: "volume", units: ["m3", "cm3", "L"] },
  { name: "mass", units: ["kg", "g", "mg", "lb"] },
  { name: "time", units: ["s", "min", "h", "d"] },
  { name: "rate or frequency", units: ["1/s", "Hz"] },
  { name: "speed", units: ["m/s", "mm/s"] },
  { name: "heating or cooling rate", units: ["K/s", "K/min"] },
  { name: "thermal expansion", units: ["1/K", "ppm/K"] },
  { name: "energy", units: ["eV", "meV", "J", "kJ"] },
  { name: "energy per amount", units: ["kJ/mol", "J/mol", "eV/atom"] },
  { name: "entropy or heat capacity per amount", units: ["J/(mol K)"] },
  { name: "specific heat capacity", units: ["J/(kg K)", "J/(g K)"] },
  { name: "specific energy", units: ["W h/kg", "J/kg", "kJ/g"] },
  { name: "energy per area", units: ["J/m2", "mJ/m2"] },
  { name: "fracture toughness", units: ["MPa m^0.5"] },
  { name: "molar mass", units: ["g/mol", "kg/mol"] },
  { name: "molar volume", units: ["cm3/mol", "m3/mol"] },
  { name: "amount", units: ["mol", "mmol"] },
  { name: "concentration", units: ["mol/L", "mmol/L"] },
  { name: "force", units: ["N", "kN"] },
  { name: "power", units: ["W", "kW"] },
  { name: "thermal conductivity", units: ["W/(m K)"] },
  { name: "diffusivity", units: ["m2/s", "cm2/s"] },
  { name: "viscosity", units: ["Pa s", "mPa s"] },
  { name: "electrical conductivity", units: ["S/cm", "S/m", "mS/cm"] },
  { name: "electrical resistivity", units: ["ohm m", "ohm cm"] },
  { name: "resistance", units: ["ohm"] },
  { name: "voltage", units: ["V", "mV"] },
  { name: "electric current", units: ["A", "mA"] },
  { name: "current density", units: ["A/cm2", "mA/cm2"] },
  { name: "electric charge", units: ["C", "mA h"] },
  { name: "specific capacity", units: ["mA h/g", "A h/kg"] },
  { name: "electrons per atom", units: ["e/atom"] },
  { name: "magnetic flux density", units: ["T", "mT"] },
];

/** Hardness scales that no factor links to another. */
export const otherHardness = ["HRC", "HRB", "HRA", "HB", "HBW", "BHN", "HK", "HL"];

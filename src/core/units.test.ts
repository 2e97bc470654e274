import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { InputError } from "./errors.ts";
import { prefixes, quantityKinds, unitEntries } from "./units-table.ts";
import {
  canonicalUnit,
  convert,
  convertDifference,
  describeDimension,
  isSameDimension,
  parseQuantity,
  unitsLike,
} from "./units.ts";

/** Relative closeness of values that pass through a few roundings. */
function near(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual} is not ${expected}`,
  );
}

test("spellings of one unit have one canonical text", () => {
  const groups: Record<string, string[]> = {
    "g/cm3": [
      "g/cm3",
      "g/cm^3",
      "g/cm³",
      "g cm-3",
      "g cm^-3",
      "g·cm⁻³",
      "g per cm3",
      "g/cm**3",
      "g/cc",
      "[g/cm3]",
    ],
    "W/(m K)": ["W/(m K)", "W/(m*K)", "W/m/K", "W m-1 K-1", "W m^-1 K^-1"],
    um: ["um", "µm", "μm", "micron"],
    Å: ["Å", "Å", "angstrom"],
    degC: ["degC", "°C", "℃", "celsius", "deg C", "deg. C", "deg.C", "° C"],
    "at%": ["at%", "at.%", "at. %", "at %", "at_pct"],
    "wt%": ["wt%", "wt.%", "wt %", "mass%", "weight %"],
    "MPa m^0.5": ["MPa m^0.5", "MPa√m", "MPa·m^(1/2)", "MPa m^1/2".replace("1/2", "(1/2)")],
    "mA h/g": ["mA h/g", "mA·h/g", "mA*h/g"],
    wppm: ["ppmw"],
    "USD/kg": ["USD/kg", "$/kg", "US$/kg"],
    "1": ["1", "", " ", "m/m", "-", "–", "dimensionless"],
    HV: ["HV", "HV10", "HV0.5"],
    "10^-6/K": ["10^-6/K", "10-6/K", "1e-6/K", "10⁻⁶ K⁻¹", "×10⁻⁶ K⁻¹", "x10-6/K"],
  };
  for (const [canonical, spellings] of Object.entries(groups)) {
    for (const spelling of spellings) assert.equal(canonicalUnit(spelling), canonical, spelling);
  }
});

test("conversions give the factors of the NIST guide to the SI (SP 811, 2008)", () => {
  // B.8: psi, ksi, lb, in, ft, atm, torr, kgf, cal, degF; exact factors to the digits printed there.
  near(convert(1, "psi", "Pa"), 6894.757, 1e-7);
  near(convert(1, "ksi", "MPa"), 6.894757, 1e-7);
  near(convert(1, "lb/in3", "kg/m3"), 27679.9, 1e-6);
  near(convert(1, "kgf/mm2", "MPa"), 9.80665);
  near(convert(1, "atm", "Pa"), 101325);
  near(convert(1, "Torr", "Pa"), 133.3224, 1e-6);
  near(convert(1, "USD/lb", "USD/kg"), 2.204623, 1e-6);
  near(convert(1, "oz", "g"), 28.34952, 1e-6);
  near(convert(1, "ozt", "g"), 31.10348, 1e-6);
  near(convert(1, "ft", "mm"), 304.8);
});

test("energies follow from the exact constants of the SI", () => {
  // CODATA 2018/2022 printed values: 1 eV = 1.602176634e-19 J; e N_A = 96485.33212... J/mol per eV.
  near(convert(1, "eV", "J"), 1.602176634e-19);
  near(convert(1, "eV/atom", "kJ/mol"), 96.48533212331, 1e-12);
  near(convert(1, "kcal/mol", "kJ/mol"), 4.184);
  near(convert(1, "W h/kg", "J/kg"), 3600);
  near(convert(1, "mA h/g", "C/kg"), 3600);
});

test("decimal factors are exact in binary", () => {
  assert.equal(convert(1.5, "GPa", "MPa"), 1500);
  assert.equal(convert(7.87, "g/cm3", "kg/m3"), 7870);
  assert.equal(convert(7870, "kg/m3", "g/cm3"), 7.87);
  assert.equal(convert(1, "Å", "nm"), 0.1);
  assert.equal(convert(12.5, "at%", "1"), 0.125);
  assert.equal(convert(3, "h", "min"), 180);
  assert.equal(convert(100, "S/m", "S/cm"), 1);
});

test("temperature readings move with their zero, differences do not", () => {
  assert.equal(convert(25, "degC", "K"), 298.15);
  assert.equal(convert(212, "degF", "degC"), 100);
  assert.equal(convert(-40, "degC", "degF"), -40);
  assert.equal(convert(0, "K", "degC"), -273.15);
  assert.equal(convertDifference(10, "degC", "K"), 10);
  assert.equal(convertDifference(9, "degF", "K"), 5);
  assert.equal(convert(2, "degC/min", "K/min"), 2);
  assert.equal(convert(1, "J/(g degC)", "J/(kg K)"), 1000);
});

test("quantities read as a number and a unit", () => {
  assert.deepEqual(parseQuantity("60 USD/kg"), { value: 60, unit: "USD/kg" });
  assert.deepEqual(parseQuantity("25°C"), { value: 25, unit: "degC" });
  assert.deepEqual(parseQuantity("-.5"), { value: -0.5, unit: "1" });
  assert.deepEqual(parseQuantity("1e3MPa"), { value: 1000, unit: "MPa" });
  assert.deepEqual(parseQuantity("5eV"), { value: 5, unit: "eV" });
  assert.deepEqual(parseQuantity("30%"), { value: 30, unit: "%" });
  assert.deepEqual(parseQuantity("−5 degC"), { value: -5, unit: "degC" });
  for (const bad of ["1,200 MPa", "MPa", "", "ten K", "1.2.3", "5 5 K"]) {
    assert.throws(() => parseQuantity(bad), InputError, bad);
  }
});

test("another dimension is refused with both names and usable units", () => {
  assert.throws(
    () => convert(1, "MPa", "g/cm3"),
    (error: unknown) =>
      error instanceof InputError &&
      /MPa \(pressure or stress\) into g\/cm3 \(density\)/.test(error.message) &&
      /g\/cm3, kg\/m3/.test(error.details.hint ?? ""),
  );
  const pairs = [
    ["HV", "MPa"],
    ["wt%", "at%"],
    ["wppm", "ppm"],
    ["C", "K"],
    ["USD/kg", "USD"],
    ["J/mol", "J"],
  ] as const;
  for (const [from, to] of pairs) {
    assert.equal(isSameDimension(from, to), false);
    assert.throws(() => convert(1, from, to), InputError, `${from} into ${to}`);
  }
});

test("an unknown unit names the nearest spelling", () => {
  const cases = { mpa: "MPa", Gpaa: "GPa", usd_kg: undefined, kelvn: "kelvin", "g/cmm3": "cm" };
  for (const [wrong, near] of Object.entries(cases)) {
    assert.throws(
      () => canonicalUnit(wrong),
      (error: unknown) =>
        error instanceof InputError &&
        (near === undefined || error.details.hint === `Did you mean "${near}"?`),
      wrong,
    );
  }
});

test("currencies are units of their own, none of which is converted into another", () => {
  assert.equal(canonicalUnit("€/kg"), "EUR/kg");
  assert.equal(convert(2, "EUR/h", "EUR/min"), 2 / 60);
  assert.throws(
    () => convert(1, "EUR/kg", "USD/kg"),
    (error: unknown) => error instanceof InputError && /exchange rate/.test(error.details.hint!),
  );
  assert.throws(() => canonicalUnit("¥"), /JPY or CNY/);
});

test("other hardness scales are refused, not converted", () => {
  assert.throws(() => canonicalUnit("HRC"), /Vickers/);
});

test("texts with two readings and broken texts are refused", () => {
  const bad = [
    "W/m K",
    "W/mK",
    "J/mol K",
    "W/m*K",
    "g/cm3)",
    "(g/cm3",
    "m^0",
    "m^0.3",
    "K/",
    "m1/2",
    "m^99",
  ];
  for (const text of bad) assert.throws(() => canonicalUnit(text), InputError, text);
});

test("no two spellings, prefixed or not, mean different units by accident", () => {
  const spelt = new Map<string, string>();
  for (const entry of unitEntries) {
    for (const spelling of [entry.symbol, ...(entry.also ?? [])]) {
      const before = spelt.get(spelling.normalize("NFKC"));
      assert.ok(
        before === undefined || before === entry.symbol,
        `${spelling}: ${before}, ${entry.symbol}`,
      );
      spelt.set(spelling.normalize("NFKC"), entry.symbol);
    }
  }
  // A prefixed unit that is spelt like a listed one is read as the listed one; these are all such pairs.
  const shadowed: string[] = [];
  for (const entry of unitEntries) {
    for (const prefix of entry.prefixes ?? "") {
      const word = `${prefix}${entry.symbol}`;
      const listed = spelt.get(word);
      assert.ok(prefix in prefixes);
      if (listed !== undefined) shadowed.push(`${word} = ${listed}`);
    }
  }
  assert.deepEqual(shadowed.sort(), ["um = um"]);
});

test("every named kind of quantity lists convertible units in canonical spelling", () => {
  for (const kind of quantityKinds) {
    for (const unit of kind.units) {
      assert.equal(canonicalUnit(unit), unit);
      assert.equal(describeDimension(unit), kind.name);
    }
    assert.deepEqual(unitsLike(kind.units[0]), kind.units);
  }
});

test("any text is a unit or is refused with an explanation", () => {
  const piece = fc.constantFrom(
    "MPa",
    "m",
    "/",
    "^",
    "2",
    "(",
    ")",
    " ",
    "-1",
    "%",
    "per",
    "√",
    "k",
    "°",
    ".",
    "10",
    "HV",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const canonical = canonicalUnit(given);
        assert.equal(canonicalUnit(canonical), canonical);
      } catch (error) {
        assert.ok(error instanceof InputError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test("canonical texts read back as themselves and conversions invert", () => {
  const atoms = ["m", "kg", "MPa", "K", "mol", "nm", "USD", "eV", "h", "HV", "wt%", "mA"];
  const factor = fc.tuple(fc.constantFrom(...atoms), fc.constantFrom(-2, -1, -0.5, 0.5, 1, 2, 3));
  fc.assert(
    fc.property(
      fc.uniqueArray(factor, { selector: ([atom]) => atom, minLength: 1, maxLength: 4 }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      (factors, value) => {
        const text = canonicalUnit(factors.map(([atom, power]) => `${atom}^${power}`).join(" "));
        assert.equal(canonicalUnit(text), text);
        for (const other of unitsLike(text)) {
          // A zero elsewhere (degC) costs the digits of the value that lie below those of the shift.
          const shift = Math.abs(convert(0, text, other) / convertDifference(1, text, other));
          const back = convert(convert(value, text, other), other, text);
          assert.ok(Math.abs(back - value) <= 1e-9 * value + 4 * Number.EPSILON * shift);
        }
      },
    ),
  );
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../core/errors.ts";
import { canonicalUnit } from "../core/units.ts";
import { elementColumns, type ElementColumn, type ElementColumnName } from "./element-columns.ts";
import table from "./elements.data.json" with { type: "json" };
import {
  atomicNumber,
  elementBlock,
  elementName,
  elementSymbols,
  elementValue,
  elementValues,
  elementsWith,
  symbolOfName,
  tabulatedValue,
} from "./elements.ts";
import { sources, type Citation } from "./sources.ts";

const columns = Object.entries(elementColumns) as [ElementColumnName, ElementColumn][];

describe("element table", () => {
  it("has 118 elements in the order of their atomic numbers", () => {
    assert.equal(elementSymbols.length, 118);
    assert.equal(new Set(elementSymbols).size, 118);
    assert.equal(table.names.length, 118);
    for (const [symbol, number] of [
      ["H", 1],
      ["Fe", 26],
      ["W", 74],
      ["U", 92],
      ["Og", 118],
    ] as const) {
      assert.equal(atomicNumber(symbol), number);
    }
  });

  it("has a title, a canonical unit and a source with licence for every column", () => {
    for (const [name, { title, unit, source }] of columns) {
      assert.ok(title.length > 2, name);
      assert.equal(canonicalUnit(unit), unit, `${name}: ${unit}`);
      assert.ok(Object.values<Citation>(sources).includes(source), name);
    }
    for (const [name, { reference, license, table }] of Object.entries<Citation>(sources)) {
      assert.match(reference, /\(\d{4}\)/, `${name} has a year`);
      assert.ok(license.length > 2 && table.length > 2, name);
    }
  });

  it("holds no column without a description and describes none that it does not hold", () => {
    const described = new Set(columns.map(([name]) => name as string));
    const held = Object.keys(table).filter((key) => !["symbols", "names", "blocks"].includes(key));
    assert.deepEqual(new Set(held), described);
  });

  it("holds a finite number or none, 118 entries a column", () => {
    for (const [name] of columns) {
      const values: readonly (number | null)[] = table[name];
      assert.equal(values.length, 118, name);
      assert.ok(
        values.every((value) => value === null || Number.isFinite(value)),
        name,
      );
      assert.ok(elementsWith(name).length >= 18, name);
    }
  });

  it("gives the values of the sources", () => {
    // Printed values: IUPAC 2013 weights, Miracle 2010, Cordero 2008, Gaultois 2013, CRC.
    const expected: [string, ElementColumnName, number][] = [
      ["Fe", "atomic weight", 55.845],
      ["Mo", "atomic weight", 95.95],
      ["Mo", "AtomicWeight:magpie", 95.96],
      ["Al", "radius:miracle", 141],
      ["Zr", "radius:miracle", 158],
      ["Mn", "radius:guo-liu", 135],
      ["Ni", "radius:guo-liu", 124.6],
      ["Fe", "radius:single-phase", 140],
      ["C", "radius:cordero", 73],
      ["O", "electronegativity:pauling", 3.44],
      ["He", "HHI:production", 3200],
      ["He", "HHI:reserves", 3900],
      ["W", "valence electrons:single-phase", 20],
      ["Sn", "melting temperature:single-phase", 395.71],
      ["Fe", "density:condensed", 7.874],
      ["Fe", "group", 8],
      ["Hf", "period", 6],
      ["Hf", "NValence:magpie", 18],
      ["Re", "supply risk", 0.746],
    ];
    for (const [symbol, column, value] of expected) {
      assert.equal(elementValue(symbol, column), value, `${symbol} ${column}`);
    }
    assert.equal(elementName("W"), "Tungsten");
    assert.equal(elementBlock("Ce"), "f");
  });

  it("counts alloy valence electrons by the group", () => {
    const expected: Record<string, number> = {
      Al: 3,
      Si: 4,
      Sc: 3,
      Ti: 4,
      Hf: 4,
      V: 5,
      Ta: 5,
      Cr: 6,
      W: 6,
    };
    Object.assign(expected, { Mn: 7, Re: 7, Fe: 8, Co: 9, Ni: 10, Pd: 10, Cu: 11, Au: 11, Zn: 12 });
    Object.assign(expected, { Li: 1, Mg: 2, B: 3, C: 4, N: 5, La: 3, Nd: 3, Lu: 3, Sn: 4 });
    for (const [symbol, electrons] of Object.entries(expected)) {
      assert.equal(elementValue(symbol, "valence electrons:alloy"), electrons, symbol);
    }
    assert.equal(tabulatedValue("U", "valence electrons:alloy"), undefined);
  });

  it("agrees between sources where they measure the same", () => {
    const relative = (a: ElementColumnName, b: ElementColumnName, symbol: string): number =>
      Math.abs(elementValue(symbol, a) / elementValue(symbol, b) - 1);
    for (const symbol of "Al Ti V Cr Mn Fe Co Ni Cu Zr Nb Mo Hf Ta W".split(" ")) {
      assert.ok(relative("atomic weight", "AtomicWeight:magpie", symbol) < 2e-4, symbol);
      assert.ok(relative("melting temperature:crc", "MeltingT:magpie", symbol) < 0.005, symbol);
      assert.ok(relative("density:crc", "density:condensed", symbol) < 0.05, symbol);
      assert.ok(relative("radius:miracle", "radius:guo-liu", symbol) < 0.05, symbol);
    }
  });

  it("has no density for gases in the column for alloys", () => {
    for (const gas of ["H", "N", "O", "Ar"]) {
      assert.equal(tabulatedValue(gas, "density:condensed"), undefined);
    }
  });

  it("names element, property, set and what is known when a value is missing", () => {
    assert.throws(
      () => elementValues(["Fe", "O", "Cl"], "radius:guo-liu"),
      (error: InputError) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, /no value for O, Cl in the set "radius:guo-liu"/);
        assert.match(error.details.hint ?? "", /Leave out O, Cl.*Covered: Li, B, C/);
        return true;
      },
    );
  });

  it("refuses unknown symbols with the nearest element", () => {
    const hintOf = (symbol: string): string => {
      try {
        atomicNumber(symbol);
      } catch (error) {
        assert.ok(error instanceof InputError);
        return error.details.hint ?? "";
      }
      return "accepted";
    };
    assert.match(hintOf("FE"), /Did you mean Fe\?/);
    assert.match(hintOf("iron"), /Iron is written Fe/);
    assert.match(hintOf("Tungstn"), /Did you mean W \(Tungsten\)/);
    assert.match(hintOf("D"), /isotope of hydrogen/);
    assert.match(hintOf("Qq"), /one or two letters/);
    assert.equal(symbolOfName("tin"), "Sn");
  });
});

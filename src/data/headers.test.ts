import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { isUnitsRow, parseHeader, snakeCase } from "./headers.ts";

test("units are read from every usual way of writing a header", () => {
  const cases: [string, string, string][] = [
    ["yield_strength_MPa", "yield_strength", "MPa"],
    ["hardness (HV)", "hardness", "HV"],
    ["Yield strength [MPa]", "yield_strength", "MPa"],
    ["test_temperature_C", "test_temperature", "degC"],
    ["T / K", "t", "K"],
    ["T (°C)", "t", "degC"],
    ["density_g_per_cm3", "density", "g/cm3"],
    ["price, USD/kg", "price", "USD/kg"],
    ["elongation_percent", "elongation", "%"],
    ["Elongation %", "elongation", "%"],
    ["Thermal conductivity (W/(m K))", "thermal_conductivity", "W/(m K)"],
    ["mixing_entropy_J_per_mol_K", "mixing_entropy", "J/(mol K)"],
    ["K_IC (MPa√m)", "k_ic", "MPa m^0.5"],
    ["annealing time (h)", "annealing_time", "h"],
    ["grain_size_um", "grain_size", "um"],
    ["oxygen_wppm", "oxygen", "wppm"],
  ];
  for (const [header, name, unit] of cases) assert.deepEqual(parseHeader(header), { name, unit });
});

test("words that only look like units stay in the name", () => {
  const headers = [
    "reference_year",
    "x_min",
    "UTS (max)",
    "phase_class",
    "bulk K",
    "vacancy_in",
    "formula",
  ];
  for (const header of headers) {
    assert.deepEqual(parseHeader(header), { name: snakeCase(header) }, header);
  }
});

test("amounts of elements are told with their basis", () => {
  const cases: [string, string, string | undefined, string | undefined][] = [
    ["x_Al", "Al", "atomic", "1"],
    ["Al at%", "Al", "atomic", "at%"],
    ["Al (wt%)", "Al", "mass", "wt%"],
    ["Al (at.%)", "Al", "atomic", "at%"],
    ["Al (Gew.-%)", "Al", "mass", "wt%"],
    ["wtpct_Fe", "Fe", "mass", "wt%"],
    ["wt% Nb", "Nb", "mass", "wt%"],
    ["Fe content (wt%)", "Fe", "mass", "wt%"],
    ["Al_wt", "Al", "mass", "1"],
    ["Al (%)", "Al", undefined, "%"],
    ["Al", "Al", undefined, undefined],
  ];
  for (const [header, element, basis, unit] of cases) {
    const parts = parseHeader(header);
    assert.deepEqual([parts.element, parts.basis, parts.unit], [element, basis, unit], header);
  }
  for (const header of ["Al2O3 (wt%)", "Ni price", "C hardness (HV)", "Re-test"]) {
    assert.equal(parseHeader(header).element, undefined, header);
  }
});

test("a currency is read, another hardness scale is reported, not dropped", () => {
  assert.equal(parseHeader("price (EUR/kg)").unit, "EUR/kg");
  assert.match(parseHeader("hardness (HRC)").refused ?? "", /Vickers/);
});

test("names become lower snake case", () => {
  assert.equal(snakeCase("Yield Strength"), "yield_strength");
  assert.equal(snakeCase("YieldStrength"), "yield_strength");
  assert.equal(snakeCase("hardness ±"), "hardness_std");
  assert.equal(snakeCase("  σ_y  "), "σ_y");
  // Mathematical capitals have no small letters of their own.
  assert.equal(snakeCase("aÀ𝓐"), "aàa");
});

test("any header is read, into a name in lower snake case", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (header) => {
      const { name } = parseHeader(header);
      assert.equal(name, snakeCase(name));
    }),
    { numRuns: 500 },
  );
});

test("a units row is one only when every cell is a unit and one is no element", () => {
  assert.ok(isUnitsRow([null, "MPa", "g/cm3", "-"]));
  assert.ok(isUnitsRow(["", "[MPa]", "(K)"].map((cell) => (cell === "" ? null : cell))));
  assert.ok(!isUnitsRow(["C", "F", "H"]));
  assert.ok(!isUnitsRow(["CoCrFeNi", "MPa"]));
  assert.ok(!isUnitsRow([null, null]));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  formatNumber,
  formatPercent,
  formatUncertain,
  groupDigits,
  plural,
  prettyUnit,
  titleOf,
} from "./format.ts";

const plain = (text: string): string =>
  text.replaceAll(/[\u2009\u202f]/g, " ").replaceAll("−", "-");

test("numbers carry four significant digits, thin spaces and a true minus", () => {
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(1234567), "1\u202f234\u202f567");
  assert.equal(formatNumber(-0.012345), "−0.01235");
  assert.equal(formatNumber(2.5), "2.5");
  assert.equal(formatNumber(2.04032533091695451e17, 3), "2.04 × 10¹⁷");
  assert.equal(formatNumber(3.2e-7, 3), "3.20 × 10⁻⁷");
  assert.equal(formatNumber(Number.NaN), "–");
});

test("mean and deviation end at the same decimal, the deviation with two digits", () => {
  assert.equal(plain(formatUncertain(1243.7, 178.2)), "1 240 ± 180");
  assert.equal(plain(formatUncertain(7.0923, 0.1234)), "7.09 ± 0.12");
  assert.equal(plain(formatUncertain(0.8765, 0.0042)), "0.8765 ± 0.0042");
  assert.equal(plain(formatUncertain(12.3456, 0)), "12.35");
});

test("a formatted number reads back within its last digit", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e8, max: 1e8, noNaN: true }), (value) => {
      const text = plain(formatNumber(value, 6)).replaceAll(" ", "");
      if (text.includes("×")) return;
      assert.ok(Math.abs(Number(text) - value) <= 1e-5 * Math.abs(value) + 1e-9, text);
    }),
  );
});

test("units, titles, percentages and counts read as people write them", () => {
  assert.equal(prettyUnit("g/cm3"), "g/cm³");
  assert.equal(prettyUnit("degC"), "°C");
  assert.equal(prettyUnit("1"), "");
  assert.equal(prettyUnit("W/m/K"), "W/m/K");
  assert.equal(titleOf("yield_strength"), "Yield strength");
  assert.equal(plain(formatPercent(0.125)), "12.5 %");
  assert.equal(plain(formatPercent(0.5)), "50 %");
  assert.equal(plural(1, "alloy"), "1 alloy");
  assert.equal(plain(plural(1545, "alloy")), "1 545 alloys");
  assert.equal(groupDigits("204032533091695451").length, 18 + 5);
});

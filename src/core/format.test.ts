import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countOf,
  formatNumber,
  formatWithStd,
  percent,
  settingDigits,
  shortNumber,
} from "./format.ts";

test("numbers keep their significant digits and set thousands apart", () => {
  assert.equal(formatNumber(1234.5678), "1,235");
  assert.equal(formatNumber(0.00123456), "0.001235");
  assert.equal(formatNumber(-45.678, 3), "-45.7");
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(1.5e12), "1.500e+12");
});

test("a short number has no zeros behind its last digit", () => {
  assert.equal(shortNumber(0.5), "0.5");
  assert.equal(shortNumber(900), "900");
  assert.equal(shortNumber(1450), "1,450");
  assert.equal(shortNumber(0), "0");
  assert.equal(shortNumber(1.5e12), "1.500e+12");
});

test("a setting that somebody chose is shown as written, a searched one with four digits", () => {
  const shown = (value: number): string => shortNumber(value, settingDigits(value));
  assert.deepEqual([2, 0.125, 1073.15, 0.3, 100].map(shown), [
    "2",
    "0.125",
    "1,073.15",
    "0.3",
    "100",
  ]);
  assert.equal(shown(0.1 + 0.2), "0.3");
  assert.equal(shown(412.83719441), "412.8");
});

test("a value is printed to the decimal of its two-digit uncertainty", () => {
  assert.equal(formatWithStd(1453.2, 182.7), "1,450 ± 180");
  assert.equal(formatWithStd(6.12345, 0.0432), "6.123 ± 0.043");
  assert.equal(formatWithStd(25, 0), "25.00");
});

test("nouns agree with their count", () => {
  assert.equal(countOf(1, "alloy"), "1 alloy");
  assert.equal(countOf(1545, "alloy"), "1,545 alloys");
});

test("percent says a share to two digits, and no number for next to nothing", () => {
  assert.deepEqual(
    [0, 1e-190, 0.00036, 0.014, 0.5, 0.87, 1].map((share) => percent(share)),
    ["0 %", "less than 0.01 %", "0.036 %", "1.4 %", "50 %", "87 %", "100 %"],
  );
  assert.equal(percent(0.8764, 3), "87.6 %");
});

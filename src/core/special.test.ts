import assert from "node:assert/strict";
import { test } from "node:test";
import { worst } from "../../test/reference/special-values.ts";
import { InputError } from "./errors.ts";
import {
  chiSquareCdf,
  chiSquareQuantile,
  digamma,
  gammaP,
  gammaQ,
  logGamma,
} from "./gamma-function.ts";
import { normalCdf, normalLogCdf, normalPdf, normalQuantile } from "./special.ts";
import { betaRegularised, studentCdf, studentQuantile } from "./student-t.ts";

const relative = (actual: number, expected: number): number =>
  actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
/** Relative above 1, absolute below: for functions with zeros. */
const mixed = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / Math.max(1, Math.abs(expected));

type Entry = readonly [
  name: string,
  f: (...args: number[]) => number,
  error: typeof relative,
  limit: number,
];
const entries: readonly Entry[] = [
  ["normalPdf", normalPdf, relative, 1e-15],
  ["normalCdf", normalCdf, relative, 2e-15],
  ["normalLogCdf", normalLogCdf, relative, 2e-15],
  ["normalQuantile", normalQuantile, relative, 2e-15],
  ["logGamma", logGamma, relative, 2e-15],
  ["digamma", digamma, mixed, 2e-15],
  ["gammaP", gammaP, relative, 5e-13],
  ["gammaQ", gammaQ, mixed, 1e-13],
  ["betaRegularised", betaRegularised, mixed, 5e-13],
  ["studentCdf", studentCdf, mixed, 1e-13],
  ["studentQuantile", studentQuantile, relative, 1e-12],
  ["chiSquareQuantile", chiSquareQuantile, relative, 1e-12],
];

for (const [name, f, error, limit] of entries) {
  test(`${name} is within ${limit} of the exact value`, () => {
    const found = worst(name, f, error);
    assert.ok(found.error <= limit, `${found.error} at ${found.at}`);
  });
}

test("known quantiles come out as printed in tables", () => {
  // Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.
  assert.equal(normalQuantile(0.975).toFixed(3), "1.960");
  assert.equal(studentQuantile(0.975, 10).toFixed(3), "2.228");
  assert.equal(studentQuantile(0.95, 1).toFixed(3), "6.314");
  assert.equal(chiSquareQuantile(0.95, 5).toFixed(3), "11.070");
});

test("the ends of the supports give the limits", () => {
  assert.deepEqual([-Infinity, Infinity].map(normalCdf), [0, 1]);
  assert.deepEqual([-Infinity, Infinity].map(normalPdf), [0, 0]);
  assert.deepEqual([0, 1].map(normalQuantile), [-Infinity, Infinity]);
  assert.equal(normalLogCdf(Infinity), 0);
  assert.deepEqual(
    [0, 1].map((p) => studentQuantile(p, 3)),
    [-Infinity, Infinity],
  );
  assert.deepEqual(
    [0, 1].map((p) => chiSquareQuantile(p, 3)),
    [0, Infinity],
  );
  assert.deepEqual(
    [0, Infinity].map((x) => chiSquareCdf(x, 3)),
    [0, 1],
  );
  assert.deepEqual(
    [0, Infinity].map((x) => gammaQ(2, x)),
    [1, 0],
  );
  assert.deepEqual(
    [0, 1].map((x) => betaRegularised(2, 3, x)),
    [0, 1],
  );
  assert.deepEqual(
    [-Infinity, Infinity].map((t) => studentCdf(t, 3)),
    [0, 1],
  );
  assert.deepEqual([1, 2].map(logGamma), [0, 0]);
});

test("arguments outside the domain are refused", () => {
  assert.throws(() => gammaP(-1, 1), InputError);
  assert.throws(() => betaRegularised(1, 1, 1.5), InputError);
  assert.throws(() => studentQuantile(2, 3), InputError);
  assert.throws(() => chiSquareQuantile(0.5, 0), InputError);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ulps, worst } from "../../test/reference/special-values.ts";
import * as elementary from "./elementary.ts";
import { erfOf, expOf, logOf, tanhOf } from "./vector-functions.ts";

const scalar = { exp: 1, expm1: 1, log: 1, log1p: 1, tanh: 2, sin: 1, cos: 1, pow: 1, erf: 3 };

for (const [name, limit] of Object.entries(scalar)) {
  test(`${name} is within ${limit} unit(s) in the last place of the exact value`, () => {
    const f = elementary[name as keyof typeof elementary] as (...args: number[]) => number;
    const { error, at } = worst(name, f, ulps);
    assert.ok(error <= limit, `${error} ulp at ${at}`);
  });
}

const vector = { exp: [expOf, 1], log: [logOf, 1], tanh: [tanhOf, 3], erf: [erfOf, 3] } as const;

for (const [name, [f, limit]] of Object.entries(vector)) {
  test(`${name} of an array is within ${limit} unit(s) in the last place of the exact value`, () => {
    const { error, at } = worst(name, (x) => f([x])[0], ulps);
    assert.ok(error <= limit, `${error} ulp at ${at}`);
  });
}

test("arrays of any length have the same digits at each place as alone", () => {
  for (const n of [0, 1, 2, 3, 7, 4095, 4096, 4097]) {
    const x = Float64Array.from({ length: n }, (_, i) => (i - n / 3) / 7 + 0.01);
    for (const f of [expOf, logOf, tanhOf, erfOf]) {
      const all = f(x);
      assert.equal(all.length, n);
      for (const i of [0, n >> 1, n - 1]) if (n > 0) assert.deepEqual(f([x[i]])[0], all[i]);
    }
  }
});

test("edge cases are those of IEEE arithmetic", () => {
  const edges = [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, -5e-324, 1e308, -1e308, 710, -746];
  const cases = [
    [elementary.exp, expOf, Math.exp],
    [elementary.log, logOf, Math.log],
    [elementary.tanh, tanhOf, Math.tanh],
  ] as const;
  for (const [alone, array, expected] of cases) {
    for (const x of edges) {
      assert.ok(Object.is(alone(x), expected(x)) || ulps(alone(x), expected(x)) <= 1, `${x}`);
      assert.ok(
        Object.is(array([x])[0], expected(x)) || ulps(array([x])[0], expected(x)) <= 1,
        `${x}`,
      );
    }
  }
  for (const erf of [elementary.erf, (x: number) => erfOf([x])[0]]) {
    assert.deepEqual([Infinity, -Infinity, 0, 1e300, -7].map(erf), [1, -1, 0, 1, -1]);
    assert.ok(Object.is(erf(-0), -0));
    assert.ok(Number.isNaN(erf(Number.NaN)));
    assert.ok(Math.abs(erf(5e-324)) <= 1e-323);
  }
  assert.deepEqual([Infinity, -Infinity].map(elementary.erfc), [0, 2]);
  assert.deepEqual([Infinity, -Infinity].map(elementary.erfcx), [0, Infinity]);
});

test("erfc and erfcx keep their relative accuracy in the tails", () => {
  for (const name of ["erfc", "erfcx"] as const) {
    const { error, at } = worst(name, elementary[name], ulps);
    assert.ok(error <= 8, `${error} ulp at ${at}`);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ulps, worst } from "../../test/reference/special-values.ts";
import { cos, erf, erfc, erfcx, exp, expm1, log, log1p, pow, sin, tanh } from "./elementary.ts";
import { erfOf, expOf, logOf, tanhOf } from "./vector-functions.ts";

type Scalar = (...args: number[]) => number;
const scalar: readonly (readonly [string, Scalar, number])[] = [
  ["exp", exp, 1],
  ["expm1", expm1, 1],
  ["log", log, 1],
  ["log1p", log1p, 1],
  ["tanh", tanh, 2],
  ["sin", sin, 1],
  ["cos", cos, 1],
  ["pow", pow, 1],
  ["erf", erf, 3],
  ["erfc", erfc, 8],
  ["erfcx", erfcx, 8],
];

for (const [name, f, limit] of scalar) {
  test(`${name} is within ${limit} unit(s) in the last place of the exact value`, () => {
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
    [exp, expOf, Math.exp],
    [log, logOf, Math.log],
    [tanh, tanhOf, Math.tanh],
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
  for (const f of [erf, (x: number) => erfOf([x])[0]]) {
    assert.deepEqual([Infinity, -Infinity, 0, 1e300, -7].map(f), [1, -1, 0, 1, -1]);
    assert.ok(Object.is(f(-0), -0));
    assert.ok(Number.isNaN(f(Number.NaN)));
    assert.ok(Math.abs(f(5e-324)) <= 1e-323);
  }
  assert.deepEqual([Infinity, -Infinity].map(erfc), [0, 2]);
  assert.deepEqual([Infinity, -Infinity].map(erfcx), [0, Infinity]);
});

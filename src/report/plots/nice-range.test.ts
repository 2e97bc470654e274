import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { niceRange } from "./nice-range.ts";

test("the range holds every value in whole steps of 1, 2 or 5", () => {
  const value = fc
    .double({ min: -1e6, max: 1e6, noNaN: true })
    .map((v) => Math.round(v * 1e3) / 1e3);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const { min, max, interval } = niceRange(values);
      assert.ok(min < max);
      for (const v of values) assert.ok(v >= min - 1e-6 * interval && v <= max + 1e-6 * interval);
      const mantissa = Number(interval.toExponential().split("e")[0]);
      assert.ok(
        [1, 2, 5].some((m) => Math.abs(mantissa - m) < 1e-9),
        `${interval}`,
      );
      const steps = (max - min) / interval;
      assert.ok(Math.abs(steps - Math.round(steps)) < 1e-6 && steps <= 13, `${steps}`);
    }),
  );
});

test("nothing to show and a single value still give a range", () => {
  assert.deepEqual(niceRange([]), { min: 0, max: 1, interval: 0.2 });
  const { min, max } = niceRange([7, 7]);
  assert.ok(min < 7 && max > 7);
});

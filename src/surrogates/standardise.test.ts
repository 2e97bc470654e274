import assert from "node:assert/strict";
import { it } from "node:test";
import { standardise } from "./standardise.ts";

it("standardises numbers whose squares are too large or too small to be numbers", () => {
  for (const unit of [1, 2 ** 900, 2 ** -900]) {
    const { values, mean, scale } = standardise(Float64Array.of(1 * unit, 2 * unit, 6 * unit));
    assert.equal(mean, 3 * unit);
    // Deviations -2, -1 and 3: a variance of 14 / 3.
    assert.ok(Math.abs(scale / unit - Math.sqrt(14 / 3)) < 1e-15);
    assert.deepEqual(values, standardise(Float64Array.of(1, 2, 6)).values);
  }
});

it("leaves equal numbers at zero, whatever rounding makes of their mean", () => {
  for (const value of [0, 0.1, -1e300]) {
    const { values, mean, scale } = standardise(new Float64Array(7).fill(value));
    assert.ok(values.every((z) => z === 0));
    assert.deepEqual([mean, scale], [value, 1]);
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { createRng } from "../../core/rng.ts";
import { mixCompositions, mutateComposition } from "./composition.ts";
import type { CompositionVariable } from "./layout.ts";
import { mutateListed, otherThan } from "./list.ts";
import { crossReal, mutateReal } from "./real.ts";
import { tidyComposition } from "./tidy.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("crossover and mutation of real variables", () => {
  it("stay inside the bounds", () => {
    fc.assert(
      fc.property(unit, unit, fc.integer(), (x, y, seed) => {
        const rng = createRng(seed);
        const a = Float64Array.of(2 + x);
        const b = Float64Array.of(2 + y);
        crossReal(a, b, 0, 2, 3, 15, rng);
        for (const value of [a[0], b[0], mutateReal(2 + x, 2, 3, 20, rng)]) {
          assert.ok(value >= 2 && value <= 3);
        }
      }),
      { numRuns: 500, seed: 8 },
    );
  });

  it("keep the parents' mean where the bounds are far, and leave equal parents alone", () => {
    const rng = createRng(1);
    for (let k = 0; k < 100; k++) {
      const a = Float64Array.of(-1);
      const b = Float64Array.of(2);
      crossReal(a, b, 0, -1e6, 1e6, 15, rng);
      assert.ok(Math.abs(a[0] + b[0] - 1) < 1e-9);
      assert.ok(Math.abs(Math.abs(a[0] - b[0]) / 3 - 1) < 10);
    }
    const a = Float64Array.of(1);
    crossReal(a, Float64Array.of(1), 0, 0, 2, 15, rng);
    assert.equal(a[0], 1);
  });

  it("contract as often as they expand", () => {
    const rng = createRng(2);
    let nearer = 0;
    for (let k = 0; k < 4000; k++) {
      const a = Float64Array.of(0);
      const b = Float64Array.of(1);
      crossReal(a, b, 0, -1e6, 1e6, 15, rng);
      if (Math.abs(a[0] - b[0]) < 1) nearer++;
    }
    // Four standard deviations of a fair coin.
    assert.ok(Math.abs(nearer - 2000) < 4 * Math.sqrt(1000), `${nearer}`);
  });

  it("take a mutation's step as the distribution index says", () => {
    const rng = createRng(3);
    const n = 20000;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += Math.abs(mutateReal(0, -1e3, 1e3, 20, rng));
    // Away from the bounds |step| / range has mean 1 / (index + 2).
    assert.ok(Math.abs(sum / n / 2000 - 1 / 22) < 0.002, `${sum / n / 2000}`);
  });
});

describe("changes of listed values", () => {
  it("always bring another value of the list", () => {
    const rng = createRng(4);
    for (let k = 0; k < 300; k++) {
      const value = mutateListed(5, [1, 5, 9], rng);
      assert.ok(value === 1 || value === 9);
      assert.equal(mutateListed(1, [1, 5], rng), 5);
      const other = otherThan(2, 4, rng);
      assert.ok([0, 1, 3].includes(other));
    }
  });
});

describe("changes of compositions", () => {
  const composition = (size: number, parts: Partial<CompositionVariable> = {}) => ({
    columns: Int32Array.from({ length: size }, (_, k) => k + 1),
    elements: Array.from({ length: size }, (_, k) => ({ symbol: `E${k}`, min: 0.05, max: 1 })),
    step: undefined,
    minCount: 1,
    maxCount: size,
    ...parts,
  });
  const whole = fc
    .array(fc.integer({ min: 0, max: 5 }), { minLength: 5, maxLength: 5 })
    .filter((amounts) => amounts.some((x) => x > 0))
    .map((amounts) => {
      const sum = amounts.reduce((a, b) => a + b);
      return Float64Array.of(42, ...amounts.map((x) => x / sum), 43);
    });
  const present = (row: Float64Array): number => row.subarray(1, 6).filter((x) => x > 0).length;
  const requireComposition = (row: Float64Array): void => {
    assert.ok(row.every((x) => x >= 0));
    assert.ok(Math.abs(row.subarray(1, 6).reduce((a, b) => a + b) - 1) < 1e-12);
    assert.deepEqual([row[0], row[6]], [42, 43]);
  };

  it("keep the sum at one, no amount negative, and other columns untouched", () => {
    fc.assert(
      fc.property(whole, whole, fc.integer(), (one, two, seed) => {
        const rng = createRng(seed);
        const [a, b] = [one.slice(), two.slice()];
        mixCompositions(a, b, composition(5), rng);
        requireComposition(a);
        requireComposition(b);
        // An element that neither parent has appears in no child.
        for (let k = 1; k < 6; k++) if (one[k] + two[k] === 0) assert.equal(a[k] + b[k], 0);
        for (let k = 0; k < 5; k++) mutateComposition(a, composition(5), 20, rng);
        requireComposition(a);
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  it("respect the number of elements, required ones, and whole steps", () => {
    const elements = composition(5).elements.map((range, k) =>
      k === 0 ? { ...range, required: true } : range,
    );
    const variable = composition(5, { elements, step: 0.01, minCount: 2, maxCount: 3 });
    const rng = createRng(5);
    const row = Float64Array.of(42, 0.5, 0.5, 0, 0, 0, 43);
    const counts = new Set<number>();
    for (let k = 0; k < 2000; k++) {
      mutateComposition(row, variable, 20, rng);
      requireComposition(row);
      assert.ok(row[1] > 0, "the required element stays");
      counts.add(present(row));
      for (let e = 1; e < 6; e++) {
        assert.ok(Math.abs(row[e] / 0.01 - Math.round(row[e] / 0.01)) < 1e-6);
      }
      for (let e = 1; e < 6; e++) row[e] = Math.round(row[e] * 100) / 100;
    }
    assert.deepEqual(counts, new Set([2, 3]));
  });

  it("are tidied into bounds, counts and whole steps wherever that is possible", () => {
    fc.assert(
      fc.property(whole, fc.boolean(), (one, stepped) => {
        const elements = composition(5).elements.map((range) => ({ ...range, max: 0.6 }));
        const variable = composition(5, {
          elements,
          step: stepped ? 0.01 : undefined,
          maxCount: 3,
        });
        const row = one.slice();
        tidyComposition(row, variable);
        requireComposition(row);
        assert.ok(present(row) <= 3);
        // One element alone cannot be 0.6 at most: that is left to the space.
        if (present(row) < 2) return;
        for (const x of row.subarray(1, 6)) {
          assert.ok(x === 0 || (x >= 0.05 - 1e-12 && x <= 0.6 + 1e-12), `${x}`);
          if (stepped) assert.equal(x, Math.round(x * 100) / 100);
        }
        const again = row.slice();
        tidyComposition(again, variable);
        again.forEach((x, k) => assert.ok(Math.abs(x - row[k]) < 1e-12));
      }),
      { numRuns: 300, seed: 10 },
    );
  });
});

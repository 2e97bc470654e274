import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRng } from "../../core/rng.ts";
import { createSpace } from "../../space/create-space.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { centralComposite } from "./central-composite.ts";
import {
  fractionalFactorial,
  smallestOfResolution,
  twoLevelDesign,
} from "./fractional-factorial.ts";
import { fullFactorial } from "./full-factorial.ts";
import { bestFraction } from "./generators.ts";

/**
 * Largest resolutions of 2^(k - p) fractions: G. E. P. Box, J. S. Hunter, W. G. Hunter, Statistics for Experimenters,
 * 2nd ed. (2005), table of two-level fractional factorials. Factors, base factors, resolution.
 */
// prettier-ignore
const table = [
  [3, 2, 3], [4, 3, 4], [5, 4, 5], [5, 3, 3], [6, 5, 6], [6, 4, 4], [6, 3, 3], [7, 6, 7], [7, 5, 4], [7, 4, 4],
  [7, 3, 3], [8, 6, 5], [8, 5, 4], [8, 4, 4], [9, 7, 6], [9, 6, 4], [9, 5, 4], [9, 4, 3], [10, 7, 5], [10, 6, 4],
  [10, 5, 4], [10, 4, 3], [11, 7, 5], [11, 6, 4], [11, 5, 4], [11, 4, 3],
] as const;

describe("two-level fractions", () => {
  it("have the resolutions of the table", () => {
    for (const [factors, base, resolution] of table) {
      assert.equal(
        bestFraction(base, factors - base)?.resolution,
        resolution,
        `2^(${factors}-${factors - base})`,
      );
    }
  });

  it("have the fewest short words: 2^(7-2) has one of four, 2^(9-4) six", () => {
    // A. Fries, W. G. Hunter (1980): minimum aberration designs.
    assert.equal(bestFraction(5, 2)?.words[4], 1);
    assert.equal(bestFraction(5, 4)?.words[4], 6);
  });

  it("have columns that balance and are orthogonal", () => {
    const { signs, generators } = twoLevelDesign(7, 4);
    assert.equal(generators.length, 3);
    for (let a = 0; a < 7; a++) {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += signs.data[i * 7 + a];
      assert.equal(sum, 0);
      for (let b = 0; b < a; b++) {
        let product = 0;
        for (let i = 0; i < 16; i++) product += signs.data[i * 7 + a] * signs.data[i * 7 + b];
        assert.equal(product, 0);
      }
    }
  });

  it("are as small as a resolution allows", () => {
    assert.equal(smallestOfResolution(7, 3).signs.rows, 8);
    assert.equal(smallestOfResolution(7, 4).signs.rows, 16);
    assert.equal(smallestOfResolution(5, 5).signs.rows, 16);
    assert.equal(smallestOfResolution(3, 5).resolution, null);
  });

  it("tell their resolution and refuse runs that are no power of two or too few", async () => {
    const space = await unitBox(7);
    const rng = createRng(1);
    const { rows, figures, notes } = await fractionalFactorial.points(space, { n: 8, rng });
    assert.equal(rows.rows, 8);
    assert.equal(figures["resolution"], 3);
    assert.match(notes[0], /^Resolution III: .*A x1.*G x7; D = /);
    await assert.rejects(fractionalFactorial.points(space, { n: 12, rng }), /power of two/);
    await assert.rejects(fractionalFactorial.points(space, { n: 4, rng }), /4 runs do not fit 7/);
  });
});

describe("full factorial", () => {
  it("has all combinations of the ends of ranges and all words", async () => {
    const space = await createSpace({
      parameters: [
        { kind: "continuous", name: "x", unit: "1", min: 2, max: 4 },
        { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
      ],
      constraints: [],
      quantities: [],
    });
    const { rows } = await fullFactorial.points(
      space,
      { n: null, rng: createRng(1) },
      { levels: 3 },
    );
    const keys = Array.from({ length: rows.rows }, (_, i) =>
      rows.data.slice(2 * i, 2 * i + 2).join(" "),
    );
    assert.deepEqual(
      keys.sort(),
      [2, 3, 4].flatMap((x) => [0, 1, 2].map((word) => `${x} ${word}`)),
    );
  });

  it("says how many experiments it has when another number is asked for", async () => {
    const rng = createRng(1);
    await assert.rejects(
      fullFactorial.points(await unitBox(3), { n: 9, rng }),
      /has 8 experiments/,
    );
  });
});

describe("central composite", () => {
  it("is rotatable: the fourth moment is three times the mixed one", async () => {
    // G. E. P. Box, J. S. Hunter (1957): sum x_i^4 = 3 sum x_i^2 x_j^2 for every pair.
    for (const k of [2, 3, 5]) {
      const space = await unitBox(k);
      const { rows } = await centralComposite.points(
        space,
        { n: null, rng: createRng(1) },
        { axial: "rotatable" },
      );
      const coded = rows.data.map((x) => 2 * x - 1);
      let [own, mixed] = [0, 0];
      for (let i = 0; i < rows.rows; i++) {
        const [a, b] = [coded[i * k], coded[i * k + 1]];
        own += a * a * a * a;
        mixed += a * a * b * b;
      }
      assert.ok(Math.abs(own - 3 * mixed) < 1e-12, `${k}: ${own} ${mixed}`);
    }
  });

  it("has corners, face middles and the centre of a cube", async () => {
    const { rows } = await centralComposite.points(await unitBox(3), { n: 15, rng: createRng(1) });
    const halves = Array.from({ length: 15 }, (_, i) => rows.data.slice(3 * i, 3 * i + 3))
      .map((row) => row.filter((x) => x === 0.5).length)
      .sort((a, b) => a - b);
    assert.deepEqual(halves, [0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 3]);
  });
});

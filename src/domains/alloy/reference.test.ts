import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../test/reference/alloys.json" with { type: "json" };
import { matrixOf } from "../../core/matrix.ts";
import type { Composition } from "../../materials/composition.ts";
import { describeComposition } from "./describe.ts";
import { magpie } from "./magpie.ts";

/** The shipped table keeps ten digits; an exact zero may come out as rounding of values around 100. */
const isClose = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-8 * Math.max(Math.abs(a), Math.abs(b), 1);

describe("ten alloys computed from the source tables by another program", () => {
  for (const alloy of reference) {
    const fractions = Object.fromEntries(Object.entries(alloy.fractions)) as Composition;

    it(`have the same descriptors: ${alloy.formula}`, () => {
      const { descriptors } = describeComposition(fractions);
      for (const [name, value] of Object.entries(alloy.descriptors)) {
        const ours = descriptors[name]?.value;
        assert.ok(
          value === null ? ours === null : isClose(ours ?? Number.NaN, value),
          `${name}: ${ours}, expected ${value}`,
        );
      }
    });

    it(`have the same Magpie features: ${alloy.formula}`, () => {
      const symbols = Object.keys(fractions);
      const row = magpie.compute(matrixOf([Object.values(fractions)]), symbols).data;
      assert.equal(row.length, alloy.magpie.length);
      magpie.features(symbols).forEach(({ name }, k) => {
        assert.ok(isClose(row[k], alloy.magpie[k]), `${name}: ${row[k]}, not ${alloy.magpie[k]}`);
      });
    });
  }
});

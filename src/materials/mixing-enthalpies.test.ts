import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../core/errors.ts";
import table from "./mixing-enthalpies.data.json" with { type: "json" };
import {
  elementsWithMixingEnthalpy,
  mixingEnthalpy,
  mixingEnthalpySets,
  tabulatedMixingEnthalpy,
} from "./mixing-enthalpies.ts";

// Takeuchi and Inoue (2005), kJ/mol.
const published: [string, string, number][] = [
  ["Co", "Cr", -4],
  ["Co", "Fe", -1],
  ["Co", "Mn", -5],
  ["Co", "Ni", 0],
  ["Cr", "Fe", -1],
  ["Cr", "Mn", 2],
  ["Cr", "Ni", -7],
  ["Fe", "Mn", 0],
  ["Fe", "Ni", -2],
  ["Mn", "Ni", -8],
  ["Al", "Co", -19],
  ["Al", "Cr", -10],
  ["Al", "Fe", -11],
  ["Al", "Mn", -19],
  ["Al", "Ni", -22],
  ["Al", "Cu", -1],
  ["Cu", "Co", 6],
  ["Cu", "Cr", 12],
  ["Cu", "Fe", 13],
  ["Cu", "Mn", 4],
  ["Cu", "Ni", 4],
];

describe("binary mixing enthalpies", () => {
  it("are those of Takeuchi and Inoue in the liquid set, in either order", () => {
    for (const [a, b, value] of published) {
      assert.equal(mixingEnthalpy(a, b, "miedema-liquid"), value, `${a}-${b}`);
      assert.equal(mixingEnthalpy(b, a, "miedema-liquid"), value, `${b}-${a}`);
    }
  });

  it("cover 2628 pairs of 75 elements and all 435 of 30", () => {
    const count = (values: readonly (number | null)[]): number =>
      values.filter((value) => value !== null).length;
    assert.equal(count(table["miedema-liquid"].values), 2628);
    assert.equal(elementsWithMixingEnthalpy("miedema-liquid").length, 75);
    assert.equal(count(table["single-phase"].values), 435);
    assert.equal(elementsWithMixingEnthalpy("single-phase").length, 30);
  });

  it("keep the two sets apart", () => {
    assert.equal(mixingEnthalpy("Al", "Fe", "miedema-liquid"), -11);
    assert.equal(mixingEnthalpy("Al", "Fe", "single-phase"), -32.1);
    assert.equal(mixingEnthalpy("Zn", "Zr", "single-phase"), -54.1);
    assert.deepEqual(Object.keys(mixingEnthalpySets), Object.keys(table));
  });

  it("are zero for an element with itself", () => {
    assert.equal(mixingEnthalpy("Fe", "Fe", "miedema-liquid"), 0);
  });

  it("are refused where not tabulated, naming pair, set and the absent element", () => {
    assert.equal(tabulatedMixingEnthalpy("Fe", "O", "miedema-liquid"), undefined);
    assert.throws(
      () => mixingEnthalpy("Fe", "O", "miedema-liquid"),
      (error: InputError) => {
        assert.match(
          error.message,
          /no value for Fe-O in the set "miedema-liquid".*; O is not in it/,
        );
        return error instanceof InputError;
      },
    );
    assert.throws(() => mixingEnthalpy("Th", "U", "miedema-liquid"), /no value for Th-U/);
    assert.throws(() => mixingEnthalpy("Fe", "Qq", "single-phase"), /"Qq" is not the symbol/);
  });
});

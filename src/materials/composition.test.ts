import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import {
  atomicFractions,
  atomicMass,
  chemicalSystem,
  massFractions,
  molarMass,
  normalise,
} from "./composition.ts";
import { anyComposition } from "../../test/any-composition.ts";

const near = (actual: number | undefined, expected: number, relative: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual / expected - 1) < relative,
    `${actual} ${expected}`,
  );
};

describe("compositions", () => {
  it("give the fractions of LiFePO4 that pymatgen gives", () => {
    const lithiumIronPhosphate = { Li: 1, Fe: 1, P: 1, O: 4 };
    near(normalise(lithiumIronPhosphate).Li, 0.142857142857, 1e-11);
    near(massFractions(lithiumIronPhosphate).Li, 0.04399794666951898, 2e-4);
  });

  it("turn Ti-6Al-4V by mass into the atomic percentages of handbooks", () => {
    // Boyer, Welsch, Collings, Materials Properties Handbook: Ti-6Al-4V is Ti-10.2Al-3.6V in at%.
    const { Ti, Al, V } = atomicFractions({ Ti: 90, Al: 6, V: 4 });
    near(Al, 0.102, 5e-3);
    near(V, 0.036, 5e-3);
    near(Ti, 0.862, 5e-3);
  });

  it("weigh water, heavy water and the Cantor alloy", () => {
    near(molarMass({ H: 2, O: 1 }), 18.015, 1e-4);
    near(molarMass({ D: 2, O: 1 }), 20.0276, 1e-4);
    near(molarMass(normalise({ Co: 1, Cr: 1, Fe: 1, Mn: 1, Ni: 1 })), 56.081, 1e-5);
    near(atomicMass("T"), 3.016049, 1e-6);
  });

  it("come back from mass to atomic fractions", () => {
    fc.assert(
      fc.property(anyComposition, (amounts) => {
        const fractions = normalise(amounts);
        const back = atomicFractions(massFractions(fractions));
        for (const [symbol, fraction] of Object.entries(fractions))
          near(back[symbol], fraction, 1e-12);
      }),
    );
  });

  it("leave out elements of amount zero", () => {
    assert.deepEqual(normalise({ Fe: 2, Al: 0, Ni: 2 }), { Fe: 0.5, Ni: 0.5 });
    assert.equal(chemicalSystem({ Ni: 1, Al: 0, Co: 2 }), "Co-Ni");
  });

  it("refuse negative, missing and vanishing amounts", () => {
    assert.throws(() => normalise({ Fe: -1, Ni: 2 }), /amount of Fe must be 0 or more, got -1/);
    assert.throws(() => normalise({ Fe: Number.NaN }), /amount of Fe must be 0 or more, got NaN/);
    assert.throws(() => normalise({ Fe: 0 }), /must sum to more than 0/);
    assert.throws(() => normalise({}), /must sum to more than 0/);
  });
});

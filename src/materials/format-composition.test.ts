import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { normalise } from "./composition.ts";
import { alloyFormula, formatComposition, reducedFormula } from "./format-composition.ts";
import { parseFormula } from "./formula.ts";
import { anyComposition } from "../../test/any-composition.ts";

describe("written compositions", () => {
  it("leave out amounts of one and keep the order given", () => {
    assert.equal(formatComposition({ Al: 0.3, Co: 1, Fe: 2 }), "Al0.3CoFe2");
    assert.equal(formatComposition({ O: 3, Fe: 2 }, { order: "alphabetical" }), "Fe2O3");
    assert.equal(formatComposition({ O: 1, H: 6, C: 2 }, { order: "hill" }), "C2H6O");
  });

  it("keep a decimal and water apart", () => {
    assert.equal(formatComposition({ S: 4.5, H: 2, O: 1 }), "S4.5 H2O");
  });

  it("give alloys in atomic percent, alphabetical, without trailing zeros", () => {
    assert.equal(alloyFormula({ Ti: 0.4, Nb: 0.25, Zr: 0.25, Al: 0.1 }), "Al10Nb25Ti40Zr25");
    assert.equal(alloyFormula({ Co: 1, Cr: 1, Ni: 1 }), "Co33.33Cr33.33Ni33.33");
    assert.equal(alloyFormula({ Co: 1, Cr: 1, Ni: 1 }, { decimals: 1 }), "Co33.3Cr33.3Ni33.3");
  });

  it("never show an element that is present as 0", () => {
    assert.equal(alloyFormula({ Fe: 0.99999, B: 0.00001 }, { decimals: 1 }), "B0.001Fe100");
  });

  it("reduce to whole amounts where small ones exist", () => {
    assert.equal(reducedFormula({ Fe: 0.4, O: 0.6 }), "Fe2O3");
    assert.equal(reducedFormula({ Co: 0.2, Cr: 0.2, Fe: 0.2, Mn: 0.2, Ni: 0.2 }), "CoCrFeMnNi");
    assert.equal(reducedFormula(parseFormula("Al0.3CoCrFeNi").fractions), "Al3Co10Cr10Fe10Ni10");
    assert.equal(reducedFormula({ Fe: 0.123, Ni: 0.877 }), "Fe12.3Ni87.7");
  });

  it("stay within the rounding they promise", () => {
    fc.assert(
      fc.property(anyComposition, (amounts) => {
        const fractions = normalise(amounts);
        const back = parseFormula(alloyFormula(amounts)).amounts;
        for (const [symbol, fraction] of Object.entries(fractions)) {
          const error = Math.abs((back[symbol] ?? 0) - 100 * fraction);
          assert.ok((back[symbol] ?? 0) > 0 && error <= 0.005 + 1e-9, symbol);
        }
      }),
    );
  });
});

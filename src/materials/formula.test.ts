import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { InputError } from "../core/errors.ts";
import type { Composition } from "./composition.ts";
import { formatComposition } from "./format-composition.ts";
import { parseFormula, type FormulaOptions } from "./formula.ts";
import { anyComposition } from "../../test/any-composition.ts";

const read: [string, Composition][] = [
  ["Fe2O3", { Fe: 2, O: 3 }],
  ["Li3Fe2(PO4)3", { Li: 3, Fe: 2, P: 3, O: 12 }],
  ["(La0.7Sr0.3)MnO3", { La: 0.7, Sr: 0.3, Mn: 1, O: 3 }],
  ["Al0.3CoCrFeNi", { Al: 0.3, Co: 1, Cr: 1, Fe: 1, Ni: 1 }],
  ["Al0CoCrFeNi", { Al: 0, Co: 1, Cr: 1, Fe: 1, Ni: 1 }],
  ["K4[Fe(CN)6]", { K: 4, Fe: 1, C: 6, N: 6 }],
  ["{Fe[Co(Ni2)2]0.5}2", { Fe: 2, Co: 1, Ni: 4 }],
  ["Nb6.16e-05Co0.146", { Nb: 6.16e-5, Co: 0.146 }],
  ["Al.09CoCrFeNi", { Al: 0.09, Co: 1, Cr: 1, Fe: 1, Ni: 1 }],
  ["Fe .5 Ni .5", { Fe: 0.5, Ni: 0.5 }],
  ["Fe1E2Ni", { Fe: 100, Ni: 1 }],
  ["Fe2Es3", { Fe: 2, Es: 3 }],
  ["Ni 60 Ti 40 ", { Ni: 60, Ti: 40 }],
  ["  Co Cr Fe", { Co: 1, Cr: 1, Fe: 1 }],
  ["Fe₂O₃", { Fe: 2, O: 3 }],
  ["Ca(OH)2Mg(OH)20", { Ca: 1, O: 22, H: 22, Mg: 1 }],
  ["FeOFe", { Fe: 2, O: 1 }],
  ["D2O", { D: 2, O: 1 }],
  ["HTO", { H: 1, T: 1, O: 1 }],
  ["CuSO4·5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CuSO4*5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CuSO4 . 5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CuSO4 • 5 H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CaSO4·0.5H2O", { Ca: 1, S: 1, O: 4.5, H: 1 }],
  ["LiOH.H2O", { Li: 1, O: 2, H: 3 }],
  ["3CaO·2SiO2", { Ca: 3, O: 7, Si: 2 }],
  ["CuSO4.5 H2O", { Cu: 1, S: 1, O: 5.5, H: 2 }],
  ["Al10-Co30-Cr60", { Al: 10, Co: 30, Cr: 60 }],
  ["(Fe0.5Ni0.5)95Al5", { Fe: 47.5, Ni: 47.5, Al: 5 }],
  ["Ti6Al4V", { Ti: 6, Al: 4, V: 1 }],
];

const percentages: [string, "atomic" | "mass", Composition][] = [
  ["Ti-6Al-4V wt%", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["Ti–6Al–4V wt.%", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["Ti - 6 Al - 4 V (mass %)", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["Ti-6Al-4Vwt%", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["TiAl6V4 wt%", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["Ti-Al6-V4 wt%", "mass", { Ti: 90, Al: 6, V: 4 }],
  ["Fe-18Cr-8Ni wt%", "mass", { Fe: 74, Cr: 18, Ni: 8 }],
  ["Zr-2.5Nb weight percent", "mass", { Zr: 97.5, Nb: 2.5 }],
  ["70Ni-30Cu wt%", "mass", { Ni: 70, Cu: 30 }],
  ["Ni 60 Ti 40 wt%", "mass", { Ni: 60, Ti: 40 }],
  ["Ti-48Al-2Cr-2Nb at%", "atomic", { Ti: 48, Al: 48, Cr: 2, Nb: 2 }],
  ["Ni60Ti40at%", "atomic", { Ni: 60, Ti: 40 }],
  ["Ni60Ti40 (at. %)", "atomic", { Ni: 60, Ti: 40 }],
  ["Fe-1e-3B mol%", "atomic", { Fe: 99.999, B: 0.001 }],
  ["CoCrFeNi at%", "atomic", { Co: 1, Cr: 1, Fe: 1, Ni: 1 }],
  ["(CoCrFeNi)95Al5 at%", "atomic", { Co: 23.75, Cr: 23.75, Fe: 23.75, Ni: 23.75, Al: 5 }],
  ["(Co2Ni)90(AlTi)10 at%", "atomic", { Co: 60, Ni: 30, Al: 5, Ti: 5 }],
  ["Cu wt%", "mass", { Cu: 100 }],
];

const charged: [string, Composition, number][] = [
  ["Fe^3+", { Fe: 1 }, 3],
  ["Fe^{3+}", { Fe: 1 }, 3],
  ["Fe³⁺", { Fe: 1 }, 3],
  ["Fe+3", { Fe: 1 }, 3],
  ["Fe3^+", { Fe: 3 }, 1],
  ["Fe0.5Ni0.5+", { Fe: 0.5, Ni: 0.5 }, 1],
  ["Na+", { Na: 1 }, 1],
  ["Cl-", { Cl: 1 }, -1],
  ["SO4(2-)", { S: 1, O: 4 }, -2],
  ["SO4^2-", { S: 1, O: 4 }, -2],
  ["[Fe(CN)6]^4-", { Fe: 1, C: 6, N: 6 }, -4],
];

/** Formula, character counted from 1, what the message says, what the hint says. */
const refused: [string, number, RegExp, RegExp][] = [
  ["CuSO4.5H2O", 6, /dot in "4\.5".*ambiguous/, /CuSO4 · 5H2O.*blank/],
  ["Na2CO3.10H2O", 7, /dot in "3\.10"/, /Na2CO3 · 10H2O/],
  ["CaSO4.0.5H2O", 6, /dot in "4\.0\.5"/, /CaSO4 · 0\.5H2O for the hydrate\.$/],
  ["CoCl2.6NH3", 6, /ambiguous/, /CoCl2 · 6NH3/],
  ["CuSO4 .5H2O", 7, /unexpected "\."/, /0\.5 for a decimal/],
  ["LiOH.5H2O", 5, /dot in "\.5".*ambiguous/, /LiOH · 5H2O/],
  ["MgSO4.2CH3OH", 6, /ambiguous/, /MgSO4 · 2CH3OH/],
  ["Fe2.", 4, /unexpected "\."/, /0\.5 for a decimal/],
  ["Fe1/2O", 4, /fraction/, /0\.5 for 1\/2/],
  ["fe2o3", 1, /small letter "f"/, /Did you mean Fe2O3/],
  ["co2", 1, /small letter "c"/, /Co2 or CO2/],
  ["FE2O3", 2, /"E" is not an element/, /Did you mean Fe2O3/],
  ["2H2O", 1, /number before a symbol/, /follow the symbols/],
  ["60Ni 40Ti", 1, /number before a symbol/, /follow the symbols/],
  ["La1-xSrxMnO3", 5, /variable amount "-x"/, /La0\.7Sr0\.3MnO3/],
  ["LixCoO2", 3, /variable amount "x"/, /number in its place/],
  ["FeOδ", 4, /variable amount/, /number in its place/],
  ["X2O", 1, /"X" is not an element/, /real element/],
  ["Vac", 1, /"Va" is not an element/, /one or two letters/],
  ["Zz", 1, /"Zz" is not an element/, /one or two letters/],
  ["Iron", 3, /small letter "o"/, /Iron is written Fe/],
  ["Tin", 3, /variable amount "n"/, /Tin is written Sn/],
  ["steel", 1, /small letter "s"/, /Trade names/],
  ["Inconel 718", 3, /small letter "c"/, /Trade names.*Fe-18Cr-8Ni wt%/],
  ["Ti-6Al-4V wt", 11, /small letter "w"/, /Give the unit once/],
  ["Al 10 at% Ti 90 at%", 7, /small letter "a"/, /Give the unit once/],
  ["Fe-bal Cr18", 4, /small letter "b"/, /balance is the first element/],
  ["(CoCrFeNi)95Al5", 1, /share of the alloy.*ambiguous/, /\(CoCrFeNi\)95Al5 at%/],
  ["Al0.05(CoCrFeNi)0.95", 7, /share of the alloy/, /makes up 0\.95 of 1/],
  ["Ni3(AlTi) at%", 4, /no percentage/, /leave out the unit/],
  ["CuSO4 · 5H2O at%", 1, /hydrate/, /Leave out the unit/],
  ["NI60TI40", 5, /Ti in capitals, or tritium and I/, /Write Ti/],
  ["H2O(l)", 4, /state "\(l\)"/, /Leave it out/],
  ["Fe2(O3", 4, /"\(" is never closed/, /Add the missing "\)"/],
  ["(Fe2[O3)", 5, /"\[" is never closed/, /Add the missing "\]"/],
  ["(Fe]2)", 4, /unexpected "\]"/, /No bracket is open/],
  ["Fe2O3)", 6, /unexpected "\)"/, /No bracket is open/],
  ["Fe()", 4, /an empty bracket/, /at least one/],
  ["Fe·", 4, /nothing where elements are expected/, /at least one/],
  ["Fe·0H2O", 4, /0 times/, /Leave/],
  ["Fe3+", 4, /ambiguous/, /Fe\^3\+ for the charge, or Fe3\^\+/],
  ["[Fe(CN)6]4-", 11, /ambiguous/, /\[Fe\(CN\)6\]\^4-/],
  ["Fe-2O3", 6, /amount on both sides of O/, /no dash/],
  ["Ti-6Al-4V", 4, /percentages of mass or of atoms is not said/, /Ti-6Al-4V wt% or Ti-6Al-4V at%/],
  ["70Ni-30Cu", 1, /is not said/, /wt%/],
  ["Ti-6Al-6Al wt%", 8, /Al a second time/, /once/],
  ["Ti-60Al-50V wt%", 4, /add up to 110/, /below 100/],
  ["Ti-6Al-V wt%", 8, /amount of V is missing/, /Only the first/],
  ["Ti-6(Al2O3) wt%", 5, /group/, /single elements/],
  ["Co-Cr-Fe", 4, /chemical system, not a composition/, /CoCrFe for equal amounts/],
  ["Ti6Al4V wt%", 7, /percentage of V is missing/, /Ti-6Al-4V wt%/],
  ["CoCrFeNi wt%", 3, /percentage of Cr is missing/, /only the first/],
  ["Fe2(O3)2 wt%", 1, /mass percentages of groups/, /plain list/],
  ["Ni 60 Ni 40 wt%", 7, /Ni a second time/, /once/],
  ["Fe60Co40 vol%", 10, /unit vol% is not supported/, /at%/],
  ["Fe60Co40%", 9, /percent of what/, /wt%/],
  ["Fe50%Ni50", 5, /unexpected "%"/, /at the end/],
  ["Fe 60, Ni 40", 6, /unexpected ","/, /blanks/],
  ["Al0,3CoCrFeNi", 4, /comma inside a number/, /0\.3/],
  ["Fe=Ni", 3, /unexpected "="/, /not an equation/],
  ["NaCl+H2O", 5, /unexpected "\+"/, /charge stands at the end/],
  ["-Fe", 1, /unexpected "-"/, /symbols/],
  ["Fe--Ni", 4, /unexpected "-"/, /symbols/],
  ["Fe1e400", 3, /too large/, /1e308/],
  ["Al0Fe0", 1, /every amount is 0/, /at least one/],
  ["Fe🙂", 3, /unexpected "🙂"/, /symbols/],
  [`${"(".repeat(60)}Fe${")".repeat(60)}`, 41, /more than 40 brackets/, /Simplify/],
  ["", 1, /got nothing/, /Ni 60 Ti 40/],
  ["   ", 1, /got nothing/, /Ni 60 Ti 40/],
  ["Fe".repeat(1500), 2001, /3000 characters/, /.*/],
];

function failure(text: string, options?: FormulaOptions): InputError {
  try {
    parseFormula(text, options);
  } catch (error) {
    assert.ok(error instanceof InputError, `${text}: ${String(error)}`);
    return error;
  }
  throw new assert.AssertionError({ message: `${text} was accepted` });
}

function assertAmounts(actual: Composition, expected: Composition, text: string): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected), text);
  for (const [symbol, amount] of Object.entries(expected)) {
    assert.ok(Math.abs((actual[symbol] ?? 0) - amount) <= 1e-12 * amount, `${text}: ${symbol}`);
  }
}

describe("formulas", () => {
  for (const [text, amounts] of read) {
    it(`reads ${text}`, () => {
      const formula = parseFormula(text);
      assertAmounts(formula.amounts, amounts, text);
      assert.equal(formula.basis, "atomic");
      assert.equal(formula.charge, 0);
    });
  }

  for (const [text, basis, amounts] of percentages) {
    it(`reads ${text}`, () => {
      const formula = parseFormula(text);
      assertAmounts(formula.amounts, amounts, text);
      assert.equal(formula.basis, basis);
      assert.deepEqual(formula.warnings, []);
    });
  }

  for (const [text, amounts, charge] of charged) {
    it(`reads ${text} as charge ${charge}`, () => {
      const formula = parseFormula(text);
      assertAmounts(formula.amounts, amounts, text);
      assert.equal(formula.charge, charge);
    });
  }

  for (const [text, character, problem, hint] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} at character ${character}`, () => {
      const error = failure(text);
      assert.equal(error.details.path, `character ${character}`, error.message);
      assert.match(error.message, problem);
      assert.match(error.details.hint ?? "", hint);
    });
  }

  it("draws a caret under the place", () => {
    assert.equal(
      failure("CuSO4.5H2O").message.split("\n").slice(1).join("\n"),
      "  CuSO4.5H2O\n       ^",
    );
  });

  it("draws the caret inside a window for long formulas", () => {
    const [, shown = "", caret = ""] = failure(
      `${"FeNi".repeat(50)}?${"Co".repeat(50)}`,
    ).message.split("\n");
    assert.equal(shown.charAt(caret.indexOf("^")), "?");
    assert.ok(shown.length < 70);
  });

  it("reads the ambiguous dot as it is told", () => {
    assertAmounts(
      parseFormula("CuSO4.5H2O", { dot: "hydrate" }).amounts,
      { Cu: 1, S: 1, O: 9, H: 10 },
      "hydrate",
    );
    assertAmounts(
      parseFormula("CuSO4.5H2O", { dot: "decimal" }).amounts,
      { Cu: 1, S: 1, O: 5.5, H: 2 },
      "decimal",
    );
    assertAmounts(
      parseFormula("CaSO4.0.5H2O", { dot: "hydrate" }).amounts,
      { Ca: 1, S: 1, O: 4.5, H: 1 },
      "half hydrate",
    );
    assertAmounts(
      parseFormula("LiOH.1H2O", { dot: "hydrate" }).amounts,
      { Li: 1, O: 2, H: 3 },
      "hydrate after a symbol",
    );
  });

  it("takes the basis from the caller where the text has none, and refuses a contradiction", () => {
    assert.deepEqual(parseFormula("Ti-6Al-4V", { basis: "mass" }).amounts, { Ti: 90, Al: 6, V: 4 });
    assert.equal(parseFormula("Ni60Ti40", { basis: "mass" }).basis, "mass");
    assert.deepEqual(parseFormula("CoCrFeNi", { basis: "atomic" }).fractions.Co, 0.25);
    assert.match(
      failure("Ti-6Al-4V wt%", { basis: "atomic" }).message,
      /mass percentages, but atomic amounts are expected/,
    );
  });

  it("normalises amounts that do not sum to one, by mass as by atoms", () => {
    const { fractions } = parseFormula("Al0.3CoCrFeNi");
    assert.ok(Math.abs((fractions.Al ?? 0) - 0.3 / 4.3) < 1e-15);
    assert.equal(parseFormula("Al0CoNi").fractions.Al, undefined);
    const scaled = parseFormula("Ni 30 Ti 20 wt%");
    assert.deepEqual(scaled.fractions, parseFormula("Ni 60 Ti 40 wt%").fractions);
    assert.match(scaled.warnings[0] ?? "", /add up to 50; they were scaled to 100/);
  });

  it("warns where atoms look like a trade name, and where capitals hide an alloy", () => {
    assert.match(parseFormula("Ti6Al4V").warnings[0] ?? "", /6 : 4 : 1.*Ti-6Al-4V wt%/);
    assert.match(parseFormula("CONI").warnings[0] ?? "", /Did you mean CoNi/);
    for (const plain of ["H2O", "Fe2O3", "Al2CuMg", "CoCrFeNi", "LiFePO4", "CHON"]) {
      assert.deepEqual(parseFormula(plain).warnings, [], plain);
    }
  });

  it("reads back whatever it writes", () => {
    fc.assert(
      fc.property(anyComposition, (amounts) => {
        assert.deepEqual(parseFormula(formatComposition(amounts)).amounts, amounts);
      }),
      { numRuns: 500 },
    );
  });

  it("reads any text or refuses it with a place inside it", () => {
    const pieces =
      "Fe|Ni|Co|H2O|O|T|D|X|x|0|5|.|0.5|e|-|+|^|(|)|[|]|{|}| |·|*|/|%|wt%|at%|,|₂".split("|");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        try {
          const sum = Object.values(parseFormula(text).fractions).reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(sum - 1) < 1e-12, text);
        } catch (error) {
          assert.ok(error instanceof InputError, `${text}: ${String(error)}`);
          const character = Number(/^character (\d+)$/.exec(error.details.path ?? "")?.[1]);
          assert.ok(character >= 1 && character <= text.length + 1, `${text}: ${error.message}`);
          assert.ok((error.details.hint ?? "").length > 0, text);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

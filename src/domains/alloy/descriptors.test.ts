import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "csv-parse/sync";
import { InputError } from "../../core/errors.ts";
import { matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { canonicalUnit } from "../../core/units.ts";
import { parseFormula } from "../../materials/formula.ts";
import { alloyDomain } from "./domain.ts";
import { describeComposition } from "./describe.ts";
import { singlePhaseFeatures } from "./featurisers.ts";
import { parseAlloy } from "./parse-alloy.ts";

/** Alloys as a fraction matrix over the union of their elements. */
function alloysOf(formulas: readonly string[]): { fractions: Matrix; symbols: string[] } {
  const compositions = formulas.map((formula) => parseFormula(formula).fractions);
  const symbols = [...new Set(compositions.flatMap((composition) => Object.keys(composition)))];
  const rows = compositions.map((composition) => symbols.map((symbol) => composition[symbol] ?? 0));
  return { fractions: matrixOf(rows), symbols };
}

function valuesOf(formula: string): Record<string, number | null> {
  const { descriptors } = describeComposition(parseFormula(formula).fractions);
  return Object.fromEntries(Object.entries(descriptors).map(([name, { value }]) => [name, value]));
}

/** Within half a unit of the last printed digit. */
function assertPrinted(actual: number | null | undefined, printed: string, what: string): void {
  const decimals = printed.split(".")[1]?.length ?? 0;
  assert.ok(
    typeof actual === "number" && Math.abs(actual - Number(printed)) <= 0.5001 * 10 ** -decimals,
    `${what}: ${actual}, printed ${printed}`,
  );
}

/**
 * Computed from the element tables of matminer @8ddb18c7 by a program of their own; Miracle radii.
 * The columns are delta, dS, dH, Tm, Omega, VEC, Lambda, gamma, M, rho, HHI production and reserves, dX.
 */
const columns =
  "delta mixing_entropy mixing_enthalpy melting_temperature omega vec lambda gamma molar_mass density hhi_production hhi_reserves delta_chi".split(
    " ",
  );
const printedValues: Record<string, string> = {
  CoCrFeMnNi: "2.250 13.3816 -4.160 1801.2 5.794 8.000 2.644 1.0606 56.081 8.025 2227 2273 0.1384",
  CoCrFeNi: "1.630 11.5263 -3.750 1871.8 5.753 8.250 4.340 1.0433 56.367 8.173 2380 2388 0.0967",
  AlCoCrFeNi: "4.703 13.3816 -12.320 1684.1 1.829 7.200 0.605 1.1401 50.490 6.718 2297 2240 0.1206",
  "Al0.3CoCrFeNi":
    "3.290 12.8260 -7.2688 1806.3 3.187 7.884 1.185 1.1410 54.317 7.637 2353 2340 0.1075",
  CoCrFeNiCuAl:
    "4.423 14.8975 -4.7778 1629.7 5.082 7.833 0.761 1.1404 52.666 7.069 2157 2091 0.1191",
  MoNbTaW: "2.734 11.5263 -6.500 3157.8 5.600 5.500 1.543 1.0799 138.414 13.639 4918 5392 0.3637",
  ZrHfTiCuNi:
    "10.078 13.3816 -27.360 1932.2 0.945 6.600 0.132 1.2753 87.964 8.498 2569 2185 0.2655",
  CuNi: "0 5.7631 4.000 1542.9 2.223 10.5 - 1 61.120 8.914 1312 1500 0.0050",
};

describe("alloy descriptors, standard convention", () => {
  for (const [formula, line] of Object.entries(printedValues)) {
    it(`agree with the printed digits for ${formula}`, () => {
      const values = valuesOf(formula);
      line.split(" ").forEach((printed, i) => {
        if (printed !== "-") assertPrinted(values[columns[i]], printed, `${formula} ${columns[i]}`);
      });
    });
  }

  it("give the Cantor alloy delta 2.250 % with Miracle and 3.269 % with Guo-Liu radii", () => {
    const { delta, delta_guo_liu } = valuesOf("CoCrFeMnNi");
    assertPrinted(delta, "2.250", "Miracle");
    assertPrinted(delta_guo_liu, "3.269", "Guo-Liu");
  });

  it("give phi of the Cantor alloy at three packings with Guo-Liu radii", () => {
    const values = valuesOf("CoCrFeMnNi");
    assertPrinted(values.phi_guo_liu_random, "54.25", "0.64");
    assertPrinted(values.phi_guo_liu_bcc, "41.56", "0.68");
    assertPrinted(values.phi_guo_liu_fcc, "26.49", "0.74");
  });

  it("agree with Yang and Zhang (2012) within the spread of their element tables", () => {
    // Omega and delta as the paper prints them.
    for (const [formula, omega, delta] of [
      ["ZrHfTiCuNi", 0.95, 10.21],
      ["CuNi", 2.22, 0],
      ["CoCrFeNiCuAl", 5.06, 4.82],
    ] as const) {
      const values = valuesOf(formula);
      assert.ok(Math.abs((values.omega ?? 0) / omega - 1) < 0.01, formula);
      assert.ok(Math.abs((values.delta ?? 9) - delta) < 0.45, formula);
    }
  });

  it("price alloys by mass", () => {
    // (6 x 1.79 + 4 x 357 + 90 x 11.1) / 100 from the price list.
    assertPrinted(valuesOf("Ti-6Al-4V wt%").price, "24.377", "price");
  });

  it("do not depend on order, on repetition of the amounts, or on absent elements", () => {
    const first = valuesOf("AlCoCrFeNi");
    const second = valuesOf("Ni2Fe2Cr2Co2Al2");
    for (const [name, value] of Object.entries(first)) {
      const other = second[name];
      assert.ok(
        value === other || Math.abs((value ?? 0) / (other ?? 1) - 1) < 1e-12,
        `${name}: ${value} ${other}`,
      );
    }
    const { fractions, symbols } = alloysOf(["AlCoCrFeNi", "CuZr", "Fe2O3"]);
    const vec = alloyDomain.quantities.find(({ name }) => name === "vec");
    assert.equal(vec?.evaluate?.(fractions, symbols)[0], first.vec);
  });
});

describe("alloy descriptors, single-phase convention", () => {
  const table = parse<Record<string, string>>(
    readFileSync(
      new URL("../../../test/reference/single-phase-descriptors.csv", import.meta.url),
      "utf8",
    ),
    { columns: true },
  );

  it("reproduce the published features of every fourteenth alloy of the set", () => {
    const { fractions, symbols } = alloysOf(table.map((row) => row.formula));
    const computed = singlePhaseFeatures.compute(fractions, symbols);
    table.forEach((row, i) => {
      const published = Object.values(row).slice(1).map(Number);
      published.forEach((value, k) => {
        // The published entropy carries an epsilon of its logarithm.
        assert.ok(
          Math.abs(rowOf(computed, i)[k] - value) < 1.1e-5,
          `${row.formula} ${Object.keys(row)[k + 1]}: ${rowOf(computed, i)[k]} ${value}`,
        );
      });
    });
    assert.equal(table.length, 99);
  });

  it("reproduce the published mean and standard deviation over all 1373 alloys", () => {
    const all = parse<{ formula: string }>(
      readFileSync(
        new URL("../../../datasets/hea-single-phase/hea-single-phase.csv", import.meta.url),
        "utf8",
      ),
      { columns: true },
    );
    assert.equal(all.length, 1373);
    const { fractions, symbols } = alloysOf(all.map(({ formula }) => formula));
    const computed = singlePhaseFeatures.compute(fractions, symbols);
    const published = [
      ["171.283537", "57.276966"],
      ["8.644818", "1.596497"],
      ["1986.024962", "502.170056"],
      ["9.055760", "4.280030"],
      ["3.289926", "2.061646"],
      ["0.138137", "0.073185"],
      ["10.0547", "4.6261"],
      ["-14.516918", "15.959295"],
    ];
    published.forEach(([mean, deviation], k) => {
      const values = all.map((_, i) => rowOf(computed, i)[k]);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      assertPrinted(average, mean, `mean of feature ${k}`);
      assertPrinted(Math.sqrt(square), deviation, `deviation of feature ${k}`);
    });
  });

  it("stay apart from the standard convention", () => {
    const values = valuesOf("AlFe");
    assertPrinted(values.mixing_enthalpy, "-11.0", "liquid set");
    assertPrinted(values.mixing_enthalpy_single_phase, "-32.1", "single-phase set");
    assertPrinted(valuesOf("W").vec, "6", "alloy VEC");
    assertPrinted(valuesOf("W").vec_single_phase, "20", "VEC with filled shells");
  });
});

describe("description of an alloy", () => {
  it("has value, unit, title and source for every descriptor", () => {
    const { formula, descriptors } = describeComposition(parseFormula("CoCrFeMnNi").fractions);
    assert.equal(formula, "CoCrFeMnNi");
    for (const [name, { value, unit, title, source }] of Object.entries(descriptors)) {
      assert.match(name, /^[a-z][a-z_]*$/);
      assert.equal(canonicalUnit(unit), unit, name);
      assert.ok(title.length > 3 && source.length > 10, name);
      assert.ok(typeof value === "number" && Number.isFinite(value), name);
    }
    assert.match(descriptors.delta.reading ?? "", /6\.6 %/);
  });

  it("says why Lambda and phi of equal radii are infinite, and why Omega of a pure metal is", () => {
    const { lambda, phi_fcc } = describeComposition({ Cu: 1, Ni: 1 }).descriptors;
    assert.equal(lambda.value, null);
    assert.match(lambda.note ?? "", /infinite: all radii are equal/);
    assert.match(phi_fcc.note ?? "", /infinite: all radii are equal/);
    const pure = describeComposition({ Fe: 3 }).descriptors;
    assert.equal(pure.mixing_entropy.value, 0);
    assert.equal(pure.delta.value, 0);
    assert.equal(pure.gamma.value, 1);
    assert.match(pure.omega.note ?? "", /infinite: the mixing enthalpy is zero/);
  });

  it("treats equal radii as equal whatever the fractions", () => {
    for (const formula of ["Cu0.1Ni0.9", "CuNi2", "Co3Fe4", "Cu0.123Ni0.456"]) {
      const { delta, lambda } = describeComposition(parseFormula(formula).fractions).descriptors;
      assert.equal(delta.value, 0, formula);
      assert.equal(lambda.value, null, formula);
    }
  });

  it("names what is missing instead of a value", () => {
    const { descriptors } = describeComposition({ Fe: 2, O: 3 });
    assert.equal(descriptors.mixing_enthalpy.value, null);
    assert.match(
      descriptors.mixing_enthalpy.note ?? "",
      /no value for Fe-O in the set "miedema-liquid"/,
    );
    assert.match(descriptors.density.note ?? "", /no value for O in the set "density:condensed"/);
    assert.equal(typeof descriptors.molar_mass.value, "number");
  });

  it("survives JSON", () => {
    const description = describeComposition({ Cu: 1, Ni: 1 });
    assert.deepEqual(JSON.parse(JSON.stringify(description)), description);
  });

  it("refuses unknown elements", () => {
    assert.throws(() => describeComposition({ Fe: 1, Qq: 1 }), InputError);
  });
});

describe("parsed alloys", () => {
  it("are neutral and made of elements", () => {
    assert.equal(parseAlloy("Ti-6Al-4V wt%").basis, "mass");
    assert.throws(() => parseAlloy("NiTi-"), /charge of 1-; an alloy is neutral/);
    assert.throws(() => parseAlloy("D2O"), /"D" is not the symbol of an element/);
  });
});

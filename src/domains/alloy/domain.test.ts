import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { domains } from "../registry.ts";
import { alloyDomain } from "./domain.ts";
import { alloyFeatures } from "./featurisers.ts";
import { magpie } from "./magpie.ts";

const symbols = ["Al", "Co", "Cr", "Fe", "Ni"];

function randomAlloys(n: number): ReturnType<typeof matrix> {
  const rng = createRng(3);
  const alpha = new Float64Array(symbols.length).fill(1);
  return matrixOf(Array.from({ length: n }, () => rng.dirichlet(alpha)));
}

describe("alloy domain", () => {
  it("stands in the registry under its own name", () => {
    for (const [name, domain] of Object.entries(domains)) assert.equal(domain.name, name);
  });

  it("has one name for each quantity and featuriser, and defaults that exist", () => {
    const names = alloyDomain.quantities.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    const featurisers = alloyDomain.featurisers.map(({ name }) => name);
    assert.equal(new Set(featurisers).size, featurisers.length);
    for (const name of alloyDomain.defaultFeaturisers) assert.ok(featurisers.includes(name), name);
  });

  it("computes every quantity with a ratio the same by its rule and by its ratio", () => {
    const alloys = randomAlloys(200);
    const withRatio = alloyDomain.quantities.filter(({ ratio }) => ratio !== undefined);
    assert.ok(withRatio.length >= 12);
    for (const quantity of withRatio) {
      const { name, ratio } = quantity;
      const values = quantity.evaluate?.(alloys, symbols) ?? [];
      for (let i = 0; i < alloys.rows; i++) {
        let top = 0;
        let bottom = 0;
        symbols.forEach((symbol, j) => {
          top += rowOf(alloys, i)[j] * (ratio?.numerator[symbol] ?? Number.NaN);
          bottom += rowOf(alloys, i)[j] * (ratio?.denominator ? ratio.denominator[symbol] : 1);
        });
        assert.ok(Math.abs(values[i] / (top / bottom) - 1) < 1e-12, `${name} ${values[i]}`);
      }
    }
  });

  it("gives linear quantities of a pure element that element's value", () => {
    const pure = matrixOf([[1]]);
    const value = (name: string, symbol: string): number | undefined =>
      alloyDomain.quantities.find((q) => q.name === name)?.evaluate?.(pure, [symbol])[0];
    assert.ok(Math.abs((value("density", "Fe") ?? 0) - 7.874) < 1e-12);
    assert.equal(value("melting_temperature", "W"), 3695);
    assert.equal(value("hhi_production", "Nb"), 8500);
  });

  it("gives finite model inputs everywhere, pure elements and equal radii included", () => {
    const corners = matrixOf([
      [1, 0, 0, 0, 0],
      [0, 0.5, 0, 0.5, 0],
      [0, 1e-12, 0, 0, 1 - 1e-12],
      [0.2, 0.2, 0.2, 0.2, 0.2],
    ]);
    for (const featuriser of alloyDomain.featurisers) {
      const features = featuriser.compute(corners, symbols);
      assert.equal(features.columns, featuriser.features(symbols).length, featuriser.name);
      assert.ok(features.data.every(Number.isFinite), featuriser.name);
    }
  });

  it("computes each row as if it were alone", () => {
    const alloys = randomAlloys(3000);
    const together = alloyFeatures.compute(alloys, symbols);
    for (const i of [0, 1, 1023, 1024, 2047, 2048, 2999]) {
      const alone = alloyFeatures.compute(matrixOf([rowOf(alloys, i)]), symbols);
      assert.deepEqual(rowOf(together, i), alone.data);
    }
  });

  it("says unit and source of every feature", () => {
    for (const featuriser of alloyDomain.featurisers) {
      for (const { name, unit, source } of featuriser.features(symbols)) {
        assert.ok(name.length > 0 && unit.length > 0 && source.length > 5, name);
      }
    }
  });

  it("demands tabulated values only of elements that occur, and pairs that occur together", () => {
    const withOxygen = [...symbols, "O"];
    const absent = matrixOf([[0.2, 0.2, 0.2, 0.2, 0.2, 0]]);
    assert.ok(alloyFeatures.compute(absent, withOxygen).data.every(Number.isFinite));
    const present = matrixOf([[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]]);
    assert.throws(
      () => alloyFeatures.compute(present, withOxygen),
      (error: InputError) => {
        assert.match(error.message, /no value for .*O/);
        return error instanceof InputError;
      },
    );
    const enthalpy = alloyDomain.quantities.find(({ name }) => name === "mixing_enthalpy");
    const apart = matrixOf([
      [1, 0],
      [0, 1],
    ]);
    assert.deepEqual(enthalpy?.evaluate?.(apart, ["Th", "U"]), new Float64Array([0, 0]));
    assert.throws(
      () => enthalpy?.evaluate?.(matrixOf([[0.5, 0.5]]), ["Th", "U"]),
      /no value for Th-U/,
    );
  });

  it("refuses fractions that are no composition, naming the row", () => {
    const compute = (rows: number[][]) => () => alloyFeatures.compute(matrixOf(rows), symbols);
    assert.throws(compute([[0.2, 0.2, 0.2, 0.2, 0.1]]), /fractions of row 1 sum to 0\.9/);
    assert.throws(compute([[0.3, -0.1, 0.4, 0.2, 0.2]]), /fraction of Co in row 1.*got -0\.1/);
    assert.throws(compute([[Number.NaN, 0, 0, 0, 1]]), /fraction of Al in row 1.*got NaN/);
    assert.throws(() => alloyFeatures.compute(matrix(1, 3), symbols), ShapeError);
  });

  it("keeps delta, gamma and the entropy within their mathematical limits", () => {
    const named = new Map(alloyFeatures.features(symbols).map(({ name }, k) => [name, k]));
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (amounts) => {
          const sum = amounts.reduce((a, b) => a + b, 0);
          const row = alloyFeatures.compute(matrixOf([amounts.map((x) => x / sum)]), symbols).data;
          const at = (name: string): number => row[named.get(name) ?? -1];
          assert.ok(at("delta") > 0 && at("gamma") >= 1);
          assert.ok(at("mixing_entropy") <= 8.314462619 * Math.log(5));
          assert.ok(at("omega_bounded") > 0 && at("omega_bounded") <= 1);
        },
      ),
    );
  });
});

describe("Magpie features", () => {
  const valueOf = (rows: number[][], elements: string[], name: string): number => {
    const k = magpie.features(elements).findIndex((feature) => feature.name === name);
    assert.ok(k >= 0, name);
    return magpie.compute(matrixOf(rows), elements).data[k];
  };

  it("are 132, six statistics of each property", () => {
    const names = magpie.features([]).map(({ name }) => name);
    assert.equal(names.length, 132);
    assert.equal(new Set(names).size, 132);
    assert.equal(names[0], "MagpieData minimum Number");
    assert.equal(names[131], "MagpieData mode SpaceGroupNumber");
  });

  it("are those of matminer for the atomic number in Fe2O3", () => {
    const rows = [[0.4, 0.6]];
    const elements = ["Fe", "O"];
    const expected = { minimum: 8, maximum: 26, range: 18, mean: 15.2, avg_dev: 8.64, mode: 8 };
    for (const [statistic, value] of Object.entries(expected)) {
      const computed = valueOf(rows, elements, `MagpieData ${statistic} Number`);
      assert.ok(Math.abs(computed - value) < 1e-12, `${statistic} ${computed}`);
    }
  });

  it("give the smallest value of equally abundant elements as mode", () => {
    assert.equal(valueOf([[0.5, 0.5]], ["Ni", "Al"], "MagpieData mode Number"), 13);
    assert.equal(valueOf([[0.5 + 1e-7, 0.5 - 1e-7]], ["Ni", "Al"], "MagpieData mode Number"), 13);
    assert.equal(valueOf([[0.51, 0.49]], ["Ni", "Al"], "MagpieData mode Number"), 28);
  });

  it("ignore elements that do not occur", () => {
    assert.equal(valueOf([[0.5, 0, 0.5]], ["Ni", "W", "Al"], "MagpieData maximum Number"), 28);
  });

  it("refuse elements without a tabulated value instead of imputing one", () => {
    assert.throws(() => magpie.compute(matrixOf([[0.5, 0.5]]), ["Fe", "He"]), /no value for He/);
  });
});

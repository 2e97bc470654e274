import assert from "node:assert/strict";
import { test } from "node:test";
import reference from "../../../test/reference/element-statistics.json" with { type: "json" };
import { matrixOf } from "../../core/matrix.ts";
import { physicalFeatures, randomFeatures } from "./element-vectors.ts";

test("statistics of element properties are those that another program computes from the source tables", () => {
  for (const { fractions, features } of reference) {
    const symbols = Object.keys(fractions);
    const row = physicalFeatures.compute(matrixOf([Object.values(fractions)]), symbols).data;
    const names = physicalFeatures.features(symbols).map(({ name }) => name);
    assert.equal(row.length, names.length);
    for (const [name, value] of Object.entries(features)) {
      const own = row[names.indexOf(name)];
      assert.ok(Math.abs(own - value) <= 1e-8 * Math.max(1, Math.abs(value)), `${name}: ${own}`);
    }
  }
});

test("an element without a value is named", () => {
  assert.throws(() => physicalFeatures.compute(matrixOf([[0.5, 0.5]]), ["Fe", "Fm"]), /Fm/);
});

test("random vectors of an element are the same in every alloy, and differ between elements", () => {
  const iron = randomFeatures.compute(matrixOf([[1]]), ["Fe"]).data;
  assert.deepEqual(randomFeatures.compute(matrixOf([[0, 1]]), ["Ni", "Fe"]).data, iron);
  const nickel = randomFeatures.compute(matrixOf([[1]]), ["Ni"]).data;
  assert.ok(nickel[3] !== iron[3]);
});

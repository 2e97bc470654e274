import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { alloyDomain } from "../../domains/alloy/domain.ts";
import { createSpace } from "../../space/create-space.ts";
import { surrogates } from "../../surrogates/registry.ts";
import { gradientByDifferences, gradientThroughInputs } from "./model-gradients.ts";
import { physicsModel } from "./forward-models.ts";
import { createModelInputs } from "../learning/model-inputs.ts";
import { fractionsOfRows, processOfRows } from "./space-rows.ts";

const symbols = ["Al", "Ti", "V", "Nb"];
const space = await createSpace({
  parameters: [
    {
      kind: "composition",
      name: "composition",
      elements: symbols.map((symbol) => ({ symbol, min: 0.05, max: 0.6 })),
    },
    { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
    { kind: "categorical", name: "route", values: ["cast", "rolled"] },
  ],
  constraints: [],
  quantities: [],
});
const featurisers = alloyDomain.featurisers.filter(({ name }) =>
  alloyDomain.defaultFeaturisers.includes(name),
);
const inputs = createModelInputs(symbols, featurisers, [{ name: "temperature", kind: "number" }]);
const encode = (rows: Matrix): Matrix =>
  inputs.encode(fractionsOfRows(space, rows, symbols), processOfRows(space, rows, inputs));
const rows = space.sample(30, createRng(1));
const y = Float64Array.from({ length: 30 }, (_, i) => {
  const [al, ti, v, , t] = rowOf(rows, i);
  return 900 * al * ti + 300 * v * v + 0.2 * t;
});

describe("gradients of forward models", () => {
  it("the chain rule through features gives what differences of the predictions give", async () => {
    const rng = createRng(2);
    const x = encode(rows);
    const surrogate = await surrogates["gaussian-process"].fit({
      x,
      y,
      task: { kind: "regression" },
      rng,
    });
    const at = space.sample(5, createRng(3));
    const found = gradientThroughInputs(space, at, encode, (z) => surrogate.gradient!(z));
    const expected = gradientByDifferences(
      space,
      at,
      (all) => surrogate.predict(encode(all)).mean.data,
    );
    const size = Math.max(...expected.data.map(Math.abs));
    assert.ok(size > 1);
    for (let k = 0; k < found.data.length; k++) {
      assert.ok(Math.abs(found.data[k] - expected.data[k]) < 1e-4 * size, `entry ${k}`);
    }
    for (let i = 0; i < 5; i++) assert.equal(rowOf(found, i)[5], 0, "a category has none");
  });

  it("differences of a computed property are its slopes from element to element", () => {
    const coefficients: Record<string, number> = { Al: 2, Ti: 5, V: -1, Nb: 7 };
    const model = physicsModel(
      {
        name: "sum",
        title: "sum",
        unit: "1",
        source: "test",
        evaluate: (fractions, names) =>
          Float64Array.from({ length: fractions.rows }, (_, i) =>
            names.reduce((sum, name, k) => sum + coefficients[name] * rowOf(fractions, i)[k], 0),
          ),
      },
      space,
    );
    const at = matrix(1, 6, Float64Array.of(0.3, 0.4, 0.2, 0.1, 500, 0));
    const [al, ti, v, nb, t, route] = model.gradient!(at).data;
    // Only differences between elements count.
    assert.ok(Math.abs(al - ti - (2 - 5)) < 1e-8);
    assert.ok(Math.abs(v - ti - (-1 - 5)) < 1e-8);
    assert.ok(Math.abs(nb - ti - (7 - 5)) < 1e-8);
    assert.deepEqual([t, route], [0, 0]);
  });
});

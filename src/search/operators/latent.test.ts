import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { freeSpace, levels } from "../fixtures/spaces.ts";
import { latentSpace } from "./latent.ts";
import { neighboursOf } from "./neighbours.ts";

const space = await freeSpace([
  {
    kind: "composition",
    name: "alloy",
    elements: ["A", "B", "C"].map((symbol) => ({ symbol, min: 0.1, max: 0.8 })),
    step: 0.1,
  },
  { kind: "continuous", name: "heat", unit: "K", min: 300, max: 900 },
  levels("passes", 4),
  { kind: "categorical", name: "route", values: ["cast", "rolled", "printed"] },
  { kind: "continuous", name: "fixed", unit: "1", min: 2, max: 2 },
]);
const latent = latentSpace(space);

describe("the latent space of designs", () => {
  it("has a coordinate for each open column, and one for each level of a category", () => {
    assert.equal(latent.dimension, 3 + 1 + 1 + 3);
    const row = [0.4, 0, 0.6, 450, 3, 1, 2];
    assert.deepEqual([...latent.encode(row)], [0.5, 0, 0.6 / 0.8, 0.25, 1, 0, 1, 0]);
  });

  it("decodes to the design it was encoded from", () => {
    const rows = space.sample(50, createRng(1));
    for (let i = 0; i < 50; i++) {
      const row = rowOf(rows, i);
      const back = latent.decode(latent.encode(row));
      for (let k = 0; k < row.length; k++) assert.ok(Math.abs(back[k] - row[k]) < 1e-9);
    }
  });

  it("makes a feasible design of any point, and learns continuous columns only", () => {
    const rng = createRng(2);
    for (let i = 0; i < 50; i++) {
      const point = Float64Array.from({ length: 8 }, () => 3 * rng.normal());
      const drawn = point.slice();
      const row = latent.decode(point);
      assert.ok(space.isFeasible(row));
      latent.settle(point, row);
      assert.ok(Math.abs(point[3] - (row[3] - 300) / 600) < 1e-12);
      for (const k of [0, 1, 2, 4, 5, 6, 7]) {
        assert.equal(point[k], Math.min(1, Math.max(0, drawn[k])));
      }
    }
  });
});

describe("discrete neighbours", () => {
  it("differ by one step of a list, a category, a step or an exchange of a composition", () => {
    const found = neighboursOf(space, Float64Array.of(0.4, 0, 0.6, 450, 3, 1, 2));
    const texts = found.map((row) => [...row].map((x) => Math.round(x * 10) / 10).join(" "));
    assert.deepEqual(
      new Set(texts),
      new Set([
        "0.4 0 0.6 450 2 1 2",
        "0.4 0 0.6 450 3 0 2",
        "0.4 0 0.6 450 3 2 2",
        "0.3 0 0.7 450 3 1 2",
        "0.5 0 0.5 450 3 1 2",
        "0.3 0.1 0.6 450 3 1 2",
        "0.4 0.1 0.5 450 3 1 2",
        "0.6 0 0.4 450 3 1 2",
        "0 0.4 0.6 450 3 1 2",
        "0.4 0.6 0 450 3 1 2",
        // A or C taken out leaves 0, 0, 1, but 0.8 is the most: a tenth of both others is nearest to it.
        "0.1 0.1 0.8 450 3 1 2",
        "0.8 0.1 0.1 450 3 1 2",
      ]),
    );
    assert.equal(texts.length, 12);
  });

  it("are none where all columns are continuous numbers", async () => {
    const line = await freeSpace([{ kind: "continuous", name: "x", unit: "1", min: 0, max: 1 }]);
    assert.deepEqual(neighboursOf(line, Float64Array.of(0.5)), []);
  });
});

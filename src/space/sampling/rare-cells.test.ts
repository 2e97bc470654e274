import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { ElementRange } from "../contract.ts";
import { createSpace } from "../create-space.ts";
import type { SpaceSpec } from "../model/model.ts";

const element = (symbol: string, max: number): ElementRange => ({ symbol, min: 0, max });

/** Of 61 choices of A and B only A = 0.3 has a design, and that is a single one: t = 150. */
const oneDesign: SpaceSpec = {
  parameters: [
    {
      kind: "composition",
      name: "mixture",
      step: 0.01,
      elements: [element("A", 0.3), element("B", 0.3), element("C", 1)],
    },
    { kind: "continuous", name: "t", unit: "1", min: 0, max: 300 },
  ],
  constraints: [
    {
      kind: "exclusion",
      text: "not (A and B)",
      conditions: [
        { kind: "present", element: "A" },
        { kind: "present", element: "B" },
      ],
    },
    { kind: "linear", text: "A + t / 300 >= 0.8", coefficients: { A: 1, t: 1 / 300 }, relation: ">=", bound: 0.8 }, // prettier-ignore
    { kind: "linear", text: "t <= 150", coefficients: { t: 1 }, relation: "<=", bound: 150 },
  ],
  quantities: [],
};

test("a design in one of many cells is drawn every time", async () => {
  const space = await createSpace(oneDesign);
  const rows = space.sample(2000, createRng(1));
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    assert.ok(Math.abs(row[0] - 0.3) < 1e-9 && Math.abs(row[3] - 150) < 1e-6, row.join(" "));
  }
});

test("fractions that rounding leaves next to zero are zero", async () => {
  const elements = ["A", "B", "C"].map((symbol) => element(symbol, 1));
  const space = await createSpace({
    parameters: [{ kind: "composition", name: "mixture", elements }],
    constraints: [
      { kind: "linear", text: "A + B <= 0.9", coefficients: { A: 1, B: 1 }, relation: "<=", bound: 0.9 }, // prettier-ignore
    ],
    quantities: [],
  });
  assert.deepEqual([...space.repair([0.5, -4e-17, 0.5])], [0.5, 0, 0.5]);
});

test("a set without volume is drawn from by the designs nearest to random points", async () => {
  const space = await createSpace({
    parameters: [
      {
        kind: "composition",
        name: "mixture",
        elements: [element("A", 0.7), element("B", 0.7), element("F", 0.3)],
      },
      { kind: "continuous", name: "t", unit: "1", min: 0, max: 1000 },
    ],
    constraints: [
      { kind: "linear", text: "A + F = 0.5", coefficients: { A: 1, F: 1 }, relation: "=", bound: 0.5 }, // prettier-ignore
      { kind: "linear", text: "t >= 500", coefficients: { t: 1 }, relation: ">=", bound: 500 },
      {
        kind: "exclusion",
        text: "not (A > 0.2 and t >= 400)",
        conditions: [
          { kind: "compare", column: "A", relation: ">", bound: 0.2 },
          { kind: "compare", column: "t", relation: ">=", bound: 400 },
        ],
      },
    ],
    quantities: [],
  });
  const rows = space.sample(20, createRng(1));
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    assert.ok(space.isFeasible(row), row.join(" "));
    assert.ok(Math.abs(row[0] - 0.2) < 1e-8 && row[3] >= 499.99, row.join(" "));
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../../test/reference/designs.json" with { type: "json" };
import { pow } from "../../../core/elementary.ts";
import { matrixOf, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { createSpace } from "../../../space/create-space.ts";
import { freeSpace, levels, unitBox } from "../../fixtures/spaces.ts";
import { dOptimal, iOptimal } from "./optimal.ts";

const rng = createRng(1);
const keys = (rows: Matrix): string[] =>
  Array.from({ length: rows.rows }, (_, i) =>
    Array.from(rowOf(rows, i), (x) => x.toFixed(6)).join(" "),
  ).sort();

/** |X'X| from the D-efficiency, 100 |X'X|^(1/p) / n. */
const determinantOf = (
  { dEfficiency, terms }: Readonly<Record<string, number>>,
  n: number,
): number => pow((dEfficiency * n) / 100, terms);

const mixture = await freeSpace([
  {
    kind: "composition",
    name: "composition",
    elements: ["Al", "Ti", "V"].map((symbol) => ({ symbol, min: 0, max: 1 })),
  },
]);

describe("d-optimal", () => {
  it("puts a quadratic on the ends and the middle of a line", async () => {
    const { rows, figures } = await dOptimal.points(await unitBox(1), { n: 3, rng });
    assert.deepEqual(keys(rows), ["0.000000", "0.500000", "1.000000"]);
    assert.ok(Math.abs(figures["gEfficiency"] - 100) < 1e-6);
  });

  it("puts Scheffe's quadratic on vertices and middles of edges, which Kiefer (1961) proved", async () => {
    const { rows, figures } = await dOptimal.points(mixture, { n: 6, rng });
    const half = "0.500000";
    const [one, none] = ["1.000000", "0.000000"];
    assert.deepEqual(
      keys(rows),
      [
        [one, none, none],
        [none, one, none],
        [none, none, one],
        [half, half, none],
        [half, none, half],
        [none, half, half],
      ]
        .map((row) => row.join(" "))
        .sort(),
    );
    // The largest variance of the best design is terms / experiments (equivalence theorem).
    assert.ok(Math.abs(figures["largestVariance"] - 1) < 1e-6);
  });

  it("puts a linear model on the corners of a cube, of which all is best", async () => {
    const { rows, figures } = await dOptimal.points(
      await unitBox(3),
      { n: 8, rng },
      { model: "linear" },
    );
    assert.ok(rows.data.every((x) => x === 0 || x === 1));
    assert.ok(Math.abs(figures["dEfficiency"] - 100) < 1e-9);
  });

  it("is as good as the best of all subsets of a grid", async () => {
    const { figures } = await dOptimal.points(await unitBox(2), { n: 6, rng });
    assert.ok(determinantOf(figures, 6) >= 0.99 * reference.gridDeterminant6);
  });

  it("is as good as many restarts of another program on a constrained mixture", async () => {
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "composition",
          elements: [
            { symbol: "Al", min: 0, max: 0.6 },
            { symbol: "Ti", min: 0.1, max: 1, required: true },
            { symbol: "V", min: 0, max: 1 },
          ],
          step: 0.1,
        },
      ],
      constraints: [
        {
          kind: "linear",
          text: "Al + V <= 0.8",
          coefficients: { Al: 1, V: 1 },
          relation: "<=",
          bound: 0.8,
        },
      ],
      quantities: [],
    });
    assert.equal(space.count(), BigInt(reference.mixtures));
    const { figures } = await dOptimal.points(space, { n: 7, rng });
    assert.ok(determinantOf(figures, 7) >= 0.99 * reference.mixtureDeterminant7);
  });

  it("adds to known experiments what they lack", async () => {
    const line = await unitBox(1);
    const known = matrixOf([[0], [1]]);
    const { rows, figures } = await dOptimal.points(line, { n: 1, rng, known });
    assert.deepEqual(keys(rows), ["0.500000"]);
    assert.equal(figures["terms"], 3);
    const repeated = await dOptimal.points(
      line,
      { n: 4, rng, known: matrixOf([[0], [0]]) },
      { model: "linear", replicates: true },
    );
    // Three of six at either end are best.
    assert.deepEqual(keys(repeated.rows), ["0.000000", "1.000000", "1.000000", "1.000000"]);
  });

  it("balances categories", async () => {
    const space = await freeSpace([
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
      { kind: "continuous", name: "x", unit: "1", min: -1, max: 1 },
    ]);
    const { rows, figures } = await dOptimal.points(
      space,
      { n: 6, rng },
      { model: "interactions" },
    );
    assert.equal(figures["terms"], 6);
    assert.deepEqual(
      keys(rows),
      [0, 1, 2].flatMap((word) => [-1, 1].map((x) => `${word}.000000 ${x}.000000`)).sort(),
    );
  });

  it("leaves out terms that follow from others, and says which", async () => {
    const space = await createSpace({
      parameters: [levels("a", 2), levels("b", 2), { ...levels("c", 2) }],
      constraints: [
        { kind: "linear", text: "a = b", coefficients: { a: 1, b: -1 }, relation: "=", bound: 0 },
      ],
      quantities: [],
    });
    const { figures, notes } = await dOptimal.points(space, { n: 4, rng }, { model: "linear" });
    assert.equal(figures["terms"], 3);
    assert.match(notes.join(" "), /left out: b\./);
  });

  it("refuses too few experiments for the model and too few designs of the space", async () => {
    await assert.rejects(
      dOptimal.points(await unitBox(3), { n: 9, rng }),
      /quadratic model has 10 terms.*9 experiments/,
    );
    const space = await freeSpace([levels("a", 2), levels("b", 2)]);
    await assert.rejects(dOptimal.points(space, { n: 5, rng }, { model: "linear" }), /4 designs/);
    await assert.rejects(
      dOptimal.points(space, { n: 4, rng }, { model: "cubic" as "linear" }),
      /linear, interactions or quadratic/,
    );
  });
});

describe("i-optimal", () => {
  it("has as little mean variance as the best of all subsets of a line's points", async () => {
    const { figures } = await iOptimal.points(await unitBox(1), { n: 4, rng });
    // The mean over the line is one over 2000 random designs: half a percent of its value.
    assert.ok(
      figures["meanVariance"] <= 1.01 * reference.lineVariance4,
      `${figures["meanVariance"]}`,
    );
  });

  it("has less mean variance than the D-optimal design, which has the larger determinant", async () => {
    const square = await unitBox(2);
    const options = { n: 9, rng };
    const i = await iOptimal.points(square, options);
    const d = await dOptimal.points(square, options);
    assert.ok(i.figures["meanVariance"] < d.figures["meanVariance"]);
    assert.ok(i.figures["dEfficiency"] < d.figures["dEfficiency"]);
  });
});

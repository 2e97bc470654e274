import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf } from "../core/matrix.ts";
import { buildTable } from "./build-table.ts";
import { tableCompositions } from "./composition.ts";
import type { Cell } from "./read/cells.ts";

const tableOf = (headers: string[], ...rows: Cell[][]) =>
  buildTable({ source: "a.csv", headers, rows, place: (row) => `line ${row + 2}`, notes: [] });
const close = (actual: ArrayLike<number>, expected: number[]) =>
  expected.forEach((value, j) =>
    assert.ok(Math.abs(actual[j] - value) < 1e-4, `${actual[j]} ${value}`),
  );

test("formulas and fraction columns give one composition, elements by atomic number", () => {
  const formulas = tableCompositions(tableOf(["formula"], ["NiAl"], ["Ni3Al"]));
  const atomic = tableCompositions(tableOf(["Ni at%", "Al at%"], [50, 50], [75, 25]));
  const plain = tableCompositions(tableOf(["x_Ni", "x_Al"], [0.5, 0.5], [0.75, 0.25]));
  for (const one of [formulas, atomic, plain]) {
    assert.deepEqual(one.symbols, ["Al", "Ni"]);
    assert.deepEqual([...one.fractions.data], [0.5, 0.5, 0.25, 0.75]);
    assert.deepEqual(one.problems, []);
  }
});

test("mass percents become atomic fractions (Ti-6Al-4V has 10.2 at% Al and 3.6 at% V)", () => {
  const table = tableOf(["Ti wt%", "Al wt%", "V wt%"], [90, 6, 4]);
  const { symbols, fractions } = tableCompositions(table);
  assert.deepEqual(symbols, ["Al", "Ti", "V"]);
  // From the standard atomic weights Al 26.9815, Ti 47.867, V 50.9415.
  const moles = [6 / 26.9815, 90 / 47.867, 4 / 50.9415];
  const sum = moles.reduce((a, b) => a + b);
  close(
    fractions.data,
    moles.map((x) => x / sum),
  );
  // ASM Handbook vol. 2: 10.2 at% Al, 3.6 at% V.
  assert.equal(fractions.data[0].toFixed(3), "0.102");
  assert.equal(fractions.data[2].toFixed(3), "0.036");
});

test("a formula column headed with wt% counts mass", () => {
  const { fractions } = tableCompositions(tableOf(["composition (wt%)"], ["Ti90Al6V4"]));
  assert.ok(Math.abs(fractions.data[0] - 0.102) < 1e-3);
});

test("rounded sums are made one, other sums, negatives and gaps are listed with their rows", () => {
  const table = tableOf(
    ["x_Ni", "x_Al"],
    [0.333, 0.666],
    [0.5, 0.6],
    [1.2, -0.2],
    [null, null],
    [1, null],
    [0.5, 0.5],
    [0.5, 0.5],
  );
  const { valid, problems, fractions } = tableCompositions(table);
  assert.deepEqual([...valid], [1, 0, 0, 0, 1, 1, 1]);
  assert.deepEqual(
    problems.map(({ row, kind }) => [row, kind]),
    [
      [2, "sum"],
      [3, "negative"],
      [4, "missing"],
    ],
  );
  assert.ok(Math.abs(rowOf(fractions, 0)[0] + rowOf(fractions, 0)[1] - 1) < 1e-15);
  assert.deepEqual([...rowOf(fractions, 4)], [0, 1]);
});

test("formulas that cannot be read are listed, the others are used", () => {
  const { valid, problems } = tableCompositions(tableOf(["formula"], ["NiAl"], ["NiXx"], [null]));
  assert.deepEqual([...valid], [1, 0, 0]);
  assert.match(problems[0].message, /not an element/);
  assert.deepEqual(
    problems.map(({ row }) => row),
    [2, 3],
  );
});

test("elements can be given, a foreign one is a problem of its row", () => {
  const options = { symbols: ["Ti", "Al", "Ni"] };
  const one = tableCompositions(tableOf(["formula"], ["NiAl"], ["NiV"]), options);
  assert.deepEqual([...rowOf(one.fractions, 0)], [0, 0.5, 0.5]);
  assert.match(one.problems[0].message, /V is not among/);
});

test("a table without compositions is refused", () => {
  assert.throws(() => tableCompositions(tableOf(["hardness (HV)"], [1])), /no composition/);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { buildTable } from "../../data/build-table.ts";
import { paretoTable } from "./pareto-table.ts";

const table = buildTable({
  source: "runs.csv",
  headers: ["name", "strength_MPa", "cost_USD", "phase"],
  rows: [
    ["a", 100, 1, "BCC"],
    ["b", 300, 3, "BCC"],
    ["c", 280, 1.5, "BCC"],
    ["d", 90, 2, "FCC"],
    ["e", 290, 4, "FCC"],
    ["f", null, 1, "BCC"],
  ],
  notes: [],
  place: (i) => `row ${i + 1}`,
});
const wishes = ["strength -> maximise", "cost -> minimise"];

describe("paretoTable", () => {
  it("ranks rows by fronts, marks the knee and tells what it leaves out", () => {
    const { rows, leftOut } = paretoTable(table, { targets: wishes });
    assert.deepEqual(
      rows.map(({ row, rank }) => [row, rank]),
      [
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 2],
        [5, 2],
      ],
    );
    assert.deepEqual(
      rows.filter(({ isKnee }) => isKnee).map(({ row }) => row),
      [3],
    );
    assert.equal(leftOut, 1);
  });

  it("counts the hypervolume from a given corner, and beyond it nothing", () => {
    const result = paretoTable(table, {
      targets: wishes,
      reference: { strength: 95, cost: 3.5 },
    });
    // From (95 MPa, 3.5 USD): a 5 x 2.5, c 185 x 2, b 205 x 0.5; overlaps 5 x 2 and 185 x 0.5.
    assert.ok(Math.abs(result.hypervolume! - (12.5 + 370 - 10 + 102.5 - 92.5)) < 1e-9);
    assert.ok(Math.abs(result.hypervolumeShare! - 382.5 / (205 * 2.5)) < 1e-12);
    assert.deepEqual(
      result.rows.filter(({ meets }) => !meets).map(({ row }) => row),
      [4, 5],
    );
    assert.deepEqual(
      result.reference.map(({ name, value, source }) => [name, value, source]),
      [
        ["strength", 95, "given"],
        ["cost", 3.5, "given"],
      ],
    );
  });

  it("takes limits among the targets as worst acceptable values, and states its rule else", () => {
    const result = paretoTable(table, { targets: [...wishes, "strength >= 95 MPa"] });
    const [strength, cost] = result.reference;
    assert.deepEqual([strength.value, strength.source], [95, "target"]);
    // Of the rows that meet it: costs 1 to 4 and a tenth of 3 beyond.
    assert.equal(cost.source, "rule");
    assert.ok(Math.abs(cost.value - 4.3) < 1e-12);
    assert.match(result.rule, /worst acceptable/);
  });

  it("puts rows that miss a requirement last", () => {
    const { rows } = paretoTable(table, { targets: [...wishes, "phase is FCC"] });
    assert.deepEqual(
      rows.slice(0, 2).map(({ row, meets }) => [row, meets]),
      [
        [4, true],
        [5, true],
      ],
    );
    assert.ok(rows.slice(2).every(({ meets }) => !meets));
  });

  it("knows no hypervolume of one objective, and none above zero where nothing meets the limits", () => {
    assert.equal(paretoTable(table, { targets: [wishes[0]] }).hypervolume, null);
    const none = paretoTable(table, { targets: [...wishes, "strength >= 900 MPa"] });
    assert.equal(none.hypervolume, 0);
    assert.ok(none.reference.every(({ value }) => Number.isFinite(value)));
  });

  it("refuses names that are not there", () => {
    for (const options of [
      { targets: ["strenght -> maximise"] },
      { targets: [] },
      { targets: wishes, reference: { phase: 1 } },
    ]) {
      assert.throws(() => paretoTable(table, options), InputError);
    }
  });
});

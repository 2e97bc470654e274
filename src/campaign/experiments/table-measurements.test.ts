import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { buildTable } from "../../data/build-table.ts";
import type { Cell } from "../../data/read/cells.ts";
import type { Dataset } from "../dataset.ts";
import { parseProblemFile } from "../problem/problem-file.ts";
import { resolveProblem } from "../problem/problem.ts";
import { freezeProblem, openProblem } from "./campaign-problem.ts";
import { tableMeasurements, type TableMeasurements } from "./table-measurements.ts";

const datasetOf = (headers: readonly string[], rows: readonly Cell[][]): Dataset => ({
  name: "runs.csv",
  table: buildTable({
    source: "runs.csv",
    headers,
    rows,
    place: (i) => `line ${i + 2}`,
    notes: [],
  }),
  sha256: "0".repeat(64),
});

async function read(problem: object, dataset: Dataset): Promise<TableMeasurements> {
  const parsed = parseProblemFile(JSON.stringify({ name: "P", ...problem }), "p.json");
  const resolved = await resolveProblem(parsed, dataset);
  return tableMeasurements(resolved, await openProblem(freezeProblem(resolved)));
}

const furnace = {
  space: {
    parameters: {
      temperature: { min: 300, max: 900, unit: "K" },
      solvent: ["water", "ethanol"],
      pressure: "2 bar",
    },
  },
  outcomes: { strength: "MPa" },
  targets: ["strength -> maximise"],
};

describe("tableMeasurements", () => {
  it("reads standard deviations of outcomes in a column of their own", async () => {
    const header = [
      "temperature_K",
      "solvent",
      "pressure_bar",
      "strength [MPa]",
      "strength ± [GPa]",
    ];
    const table = datasetOf(header, [
      [400, "water", 2, 500, 0.02],
      [500, "water", 2, 600, null],
    ]);
    const { measurements } = await read(furnace, table);
    assert.deepEqual(
      measurements.map(({ outcomes, noiseStd }) => [outcomes["strength"], noiseStd]),
      [
        [500, { strength: 20 }],
        [600, undefined],
      ],
    );
    const wrong = datasetOf(header, [[400, "water", 2, 500, -1]]);
    await assert.rejects(
      read(furnace, wrong),
      (error: unknown) =>
        error instanceof InputError && error.details.path === 'row 1, column "strength ± [GPa]"',
    );
  });

  it("reads rows in the problem's units, with their status; a row without an outcome is pending", async () => {
    const table = datasetOf(
      ["temperature_C", "solvent", "strength_GPa", "pressure_bar", "status"],
      [
        [26.85, "water", 0.5, 2, null],
        [126.85, "ethanol", 0.6, null, "completed"],
        [226.85, "water", null, 2, "Failed"],
        [326.85, "water", null, 2, "infeasible"],
        [426.85, "water", 0.9, 2, "abandoned"],
        [526.85, "water", null, 2, null],
        [null, "water", 0.4, 2, null],
      ],
    );
    const { measurements, pending, notes } = await read(furnace, table);
    assert.deepEqual(
      measurements.map(({ label, status }) => [label, status]),
      [
        ["row 1", "completed"],
        ["row 2", "completed"],
        ["row 3", "failed"],
        ["row 4", "infeasible"],
        ["row 5", "abandoned"],
      ],
    );
    const [first, second] = measurements;
    assert.ok(Math.abs((first.design["temperature"] as number) - 300) < 1e-9);
    assert.ok(Math.abs((first.outcomes["strength"] as number) - 500) < 1e-9);
    // Fixed by the space, so it need not be written.
    assert.equal(second.design["pressure"], 2);
    assert.deepEqual(measurements[2].outcomes, {});
    assert.equal(pending.length, 1);
    assert.match(notes.join(), /^1 of 7 rows have no whole design and are left out \(row 7\)/);
  });

  it("reads compositions, and computes targets that follow from them", async () => {
    const alloy = {
      domain: "alloy",
      data: "runs.csv",
      space: { elements: ["Al", "Ti"] },
      targets: ["hardness -> maximise", "density -> minimise"],
    };
    const table = datasetOf(
      ["formula", "hardness_HV"],
      [
        ["Al0.5Ti0.5", 300],
        ["Al3Ti", 400],
        ["AlFe", 350],
      ],
    );
    const { measurements } = await read(alloy, table);
    assert.deepEqual(measurements[1].design, { composition: { Al: 0.75, Ti: 0.25 } });
    const density = measurements.map(({ outcomes }) => outcomes["density"] as number);
    // Titanium is the heavier one: 4.51 against 2.70 g/cm3.
    assert.ok(density[0] > density[1]);
    // Iron is not in the space: nothing is computed, and the plan leaves it out.
    assert.equal(density[2], undefined);
  });

  it("refuses a status that is none, with its place", async () => {
    const table = datasetOf(
      ["temperature_K", "solvent", "strength_MPa", "pressure_bar", "status"],
      [[300, "water", 500, 2, "completd"]],
    );
    await assert.rejects(read(furnace, table), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.details.path!, /row 1, column "status"/);
      assert.match(error.details.hint!, /completed/);
      return true;
    });
  });
});

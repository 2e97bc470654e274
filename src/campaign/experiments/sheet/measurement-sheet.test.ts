import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { readCsv } from "../../../data/read/csv.ts";
import { newCampaign } from "../fixtures/small-campaign.ts";
import { measurementSheet } from "./measurement-sheet.ts";
import { readBatchSheet } from "./read-batch-sheet.ts";

/** Four measurements: one with its noise, one that failed, one of a design of one's own, and one in parts. */
async function measured() {
  const campaign = newCampaign();
  await campaign.ask({ batchSize: 3, planner: "random" });
  await campaign.tell([
    { target: "r1-1", values: { yield: "41 ± 0.5 %", purity: "0.95", colour: "brown" } },
    { target: "r1-2", status: "failed", note: "flask broke" },
    {
      values: { temperature: "333.15 K", time: "90 min", solvent: "water", yield: 12, purity: 80 },
    },
    { target: "r1-3", values: { purity: 99 } },
  ]);
  return campaign;
}

describe("the table of all measurements", () => {
  test("has what was made and what came out in the problem's units, and a column of noise where one is known", async () => {
    const campaign = await measured();
    const { header, rows } = measurementSheet(await campaign.problem(), campaign.state());
    assert.deepEqual(header, [
      "id",
      "temperature [degC]",
      "time [h]",
      "solvent",
      "yield [%]",
      "yield ± [%]",
      "purity [%]",
      "colour",
      "status",
      "notes",
    ]);
    assert.deepEqual(rows[0].slice(4), [41, 0.5, 0.95, "brown", "completed", null]);
    assert.deepEqual(rows[1].slice(4), [null, null, null, null, "failed", "flask broke"]);
    assert.deepEqual(rows[2].slice(1), [60, 1.5, "water", 12, null, 80, null, "completed", null]);
    assert.deepEqual(rows[3].slice(4), [null, null, 99, null, "running", null]);
  });

  test("told to the same campaign says nothing new; told to another one it says the same", async () => {
    const campaign = await measured();
    const { problem } = campaign.state();
    const sheet = measurementSheet(await campaign.problem(), campaign.state());
    const grid = {
      source: "all.xlsx",
      headers: sheet.header,
      rows: sheet.rows,
      place: (row: number) => `sheet row ${row + 2}`,
      notes: [],
    };
    const again = await campaign.tell(readBatchSheet(problem, grid).tellings);
    assert.deepEqual(again.events, []);

    const other = newCampaign();
    const withoutId = { ...grid, headers: ["", ...sheet.header.slice(1)] };
    withoutId.rows = sheet.rows.map((row) => [null, ...row.slice(1)]);
    await other.tell(readBatchSheet(problem, withoutId).tellings);
    const copy = measurementSheet(await other.problem(), other.state());
    assert.deepEqual(
      copy.rows.map((row) => row.slice(1)),
      sheet.rows.map((row) => row.slice(1)),
    );
  });

  const read = async (text: string) => {
    const campaign = await measured();
    const grid = readCsv(new TextEncoder().encode(text), "sheet.csv");
    const design = "temperature,time,solvent";
    await campaign.tell(
      readBatchSheet(campaign.state().problem, {
        ...grid,
        headers: grid.headers.flatMap((header) =>
          header === "design" ? design.split(",") : header,
        ),
        rows: grid.rows.map((row) => [50, 2, "water", ...row.slice(1)]),
      }).tellings,
    );
    return campaign.state().measurements.get("m2")!;
  };

  test("noise may stand in a column with another unit than the value", async () => {
    const { outcomes, noiseStd } = await read("design,yield [1],yield ± [%]\n,0.5,2\n");
    assert.deepEqual([outcomes["yield"], noiseStd["yield"]], [50, 2]);
  });

  test("noise without a value is refused", async () => {
    await assert.rejects(
      read("design,purity,yield ±\n,90,2\n"),
      (error: unknown) =>
        error instanceof InputError && /standard deviation of yield/.test(error.message),
    );
  });
});

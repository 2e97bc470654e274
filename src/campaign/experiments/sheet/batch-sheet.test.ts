import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InputError } from "../../../core/errors.ts";
import type { Cell, CellGrid } from "../../../data/read/cells.ts";
import { readCsv } from "../../../data/read/csv.ts";
import { alloys, newCampaign, reaction } from "../fixtures/small-campaign.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import { batchSheet } from "./batch-sheet.ts";
import { readBatchSheet } from "./read-batch-sheet.ts";

const csv = (text: string): CellGrid => readCsv(new TextEncoder().encode(text), "sheet.csv");

/** A campaign with one round of three and its sheet, whose cells people may change. */
async function sheetOf(problem: CampaignProblem = reaction) {
  const campaign = newCampaign(problem);
  const { round, state } = await campaign.ask({ batchSize: 3, planner: "random" });
  const sheet = batchSheet(
    await campaign.problem(),
    state,
    round.candidates.map(({ id }) => id),
  );
  const rows = sheet.rows.map((row) => [...row]);
  const set = (row: number, column: string, value: Cell): void => {
    rows[row][sheet.header.indexOf(column)] = value;
  };
  const grid = (): CellGrid => ({
    source: "sheet.xlsx",
    headers: sheet.header,
    rows,
    place: (row) => `sheet row ${row + 2}`,
    notes: [],
  });
  return { campaign, round, state, header: sheet.header, rows, set, grid };
}

describe("a batch sheet", () => {
  test("has the identifier, parameters and outcomes with units, status and notes", async () => {
    const { header, rows, round } = await sheetOf();
    assert.deepEqual(header, [
      "id",
      "temperature [degC]",
      "time [h]",
      "solvent",
      "yield [%]",
      "purity [%]",
      "colour",
      "status",
      "notes",
    ]);
    const { temperature, time, solvent } = round.candidates[0].suggestion.design;
    assert.deepEqual(rows[0], ["r1-1", temperature, time, solvent, null, null, null, null, null]);
  });

  test("has a column for each element, absent ones at 0", async () => {
    const { header, rows } = await sheetOf(alloys);
    assert.deepEqual(header, ["id", "Al", "Ti", "strength [MPa]", "status", "notes"]);
    assert.equal((rows[0][1] as number) + (rows[0][2] as number), 1);
  });

  test("as it was written says nothing", async () => {
    const { state, grid } = await sheetOf();
    assert.deepEqual(readBatchSheet(state.problem, grid()), { tellings: [], empty: 3 });
  });

  test("filled is recorded row by row, what was changed included; read again it adds nothing", async () => {
    const { campaign, state, set, grid } = await sheetOf();
    set(0, "yield [%]", 41);
    set(0, "purity [%]", "95 %");
    set(0, "temperature [degC]", 55);
    set(1, "status", "Failed");
    set(1, "notes", "flask broke");
    const { tellings, empty } = readBatchSheet(state.problem, grid());
    assert.equal(empty, 1);
    await campaign.tell(tellings);
    const { measurements } = campaign.state();
    assert.deepEqual(
      [...measurements.values()].map(({ id, status }) => `${id} ${status}`),
      ["r1-1 completed", "r1-2 failed"],
    );
    assert.equal(measurements.get("r1-1")?.design["temperature"], 55);
    assert.equal(measurements.get("r1-2")?.notes[0].text, "flask broke");
    const again = await campaign.tell(readBatchSheet(state.problem, grid()).tellings);
    assert.equal(again.events.length, 0);
  });

  test("comes back from a German spreadsheet: semicolons, decimal commas, fewer digits, other units, other order", async () => {
    const { campaign, round, state } = await sheetOf();
    const { temperature, time, solvent } = round.candidates[0].suggestion.design;
    const kelvin = ((temperature as number) + 273.15).toFixed(7).replace(".", ",");
    const text = [
      "\uFEFFnotes;yield [1];purity;solvent;time [min];temperature [K];id",
      `gut;0,42;95,5 %;${solvent as string};${60 * (time as number)};${kelvin};r1-1`,
      "",
    ].join("\r\n");
    await campaign.tell(readBatchSheet(state.problem, csv(text)).tellings);
    const { outcomes, design } = campaign.state().measurements.get("r1-1")!;
    assert.deepEqual(outcomes, { yield: 42, purity: 95.5 });
    assert.deepEqual(design, round.candidates[0].suggestion.design);
  });

  test("takes designs of one's own, with or without the column of identifiers", async () => {
    const { campaign, state } = await sheetOf(alloys);
    const text = "composition,strength [MPa]\nAlTi,400\nAl3Ti7,380\nAl3Ti7,380\n";
    const { tellings } = readBatchSheet(state.problem, csv(text));
    await campaign.tell(tellings);
    assert.deepEqual([...campaign.state().measurements.keys()], ["m1", "m2"]);
    assert.deepEqual(campaign.state().measurements.get("m2")?.design, {
      composition: { Al: 0.3, Ti: 0.7 },
    });
  });
});

describe("a sheet that cannot be read is refused with row and column, and nothing of it is recorded", () => {
  const refused: readonly [string, string, RegExp, RegExp][] = [
    [
      "an unknown column",
      "id,yeild\nr1-1,4\n",
      /no parameter or outcome "yeild"/,
      /^column "yeild"$/,
    ],
    [
      "a unit of another dimension",
      "id,yield [K]\nr1-1,4\n",
      /unit of "yield"/,
      /^column "yield \[K\]"$/,
    ],
    ["a column twice", "id,yield,yield [%]\nr1-1,4,4\n", /are the same/, /^column/],
    [
      "a status that is none",
      "id,yield,status\nr1-1,4,\nr1-2,,fialed\n",
      /"fialed" is no status/,
      /^row 2 \(line 3\), column "status"$/,
    ],
    [
      "a text for a number",
      "id,yield\nr1-1,4\nr1-2,about 5\n",
      /not a value of yield/,
      /^row 2 \(line 3\), column "yield"$/,
    ],
    [
      "an unknown identifier",
      "id,yield\nr1-1,4\nr7-1,5\n",
      /no candidate or measurement "r7-1"/,
      /^row 2 \(line 3\)$/,
    ],
    ["a ragged row", "id,yield\nr1-1,4,5,6\n", /has 4 cells, the header has 2/, /row 1/],
  ];
  for (const [what, text, message, path] of refused) {
    test(what, async () => {
      const { campaign, state } = await sheetOf();
      const before = state.history.events.length;
      await assert.rejects(
        async () => campaign.tell(readBatchSheet(state.problem, csv(text)).tellings),
        (error: unknown) => {
          assert.ok(error instanceof InputError);
          assert.match(error.message, message);
          assert.match(error.details.path ?? "", path);
          return true;
        },
      );
      assert.equal(campaign.state().history.events.length, before);
    });
  }

  test("several mistakes are told at once", async () => {
    const { campaign, state } = await sheetOf();
    const text = "id,yield,purity\nr1-1,x,4\nr1-2,4,NaN?\nr1-9,3,3\n";
    await assert.rejects(
      async () => campaign.tell(readBatchSheet(state.problem, csv(text)).tellings),
      (error: unknown) =>
        error instanceof InputError &&
        /Also wrong: row 2 \(line 3\), column "purity".* row 3 \(line 4\)/.test(
          error.details.hint!,
        ),
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { readTable } from "../../../data/read/read-table.ts";
import { parseProblemFile } from "../../problem/problem-file.ts";
import { resolveProblem } from "../../problem/problem.ts";
import { Campaign, creation } from "../campaign.ts";
import { freezeProblem, openProblem } from "../campaign-problem.ts";
import { testTools } from "../fixtures/small-campaign.ts";
import { memoryLog, placeEvents } from "../history/event-log.ts";
import { dataTellings } from "./data-tellings.ts";

const file = parseProblemFile(
  `name: Coating
data: runs.csv
space:
  parameters:
    temperature: { min: 300, max: 600, unit: degC }
    gas: [argon, nitrogen]
    pressure: 2 bar
outcomes: { hardness: GPa }
targets: [hardness -> maximise]
`,
  "problem.yaml",
);

const csv = `temperature [K],gas,pressure [bar],hardness [GPa]
673.15,argon,2,12
773.15,nitrogen,2,20
773.15,nitrogen,2,20.5
773.15,nitrogen,3,30
973.15,argon,2,9
`;

test("a campaign begins with the rows of the data, repeats included; other fixed settings are left out", async () => {
  const table = await readTable(new TextEncoder().encode(csv), "runs.csv");
  const problem = await resolveProblem(file, { name: "runs.csv", table, sha256: "" });
  const open = await openProblem(freezeProblem(problem));
  const { tellings, notes } = dataTellings(problem, open);
  assert.deepEqual(notes, ["1 row of other elements or settings than the space were left out."]);
  const log = memoryLog(placeEvents([creation("c", 1, open.problem, testTools())], 0));
  const campaign = new Campaign(log, testTools());
  await campaign.tell(tellings);
  const told = [...campaign.state().measurements.values()];
  assert.deepEqual(
    told.map(({ events, design, outcomes, status }) => [
      events[0],
      design["temperature"],
      outcomes["hardness"],
      status,
    ]),
    [
      ["row 1 of runs.csv", 400, 12, "completed"],
      ["row 2 of runs.csv", 500, 20, "completed"],
      ["row 3 of runs.csv", 500, 20.5, "completed"],
      ["row 5 of runs.csv", 700, 9, "completed"],
    ],
  );
  assert.equal((await campaign.tell(tellings)).events.length, 0);
});

test("a problem without data has none to begin with", async () => {
  const without = parseProblemFile(file.text.replace("data: runs.csv\n", ""), "problem.yaml");
  const problem = await resolveProblem(without, null);
  const open = await openProblem(freezeProblem(problem));
  assert.throws(() => dataTellings(problem, open), InputError);
});

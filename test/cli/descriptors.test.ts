import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-descriptors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const problem = (words: string, table = "solvents.csv"): string => `name: Solvents
space:
  parameters:
    time: { min: 1, max: 5, unit: h }
    solvent: { values: [${words}], descriptors: ${table} }
outcomes: { yield: "%" }
targets: [yield -> maximise]
`;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
write("solvents.csv", "solvent,dielectric\nwater,78.4\nethanol,24.5\ntoluene,2.4\nhexane,\n");
write("results.csv", "time [h],solvent,yield [%]\n1,water,20\n3,ethanol,50\n4,water,30\n");
write("problem.yaml", problem("water, ethanol"));

const campaign = (...args: string[]) => runCli(["campaign", ...args], { cwd: folder });

test("an edit that adds a word asks for its descriptors, and keeps what was measured", async () => {
  assert.equal((await campaign("new", "problem.yaml")).code, 0);
  const told = await campaign("tell", "--file", "results.csv");
  assert.equal(told.code, 0, told.stderr);
  write("edited.yaml", problem("water, ethanol, hexane"));
  const refused = await campaign("edit", "edited.yaml");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /solvents\.csv has no "dielectric" of "hexane"/);
  assert.match(refused.stderr, /edited\.yaml, space\.parameters\.solvent\.descriptors \(line 5\)/);
  // The new word stands first, so that its index is that of another one before.
  write("edited.yaml", problem("toluene, water, ethanol"));
  assert.equal((await campaign("edit", "edited.yaml")).code, 0);
  const asked = await campaign("ask", "-n", "1", "--json");
  assert.equal(asked.code, 0, asked.stderr);
  assert.match(asked.stdout, /"descriptors of solvent": "dielectric"/);
  assert.match(asked.stdout, /"measurements": 3/);
});

test("a table of descriptors that is not there is told with its line", async () => {
  write("lost.yaml", problem("water, ethanol", "nowhere.csv"));
  const run = await runCli(["recommend", "lost.yaml"], { cwd: folder });
  assert.equal(run.code, 2);
  assert.match(run.stderr, /nowhere\.csv/);
  assert.match(run.stderr, /lost\.yaml, space\.parameters\.solvent\.descriptors \(line 5\)/);
});

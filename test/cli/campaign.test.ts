import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import readWorkbook from "read-excel-file/node";
import writeWorkbook, { type SheetData } from "write-excel-file/node";
import { campaignCommand } from "../../src/cli/commands/campaign.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-campaign-"));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, "coating.yaml"),
  `name: Hard coating
space:
  parameters:
    temperature: { min: 300, max: 600, unit: degC }
    gas: [argon, nitrogen]
outcomes:
  hardness: GPa
  roughness: nm
targets:
  - hardness -> maximise
  - roughness <= 50 nm
seed: 3
`,
);

const campaign = (...args: string[]) => runCli(["campaign", ...args], { cwd: folder });

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const run = await campaign(...args, "--json", "--by", "anna");
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout) as T;
}

test("a campaign from the problem file over a workbook to the best design, and on in another database", async () => {
  const begun = await json("new", "coating.yaml", "--name", "coating");
  assert.deepEqual([begun["campaign"], begun["seed"]], ["coating", 3]);

  type Asked = { candidates: { id: string }[]; versions: object; seed: number };
  const asked = await json<Asked>("ask", "-n", "3", "--planner", "random", "--sheet", "b.xlsx");
  assert.deepEqual(
    asked.candidates.map(({ id }) => id),
    ["r1-1", "r1-2", "r1-3"],
  );
  assert.deepEqual(Object.keys(asked.versions), ["ystar", "node"]);

  // At the bench: two rows are filled, one of them in another unit.
  const path = join(folder, "b.xlsx");
  const [sheet] = await readWorkbook(path);
  const [header, ...rows] = sheet.data as (string | number | null)[][];
  assert.deepEqual(header.slice(0, 5), [
    "id",
    "temperature [degC]",
    "gas",
    "hardness [GPa]",
    "roughness [nm]",
  ]);
  rows[0].splice(3, 2, 21.5, 40);
  rows[1].splice(3, 2, "18 000 MPa".replace(" ", ""), 20);
  await writeWorkbook([header, ...rows] as SheetData).toFile(path);
  const told = await json<{ recorded: unknown[]; rowsWithoutResult: number }>(
    "tell",
    "--file",
    path,
  );
  assert.deepEqual([told.recorded.length, told.rowsWithoutResult], [2, 1]);

  type Summary = { best: { id: string; outcomes: object }[]; counts: object; pending: unknown[] };
  const status = await json<Summary>("status");
  assert.deepEqual(
    status.best.map(({ id, outcomes }) => [id, outcomes]),
    [
      ["r1-1", { hardness: 21.5, roughness: 40 }],
      ["r1-2", { hardness: 18, roughness: 20 }],
    ],
  );
  assert.equal(status.pending.length, 1);

  await json("export", "coating.json");
  await json("import", "coating.json", "--db", "other.db");
  assert.deepEqual(await json<Summary>("status", "--db", "other.db"), status);
  // The same campaign goes on with the same suggestions, wherever it is.
  const next = async (...more: string[]) =>
    (await json<Asked>("ask", "-n", "2", ...more)).candidates;
  assert.deepEqual(await next("--db", "other.db"), await next());
});

test("what people read: the round, the standing, the history", async () => {
  await json("new", "coating.yaml", "--name", "text", "--db", "text.db");
  const on = ["--db", "text.db"];
  const round = await campaign("ask", "-n", "2", "--planner", "random", ...on);
  assert.match(round.stdout, /round 1, 2 designs to make/);
  assert.match(round.stdout, /make {2}temperature, degC {2}gas/);
  const told = await campaign("tell", "r1-1", "hardness=0.02 TPa", "roughness=30 ± 2", ...on);
  assert.match(told.stdout, /r1-1 completed: hardness=20, roughness=30/);
  await campaign("tell", "r1-2", "--status", "failed", "--note", "arc went out", ...on);
  await campaign("undo", "r1-2", "--reason", "wrong sample", ...on);
  const status = await campaign("status", ...on);
  assert.match(status.stdout, /Best so far\ndesign {2}temperature, degC/);
  assert.match(status.stdout, /30\.0 ± 2\.0/);
  assert.match(status.stdout, /To be measured\n.*\n.*\nr1-2 /);
  const history = await campaign("status", "--history", ...on);
  assert.match(history.stdout, /e3 .* r1-2 failed +undone/);
  assert.match(history.stdout, /e4 .* e3 was undone: wrong sample/);
  assert.match((await campaign("list", ...on)).stdout, /text .* 5/);
});

test("bad input ends with 2, an exhausted space with 3, and the message says how to mend it", async () => {
  const on = ["--db", "bad.db"];
  assert.equal((await campaign("ask", ...on)).code, 2);
  assert.ok(!existsSync(join(folder, "bad.db")));
  const small =
    "name: Small\nspace: { parameters: { gas: [a, b] } }\noutcomes: { y: 1 }\ntargets: [y -> maximise]\n";
  writeFileSync(join(folder, "small.yaml"), small);
  await json("new", "small.yaml", ...on);
  const all = await campaign("ask", "-n", "5", "--sheet", "s.csv", ...on);
  assert.match(all.stdout, /only 2 are left/);
  assert.match(
    readFileSync(join(folder, "s.csv"), "utf8"),
    /^\uFEFFid,gas,y,status,notes\r\nr1-1,/,
  );

  const none = await campaign("ask", ...on);
  assert.equal(none.code, 3);
  assert.match(none.stderr, /ystar campaign edit/);
  for (const [args, message] of [
    [["ask", "--sheet", "s.csv"], /The sheet is there already/],
    [["tell", "r1-1", "z=3"], /no parameter or outcome "z"/],
    [["tell", "r1-1", "y", "3"], /"y" is no value/],
    [["import", "small.yaml"], /no campaign/],
  ] as const) {
    const run = await campaign(...args, ...on);
    assert.equal(run.code, 2, args.join(" "));
    assert.match(run.stderr, message);
  }
});

test("the help of every command ends with an example", () => {
  for (const command of campaignCommand().commands) {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    assert.match(help, /Example:\n {2}\$ ystar campaign /, command.name());
  }
});

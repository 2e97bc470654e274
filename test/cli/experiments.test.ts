import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-experiments-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const problem = file(
  "coating.yaml",
  `name: Coating
space:
  parameters:
    temperature: { min: 300, max: 900, unit: K }
    solvent: [water, ethanol]
outcomes:
  strength: MPa
targets:
  - strength -> maximise
`,
);
const runs = file(
  "runs.csv",
  `temperature_K,solvent,strength_MPa,status
350,water,110,
450,ethanol,190,
550,water,240,
650,ethanol,260,
800,water,,infeasible
700,ethanol,,
`,
);
const grid = file(
  "grid.csv",
  `a,b,strength_MPa,cost_USD
${Array.from({ length: 100 }, (_, i) => {
  const [a, b] = [i % 10, Math.floor(i / 10)];
  return `${a},${b},${900 - 3 * (a - 6) ** 2 - 5 * (b - 2) ** 2},${1 + a + b}`;
}).join("\n")}
`,
);

describe("ystar recommend", () => {
  test("suggests designs with reasons for a table, and writes a sheet that is not written over", async () => {
    const out = join(folder, "next.csv");
    const args = ["recommend", problem, "--data", runs, "-n", "3", "--out", out];
    const run = await runCli(args);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /3 designs to make after 5 measurements/);
    assert.match(run.stdout, /the best so far \(260, row 4\)/);
    const lines = readFileSync(out, "utf8").replace("\uFEFF", "").trim().split("\r\n");
    assert.equal(lines[0], "id,temperature [K],solvent,strength [MPa],status,notes");
    assert.equal(lines.length, 4);
    const again = await runCli(args);
    assert.equal(again.code, 2);
  });

  test("prints one JSON document, the same for the same seed", async () => {
    const args = ["recommend", problem, "--data", runs, "-n", "2", "--seed", "3", "--json"];
    const [one, two] = await Promise.all([runCli(args), runCli(args)]);
    assert.equal(one.stdout, two.stdout);
    const { suggestions, measurements, pending } = JSON.parse(one.stdout) as {
      suggestions: { design: { temperature: number } }[];
      measurements: number;
      pending: number;
    };
    assert.equal(suggestions.length, 2);
    assert.equal(measurements, 5);
    assert.equal(pending, 1);
  });

  test("begins without data", async () => {
    const run = await runCli(["recommend", problem, "-n", "2"]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /Fills the space/);
  });
});

describe("ystar pareto", () => {
  const targets = ["--targets", "strength -> maximise", "cost -> minimise"];

  test("prints the front, and writes table and picture", async () => {
    const [csv, svg] = [join(folder, "front.csv"), join(folder, "front.svg")];
    const run = await runCli(["pareto", grid, ...targets, "--out", csv]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /on the front/);
    assert.match(run.stdout, /hypervolume/);
    assert.match(readFileSync(csv, "utf8"), /^table_row,rank,meets,knee,a,b,/);
    assert.equal((await runCli(["pareto", grid, ...targets, "--out", svg])).code, 0);
    assert.match(readFileSync(svg, "utf8"), /^<svg/);
  });

  test("refuses what it does not know, with the nearest name", async () => {
    const wrong = await runCli(["pareto", grid, "--targets", "strenght -> maximise"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /strength/);
    const picture = join(folder, "front.png");
    const ending = await runCli(["pareto", grid, ...targets, "--out", picture]);
    assert.equal(ending.code, 2);
    assert.ok(!existsSync(picture));
    assert.equal((await runCli(["pareto", grid])).code, 2);
  });
});

describe("ystar backtest and simulate", () => {
  const small = ["--seeds", "3", "--budget", "10"];

  test("replays a table and says what was shown", async () => {
    const args = ["backtest", grid, "--inputs", "a,b", "--targets", "strength -> maximise"];
    const run = await runCli([...args, ...small]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /100 designs of a, b; \d+ are the top 5 %/);
    assert.match(run.stdout, /would (not )?have found one of the top 5 %/);
    const json = await runCli([...args, ...small, "--batch", "3", "--json"]);
    const result = JSON.parse(json.stdout) as { curves: object; enhancement: object };
    assert.ok(result.curves !== undefined && result.enhancement !== null);
  });

  test("refuses a target among the inputs and an unknown planner", async () => {
    const args = ["backtest", grid, "--targets", "strength -> maximise"];
    const both = await runCli([...args, "--inputs", "a,strength"]);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /input/);
    assert.equal((await runCli([...args, "--planner", "magic"])).code, 2);
  });

  test("simulates campaigns on the formulas of a problem", async () => {
    const formula = file(
      "formula.yaml",
      `name: Heat
space:
  parameters:
    temperature: { min: 300, max: 900, unit: K }
targets:
  - heat -> minimise
models:
  heat: { formula: 2 J/K * temperature, unit: J }
`,
    );
    const run = await runCli(["simulate", formula, "--noise", "heat=5", ...small]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /the best of 10 random designs/);
    assert.equal((await runCli(["simulate", formula, "--noise", "heet=5"])).code, 2);
  });
});

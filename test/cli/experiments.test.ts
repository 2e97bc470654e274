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

describe("ways to choose and to search", () => {
  test("are listed with their settings, and --set takes these alone", async () => {
    const list = await runCli(["methods"]);
    for (const name of ["descent", "bayesian", "knowledge-gradient"]) {
      assert.match(list.stdout, new RegExp(`^${name} `, "m"));
    }
    const one = await runCli(["methods", "bayesian", "--json"]);
    const { settings } = JSON.parse(one.stdout) as {
      settings: { name: string; values: string[] | null }[];
    };
    assert.ok(settings.find(({ name }) => name === "acquisition")?.values?.includes("ucb"));
    const wrong = await runCli(["methods", "bayesiann"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean "bayesian"/);

    const asked = ["recommend", problem, "--data", runs, "--json", "--set"];
    const misspelt = await runCli([...asked, "acquisition=ubc"]);
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /Did you mean "ucb"/);
    const plain = await runCli([...asked, "acquisition=log-ei"]);
    const other = await runCli([...asked, "acquisition=posterior-variance"]);
    assert.notEqual(plain.stdout, other.stdout);
  });

  test("a pool is all that is suggested from, by the units of its own header", async () => {
    const pool = file(
      "pool.csv",
      "name,temperature_C,solvent\na,200,water\nb,400,ethanol\nc,900,water\nd,300,acetone\n",
    );
    const args = ["recommend", problem, "--data", runs, "-n", "9", "--pool", pool, "--json"];
    const { stdout, stderr } = await runCli(args);
    assert.notEqual(stdout, "", stderr);
    const { suggestions, warnings } = JSON.parse(stdout) as {
      suggestions: { design: { temperature: number; solvent: string } }[];
      warnings: string[];
    };
    const texts = suggestions.map(({ design }) => `${design.temperature} ${design.solvent}`);
    assert.deepEqual(texts.sort(), ["473.15 water", "673.15 ethanol"]);
    assert.match(warnings.join(" "), /2 of 4 rows of the pool lie outside the space/);
    const none = file("none.csv", "temperature_K,solvent\n90,water\n");
    const refused = await runCli([...args.slice(0, 6), "--pool", none]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /No design of .* lies in the space/);
  });

  test("a column goes by its header in targets, inputs and references", async () => {
    const args = ["--targets", "strength_MPa -> maximise", "cost_USD -> minimise", "--json"];
    const ranked = await runCli(["pareto", grid, ...args, "--reference", "cost_USD=20"]);
    assert.equal(ranked.code, 0, ranked.stderr);
    const byName = ["--targets", "strength -> maximise", "cost -> minimise", "--json"];
    const same = await runCli(["pareto", grid, ...byName, "--reference", "cost=20"]);
    const rows = ({ stdout }: { stdout: string }): unknown =>
      (JSON.parse(stdout) as { rows: unknown }).rows;
    assert.deepEqual(rows(ranked), rows(same));
  });

  test("costs and limits stand in a campaign's status, and descent takes a reference design", async () => {
    const costly = file(
      "costly.yaml",
      `name: Costly
space:
  parameters:
    temperature: { min: 300, max: 900, unit: K }
    time: { min: 1, max: 8, unit: h }
outcomes: { strength: MPa }
cost: 20 EUR + 5 EUR/h * time
experiments: { planner: random, batch: 2 }
stop: { measurements: 1, cost: 500 EUR }
targets: [strength -> maximise]
`,
    );
    const db = ["--db", join(folder, "costly.db")];
    const begun = await runCli(["campaign", "new", costly, ...db]);
    assert.match(begun.stdout, /costs +20 EUR \+ 5 EUR\/h \* time \(EUR\)/);
    const asked = await runCli(["campaign", "ask", ...db]);
    assert.match(asked.stdout, /2 designs to make \(random/);
    assert.match(asked.stdout, /cost, EUR/);
    await runCli(["campaign", "tell", ...db, "r1-1", "strength=500"]);
    const status = await runCli(["campaign", "status", ...db]);
    assert.match(status.stdout, /^spent [\d.]+ EUR$/m);
    assert.match(status.stdout, /^measurements +yes +1 of 1 measurements are made\./m);
    assert.match(status.stdout, /^cost +no +[\d.]+ of 500 EUR are spent\./m);
    const again = await runCli(["campaign", "ask", ...db]);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /Think of stopping \(limit "measurements"\)/);

    const search = file(
      "search.yaml",
      readFileSync(costly, "utf8")
        .replace("strength -> maximise", "heat -> minimise")
        .replace(/^(outcomes|stop|experiments).*\n/gm, "")
        .concat('models: { heat: { formula: "2 J/K * temperature + 10 J/h * time", unit: J } }\n')
        .concat("strategy: { name: descent, reference: { temperature: 650 K, time: 2 h } }\n"),
    );
    const best = async (...more: string[]) => {
      const args = ["design", search, "--candidates", "1", "--json", ...more];
      const { stdout, stderr } = await runCli(args);
      assert.notEqual(stdout, "", stderr);
      return JSON.parse(stdout) as {
        candidates: { design: { process: { temperature: number } } }[];
        search: { settings: Record<string, unknown> };
      };
    };
    assert.equal((await best()).candidates[0].design.process.temperature, 300);
    // 1200 J over the range of the temperature are less than what it costs to leave the reference.
    const near = await best("--set", "sparsity=2000");
    assert.ok(Math.abs(near.candidates[0].design.process.temperature - 650) < 1);
    assert.equal(near.search.settings["sparsity"], 2000);
    assert.deepEqual(near.search.settings["reference"], { temperature: "650 K", time: "2 h" });
  });
});

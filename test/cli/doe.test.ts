import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-doe-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const problem = join(folder, "coating.yaml");
writeFileSync(
  problem,
  `name: Coating
space:
  parameters:
    temperature: { min: 300, max: 900, unit: K }
    time: { min: 1, max: 3, step: 1, unit: h }
    solvent: [water, ethanol]
outcomes:
  strength: MPa
targets:
  - strength -> maximise
`,
);

describe("ystar doe", () => {
  test("writes the experiments of a design into a sheet that a campaign takes back", async () => {
    const out = join(folder, "first.csv");
    const run = await runCli(["doe", problem, "--design", "full-factorial", "--out", out]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /Coating: 12 experiments \(.*factorial/);
    const lines = readFileSync(out, "utf8").replace("\uFEFF", "").trim().split("\r\n");
    assert.equal(lines[0], "id,temperature [K],time [h],solvent,strength [MPa],status,notes");
    assert.equal(new Set(lines.slice(1).map((line) => line.replace(/^\d+,/, ""))).size, 12);
  });

  test("gives the same experiments for the same seed, as JSON with what is known of the design", async () => {
    const args = ["doe", problem, "--design", "d-optimal", "-n", "10", "--seed", "3", "--json"];
    const [one, two] = [await runCli(args), await runCli(args)];
    assert.equal(one.stdout, two.stdout);
    const { experiments, figures } = JSON.parse(one.stdout);
    assert.equal(experiments.length, 10);
    assert.ok(Object.keys(figures).length > 0);
  });

  test("refuses a size, an option and an addition that the design does not take", async () => {
    const cases: [string[], RegExp][] = [
      [["--design", "full-factorial", "-n", "5"], /12, or none/],
      [["--option", "nonsense=1"], /unknown setting "nonsense"/],
      [["--augment"], /cannot add to experiments/],
      [["--design", "d-optimall"], /Allowed choices/],
    ];
    for (const [args, says] of cases) {
      const { code, stderr } = await runCli(["doe", problem, ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    }
  });
});

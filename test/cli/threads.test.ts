import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-threads-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** So many rows that the covariance of a Gaussian process is factorised on both threads. */
const rows = 300;
const data = join(folder, "runs.csv");
writeFileSync(
  data,
  [
    "heat,speed,strength_MPa",
    ...Array.from({ length: rows }, (_, i) => {
      const [heat, speed] = [(i * 0.618034) % 1, (i * 0.754878) % 1];
      return `${heat},${speed},${100 * heat * (1 - speed) + 40 * Math.abs(speed - 0.4)}`;
    }),
  ].join("\n"),
);
const problem = join(folder, "problem.yaml");
writeFileSync(
  problem,
  `name: Threads
data: runs.csv
space:
  parameters:
    heat: { min: 0, max: 1 }
    speed: { min: 0, max: 1 }
outcomes:
  strength: MPa
targets:
  - strength -> maximise
model: gaussian-process
budget: 300
candidates: 3
`,
);

describe("--threads 2 prints the bytes of --threads 1", () => {
  for (const args of [
    ["design", problem],
    ["recommend", problem, "--data", data, "-n", "2"],
  ]) {
    test(args[0], async () => {
      const [one, two] = await Promise.all(
        ["1", "2"].map((threads) => runCli([...args, "--json", "--threads", threads])),
      );
      assert.equal(one.code, 0, one.stderr);
      assert.equal(two.code, 0, two.stderr);
      assert.ok(one.stdout.length > 500);
      assert.equal(two.stdout, one.stdout);
    });
  }

  test("another number is refused", async () => {
    const run = await runCli(["design", problem, "--threads", "3"]);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /Allowed choices are 1, 2/);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { InvertResult } from "../../src/campaign/invert.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-invert-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const alloys = "AlTi TiV TiVNb AlTiVNb Al2TiV Ti2VNb TiV2Nb AlTiNb AlVNb Al2TiVNb".split(" ");
writeFileSync(
  join(folder, "alloys.csv"),
  [
    "formula,strength_MPa,phase",
    ...alloys.map((f, i) => `${f},${400 + 40 * i},${i % 2 ? "B2" : "BCC"}`),
  ].join("\n"),
);

/** A problem file with these targets and constraints. */
function problem(
  name: string,
  targets: readonly string[],
  constraints: readonly string[] = [],
  step = 0.01,
): string {
  const path = join(folder, `${name}.yaml`);
  const content = {
    name: "Test",
    domain: "alloy",
    data: "alloys.csv",
    space: { elements: ["Al", "Ti", "V", "Nb"], fraction: { min: 0.05, max: 0.6, step } },
    constraints,
    targets,
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const solvable = problem("solvable", ["density in [5, 5.5] g/cm3", "strength -> 600 MPa"]);

describe("ystar invert", () => {
  test("prints one JSON document with families, a verdict and how it was found", async () => {
    const run = await runCli(["invert", solvable, "--json", "--samples", "60"]);
    assert.equal(run.code, 0, run.stderr);
    const result = JSON.parse(run.stdout) as InvertResult;
    assert.deepEqual(Object.keys(result).sort(), [
      "dataHash",
      "models",
      "modes",
      "nearest",
      "otherWeight",
      "posterior",
      "problem",
      "seed",
      "sentences",
      "verdict",
      "versions",
      "warnings",
    ]);
    assert.ok(result.sentences.length > 0);
    const total = result.modes.reduce((sum, { weight }) => sum + weight, result.otherWeight);
    assert.ok(Math.abs(total - 1) < 1e-9, `${total}`);
    const [first] = result.modes;
    assert.ok(first !== undefined);
    assert.deepEqual(Object.keys(first.predictions), ["density", "strength"]);
    const density = first.predictions["density"];
    assert.ok(density !== undefined);
    assert.ok(density.mean > 4.9 && density.mean < 5.6);
    assert.deepEqual(
      first.spread.map(({ label }) => label),
      ["Al", "Ti", "V", "Nb"],
    );
    for (const { low, high } of first.spread) assert.ok(low >= 0 && high <= 0.6 && low <= high);
    assert.equal(result.posterior.method, "sequential Monte Carlo");
    assert.ok(result.nearest.isReached);
  });

  test("prints the verdict in sentences and a table, the same for the same seed", async () => {
    const args = ["invert", solvable, "--samples", "60", "--seed", "3"];
    const [one, again] = [await runCli(args), await runCli(args)];
    assert.equal(one.code, 0, one.stderr);
    assert.equal(one.stdout, again.stdout);
    assert.match(one.stdout, /^Verdict: (a continuum|several|unique|unstable)\./m);
    assert.match(one.stdout, /share +most probable alloy \(at%\) +density, g\/cm3 +strength, MPa/);
    assert.match(one.stdout, /#1 varies over \(90 %\): Al .* at%/);
    assert.match(one.stdout, /Nearest design: /);
  });

  test("writes the page, the samples and the result, the same for the same seed on one and two threads", async () => {
    const names = ["report.html", "result.json", "samples.csv"];
    const read = async (threads: string): Promise<string[]> => {
      const out = join(folder, `out-${threads}`);
      const args = ["invert", solvable, "--samples", "60", "--out", out, "--threads", threads];
      const run = await runCli(args);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stderr, /report\.html/);
      assert.deepEqual(readdirSync(out).toSorted(), names);
      return names.map((name) => readFileSync(join(out, name), "utf8"));
    };
    const [one, two] = await Promise.all([read("1"), read("2")]);
    assert.deepEqual(one, two);
    assert.match(one[0], /famil(y|ies) of alloys reach/);
    assert.match(one[2], /^probability,family,Al,Ti,V,Nb,density \[g\/cm3\],/);
  });

  test("says that a target is unreachable and by how much, and ends with 0", async () => {
    const path = problem("unreachable", ["density <= 1 g/cm3"]);
    const run = await runCli(["invert", path, "--samples", "40"]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^Verdict: unreachable\./m);
    assert.match(
      run.stdout,
      /cannot be reached.*"density <= 1 g\/cm3" is predicted at [\d.]+, [\d.]+ too high/,
    );
  });

  test("refuses a target without a value, with its place and what to write", async () => {
    const path = problem("pushed", ["density <= 6 g/cm3", "strength -> maximise"]);
    const run = await runCli(["invert", path]);
    assert.equal(run.code, 2);
    assert.equal(run.stdout, "");
    for (const part of [/strength -> maximise/, /targets\[1\]/, /strength >= a number/]) {
      assert.match(run.stderr, part);
    }
  });

  test("ends with 3 and the conflict when the constraints leave no design", async () => {
    const path = problem("empty", ["density <= 6 g/cm3"], ["Al >= 0.5", "Ti >= 0.55"]);
    const run = await runCli(["invert", path]);
    assert.equal(run.code, 3);
    assert.match(run.stderr, /Al >= 0\.5/);
  });

  test("refuses too few samples", async () => {
    const run = await runCli(["invert", solvable, "--samples", "5"]);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /at least 10/);
  });

  test("is stopped by Ctrl-C", async () => {
    // Progress comes every five seconds where there is no terminal; this many samples take longer.
    const path = problem("wide", ["density in [5, 5.5] g/cm3"], [], 0.0025);
    const run = await runCli(["invert", path, "--samples", "100000"], {
      interruptAfter: /posterior/,
    });
    assert.equal(run.code, 130);
    assert.equal(run.stdout, "");
  });
});

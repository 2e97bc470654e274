import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-commands-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const alloys = "AlTi TiV TiVNb AlTiVNb Al2TiV Ti2VNb TiV2Nb AlTiNb AlVNb Al2TiVNb".split(" ");
const data = join(folder, "alloys.csv");
writeFileSync(
  data,
  [
    "formula,strength_MPa,phase",
    ...alloys.map((f, i) => `${f},${400 + 40 * i},${i % 2 ? "B2" : "BCC"}`),
  ].join("\n"),
);
const problem = join(folder, "problem.yaml");
writeFileSync(
  problem,
  `name: Test
domain: alloy
data: alloys.csv
space:
  elements: [Al, Ti, V, Nb]
  fraction: { min: 0.05, max: 0.6, step: 0.05 }
constraints: [not (Al > 0.4 and V > 0.2)]
targets:
  - strength -> maximise
  - phase is BCC with probability >= 0.1
budget: 300
candidates: 3
`,
);

/** Kinds of the values of an object, one level deep. */
const shapeOf = (value: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      Array.isArray(one) ? "array" : one === null ? "null" : typeof one,
    ]),
  );

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const run = await runCli([...args, "--json"]);
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

describe("--json prints one document of a fixed shape", () => {
  test("design", async () => {
    const before = readdirSync(folder);
    const result = await json("design", problem);
    assert.deepEqual(readdirSync(folder), before);
    assert.deepEqual(shapeOf(result), {
      problem: "object",
      seed: "number",
      versions: "object",
      dataHash: "string",
      data: "object",
      space: "object",
      candidates: "array",
      models: "array",
      measured: "array",
      extrapolationLimit: "number",
      search: "object",
      warnings: "array",
    });
    const candidates = result["candidates"] as Record<string, unknown>[];
    assert.equal(candidates.length, 3);
    for (const one of candidates) {
      assert.deepEqual(shapeOf(one), {
        id: "string",
        design: "object",
        predictions: "object",
        feasible: "boolean",
        constraints: "array",
        distance: "number",
        extrapolation: "boolean",
        validity: "object",
        nearest: "object",
        paretoRank: "number",
        reason: "string",
      });
      assert.deepEqual(Object.keys(one["predictions"] as object), ["strength", "phase"]);
      const { strength } = one["predictions"] as Record<string, object>;
      assert.deepEqual(shapeOf(strength), {
        mean: "number",
        epistemicStd: "number",
        aleatoricStd: "number",
        unit: "string",
      });
    }
  });

  test("validate", async () => {
    const result = await json(
      "validate",
      data,
      "--target",
      "strength",
      "--model",
      "linear",
      "--protocol",
      "kfold",
    );
    assert.equal(result["rows"], 10);
    const metrics = result["metrics"] as Record<string, { mean: number; std: number }>;
    assert.ok(
      Object.values(metrics).every(
        ({ mean, std }) => Number.isFinite(mean) && Number.isFinite(std),
      ),
    );
    assert.deepEqual(Object.keys(result["baseline"] as object).sort(), [
      "dummy",
      "k-nearest",
      "linear",
    ]);
    assert.ok(Array.isArray(result["calibration"]));
    assert.equal(result["noiseFloor"], null);
  });

  test("validate --models, with a model card of the best", async () => {
    const out = join(folder, "card");
    const { ranking, metric, skipped } = await json(
      ..."validate --target phase --models lasso,linear".split(" "),
      ..."--protocol holdout --test 0.4 --out".split(" "),
      out,
      data,
    );
    assert.equal(metric, "brier");
    const names = (ranking as { model: string }[]).map(({ model }) => model);
    assert.deepEqual(names.sort(), ["dummy", "k-nearest", "linear"]);
    assert.deepEqual(skipped, [{ model: "lasso", reason: "does not learn classes" }]);
    assert.deepEqual(readdirSync(out).sort(), [
      "model-card.html",
      "model-card.json",
      "model-card.md",
    ]);
    const card = JSON.parse(readFileSync(join(out, "model-card.json"), "utf8")) as {
      model: { family: string };
      data: { tableHash: string };
    };
    assert.equal(card.model.family, (ranking as { model: string }[])[0].model);
    assert.match(card.data.tableHash, /^[0-9a-f]{64}$/);
  });

  test("tune", async () => {
    const { tuning, outer, bestMethod } = await json(
      ..."tune --target strength --model k-nearest --budget 3 --method random".split(" "),
      ..."--protocol kfold --folds 2 --inner-folds 2".split(" "),
      data,
    );
    assert.equal(bestMethod, "random");
    assert.equal((tuning as { trials: unknown[] }).trials.length, 3);
    const names = (outer as { ranking: { model: string }[] }).ranking.map(({ model }) => model);
    assert.deepEqual(names.sort(), ["k-nearest, defaults", "k-nearest, random"]);
  });

  test("audit", async () => {
    const { rows, keptRows, columns, findings } = await json("audit", data);
    assert.deepEqual([rows, keptRows], [10, 10]);
    const roles = (columns as { name: string; role: string }[]).map(
      ({ name, role }) => `${name} ${role}`,
    );
    assert.deepEqual(roles, ["formula formula", "strength property", "phase property"]);
    const declared = await json("audit", data, "--column", "phase=group");
    const phase = (declared["columns"] as { name: string; role: string; reason: string }[])[2];
    assert.deepEqual([phase.role, phase.reason], ["group", "declared"]);
    assert.ok(Array.isArray(findings));
  });

  test("describe", async () => {
    const { formula, descriptors } = await json("describe", "CoCrFeMnNi");
    assert.equal(formula, "CoCrFeMnNi");
    const { vec } = descriptors as Record<string, { value: number; unit: string; source: string }>;
    assert.equal(vec.value, 8);
    assert.equal(vec.unit, "1");
    assert.ok(vec.source.length > 0);
  });

  test("count", async () => {
    assert.deepEqual(await json("count", "--elements", "Al,Ti,V,Cr,Nb", "--step", "0.01"), {
      count: "4598126",
    });
  });

  test("datasets", async () => {
    const run = await runCli(["datasets", "--json"]);
    const sets = JSON.parse(run.stdout) as { name: string; rows: number; license: string }[];
    assert.deepEqual(
      sets.map(({ name, rows }) => `${name} ${rows}`),
      ["mpea 1545", "hea-single-phase 1373"],
    );
    assert.equal((await json("datasets", "mpea"))["license"], "Apache-2.0");
  });
});

test("help lists the commands, and a command's help ends with an example", async () => {
  const { stdout } = await runCli(["--help"]);
  for (const command of ["design", "validate", "tune", "audit", "describe", "count", "datasets"]) {
    assert.ok(stdout.includes(`  ${command} `), command);
  }
  const run = await runCli(["design", "--help"]);
  assert.equal(run.code, 0);
  assert.match(run.stdout, /Example:\n {2}\$ ystar design /);
});

test("design --out writes the report, the CSV and the JSON that --json prints", async () => {
  const out = join(folder, "new", "out");
  const run = await runCli(["design", problem, "--out", out, "--json"]);
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(readdirSync(out).sort(), ["candidates.csv", "report.html", "result.json"]);
  assert.equal(readFileSync(join(out, "result.json"), "utf8"), run.stdout);
  assert.equal(readFileSync(join(out, "candidates.csv"), "utf8").trim().split("\n").length, 4);
});

test("Ctrl-C during the work ends with 130 and leaves no file", async () => {
  const out = join(folder, "interrupted");
  const run = await runCli(
    ["design", "examples/light-refractory/problem.yaml", "--out", out, "--json"],
    { interruptAfter: /%/ },
  );
  assert.equal(run.code, 130, run.stderr);
  assert.equal(run.stdout, "");
  assert.match(run.stderr, /Stopped\. Nothing was written\./);
  assert.deepEqual(existsSync(out) ? readdirSync(out) : [], []);
});

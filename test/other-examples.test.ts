import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { DesignResult } from "../src/campaign/contract.ts";
import { runCli } from "./cli/run-cli.ts";

/** Result and page of an example. */
async function designed(name: string): Promise<{ result: DesignResult; page: string }> {
  const folder = mkdtempSync(join(tmpdir(), "ystar-example-"));
  try {
    const run = await runCli(["design", `examples/${name}/problem.yaml`, "--out", folder]);
    assert.equal(run.code, 0, run.stderr);
    return {
      result: JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as DesignResult,
      page: readFileSync(join(folder, "report.html"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the reaction without data keeps its limits and its formulas when computed by hand", async () => {
  const { result, page } = await designed("reaction");
  assert.ok(result.candidates.length >= 4);
  for (const { design, predictions } of result.candidates) {
    const { temperature, time, solvent, pressure } = design.process as {
      temperature: number;
      time: number;
      solvent: string;
      pressure: number;
    };
    assert.ok(temperature >= 300 && temperature <= 420 && Number.isInteger(time) && pressure === 2);
    assert.ok(!(temperature > 350 && solvent === "ethanol") && !(time > 6 && temperature > 400));
    const rate = 3.6e6 * Math.exp(-50e3 / (8.314 * temperature));
    const conversion = 1 - Math.exp(-rate * time);
    assert.ok(Math.abs(predictions["conversion"].mean - conversion) < 1e-9);
    const cost = 0.02 * (temperature - 300) + 0.5 * time;
    assert.ok(Math.abs(predictions["cost"].mean - cost) < 1e-9);
  }
  assert.ok(!page.includes("Distance to data") && page.includes("every target is computed"));
});

test("the mixture learned from films keeps its limits and names the nearest film", async () => {
  const { result, page } = await designed("conductive-film");
  assert.equal(result.candidates.length, 8);
  for (const { design, nearest, distance } of result.candidates) {
    const shares = Object.values(design.fractions);
    assert.ok(Math.abs(shares.reduce((sum, one) => sum + one, 0) - 1) < 1e-9);
    assert.ok(shares.length >= 2 && shares.length <= 4 && design.fractions["P3HT"] >= 0.15);
    assert.ok(nearest !== null && distance !== null && distance < 0.5);
  }
  assert.ok(page.includes("Distance to data"));
});

test("the arylation is learned by the descriptors of its molecules, and new conditions are proposed", async () => {
  const file = "examples/direct-arylation/problem.yaml";
  const run = await runCli(["recommend", file, "-n", "3", "--json"]);
  assert.equal(run.code, 0, run.stderr);
  const { suggestions, models } = JSON.parse(run.stdout) as {
    suggestions: readonly { design: Readonly<Record<string, string | number>> }[];
    models: readonly Readonly<Record<string, string | number>>[];
  };
  const measured = readFileSync("examples/direct-arylation/first-runs.csv", "utf8");
  assert.equal(suggestions.length, 3);
  for (const { design } of suggestions) {
    const { base, ligand, solvent, concentration, temperature } = design;
    const cells = [base, ligand, solvent, concentration, temperature].join(",");
    assert.ok(!measured.includes(`,${cells},`), cells);
  }
  const [model] = models;
  assert.equal(
    model?.["descriptors of ligand"],
    "molar_mass, log_p, polar_surface, share_of_sp3_carbon, without flexibility (follows log_p)",
  );
});

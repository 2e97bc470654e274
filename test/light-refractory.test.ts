import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { DesignResult } from "../src/campaign/contract.ts";
import { runCli } from "./cli/run-cli.ts";

/** USD/kg (Wikipedia, Prices of chemical elements, revision 1262554464) and g/mol (IUPAC 2021). */
const elements: Readonly<Record<string, { price: number; molarMass: number }>> = {
  Al: { price: 1.79, molarMass: 26.982 },
  Ti: { price: 11.1, molarMass: 47.867 },
  V: { price: 357, molarMass: 50.942 },
  Cr: { price: 9.4, molarMass: 51.996 },
  Zr: { price: 35.7, molarMass: 91.224 },
  Nb: { price: 61.4, molarMass: 92.906 },
  Mo: { price: 40.1, molarMass: 95.95 },
  Hf: { price: 900, molarMass: 178.49 },
  Ta: { price: 298, molarMass: 180.95 },
  W: { price: 35.3, molarMass: 183.84 },
};

/** Price of an alloy by mass, USD/kg. */
function priceOf(fractions: Readonly<Record<string, number>>): number {
  let cost = 0;
  let mass = 0;
  for (const [symbol, fraction] of Object.entries(fractions)) {
    const { price, molarMass } = elements[symbol];
    cost += fraction * molarMass * price;
    mass += fraction * molarMass;
  }
  return cost / mass;
}

test("the candidates of the shipped example are feasible when checked by hand", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ystar-example-"));
  try {
    // The example itself with a shorter search: what is checked holds for any budget.
    const example = readFileSync("examples/light-refractory/problem.yaml", "utf8");
    writeFileSync(join(folder, "problem.yaml"), `${example}\nbudget: 3000\n`);
    const run = await runCli(["design", join(folder, "problem.yaml"), "--json", "--seed", "7"]);
    assert.equal(run.code, 0, run.stderr);
    const { candidates, seed } = JSON.parse(run.stdout) as DesignResult;
    assert.equal(seed, 7);
    assert.ok(candidates.length >= 20);
    assert.equal(
      new Set(candidates.map(({ design }) => JSON.stringify(design))).size,
      candidates.length,
    );
    for (const { id, design, feasible, predictions, constraints, reason } of candidates) {
      const { fractions, process } = design;
      const percents = Object.values(fractions).map((one) => 100 * one);
      for (const percent of percents) {
        assert.ok(Math.abs(percent - Math.round(percent)) < 1e-9, `${id} off the grid: ${percent}`);
        assert.ok(percent > 4.999 && percent < 35.001, `${id} out of limits: ${percent}`);
      }
      assert.equal(Math.round(percents.reduce((sum, one) => sum + one, 0)), 100);
      assert.ok(percents.length >= 3 && percents.length <= 6);
      assert.ok((fractions["Al"] ?? 0) + (fractions["Cr"] ?? 0) < 0.35 + 1e-9);
      const price = priceOf(fractions);
      assert.ok(price <= 60, `${id} costs ${price} USD/kg`);
      const stated = constraints.find(({ text }) => text === "price <= 60 USD/kg");
      assert.ok(Math.abs(stated!.value! - price) < 1e-3 * price, `${stated!.value} for ${price}`);
      assert.equal(process["test_temperature"], 25);
      assert.equal(process["test_type"], "C");
      assert.ok(["CAST", "ANNEAL"].includes(String(process["processing_method"])));
      assert.ok(predictions["single_phase"].mean >= 0.6);
      assert.equal(feasible, true);
      assert.ok(reason.length > 0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

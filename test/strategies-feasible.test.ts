import assert from "node:assert/strict";
import { it } from "node:test";
import { checkStrategies } from "../bench/problems/check-strategies.ts";

// The bench `feasible` does the same with 10,000 sets.
it("every candidate of every strategy satisfies every constraint of random sets to 1e-9", async () => {
  let feasible = 0;
  for (let seed = 0; seed < 25; seed++) {
    const report = await checkStrategies(`suite ${seed}`);
    assert.deepEqual(report.broken, []);
    if (!report.isFeasible) continue;
    feasible++;
    assert.ok(report.candidates > 0);
  }
  assert.ok(feasible > 15, `${feasible} of 25 sets have designs`);
});

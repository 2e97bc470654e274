import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../core/errors.ts";
import { parseProblemFile } from "../problem/problem-file.ts";
import { resolveProblem } from "../problem/problem.ts";
import { Campaign } from "./campaign.ts";
import { freezeProblem } from "./campaign-problem.ts";
import { createdEvents, testTools } from "./fixtures/small-campaign.ts";
import { memoryLog } from "./history/event-log.ts";

const frozen = async (change: object = {}) =>
  freezeProblem(
    await resolveProblem(
      parseProblemFile(
        JSON.stringify({
          name: "Alloys",
          domain: "alloy",
          space: { elements: ["Al", "Ti", "Nb"], fraction: { min: 0.05, max: 0.8 } },
          outcomes: { strength: "MPa" },
          models: { price_of_powder: { formula: "20 USD + 300 USD * Nb", unit: "USD" } },
          targets: ["strength -> maximise", "density <= 5 g/cm3", "price_of_powder <= 90 USD"],
          ...change,
        }),
        "p.json",
      ),
      null,
    ),
  );

test("quantities and formulas are computed for what was made, kept by what is suggested, and never asked for", async () => {
  const problem = await frozen();
  assert.deepEqual(
    problem.outcomes.map(({ name }) => name),
    ["strength"],
  );
  const campaign = new Campaign(memoryLog(createdEvents(problem)), testTools());
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  await campaign.tell(
    shares.map((Nb) => ({ values: { Al: 0.3, Ti: 0.7 - Nb, Nb, strength: 500 + 800 * Nb } })),
  );
  const { round } = await campaign.ask({ batchSize: 3 });
  for (const { suggestion } of round.candidates) {
    const { Nb = 0 } = suggestion.design["composition"] as Record<string, number>;
    const { density, price_of_powder: price } = suggestion.predictions;
    assert.ok(20 + 300 * Nb <= 90 * (1 + 1e-6), `${Nb}`);
    assert.ok(Math.abs(price.mean - (20 + 300 * Nb)) < 1e-9);
    assert.ok(density.mean <= 5 * (1 + 1e-6), `${density.mean}`);
    assert.equal(price.epistemicStd, 0);
  }
  assert.match(round.models[2]["known"] as string, /computed/);
});

test("a formula of a declared outcome is measured all the same", async () => {
  const problem = await frozen({ outcomes: { strength: "MPa", price_of_powder: "USD" } });
  assert.deepEqual(
    problem.outcomes.map(({ name }) => name),
    ["strength", "price_of_powder"],
  );
  assert.equal(problem.formulas, undefined);
});

test("a campaign in which nothing would be measured is refused", async () => {
  await assert.rejects(
    frozen({ outcomes: {}, targets: ["density -> minimise", "price_of_powder <= 90 USD"] }),
    (error: unknown) => error instanceof InputError && /nothing to measure/.test(error.message),
  );
});

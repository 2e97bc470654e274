import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StopLimits } from "../../problem/settings/stop-limits.ts";
import type { Campaign } from "../campaign.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import { newCampaign, reaction } from "../fixtures/small-campaign.ts";
import { spentOn } from "./spent.ts";
import { stopStandings } from "./stop-standings.ts";

const cost = {
  formula: "20 EUR + 5 EUR/h * time",
  unit: "EUR",
  inputs: [{ name: "time", unit: "h" }],
};
const limited = (stop: StopLimits): CampaignProblem => ({ ...reaction, cost, stop });
const standings = async (campaign: Campaign) =>
  stopStandings(campaign.state(), await campaign.problem());

/** A yield that rises with the temperature, at a purity inside or outside its limit. */
const run = (temperature: number, purity = 95, time = 1) => ({
  values: { temperature, time, solvent: "water", yield: temperature / 2, purity },
});
const temperatures = [20, 27, 34, 41, 48, 55, 62, 69, 76, 83, 90];

/** One round of one design with this yield. */
async function round(campaign: Campaign, value: number): Promise<void> {
  const { round: asked } = await campaign.ask({ batchSize: 1, planner: "random" });
  const target = asked.candidates[0].id;
  await campaign.tell([{ target, values: { yield: value, purity: 95 } }]);
}

describe("the limits of a campaign", () => {
  test("are told in the order of their list, each with a sentence; none without any", async () => {
    assert.deepEqual(await standings(newCampaign()), []);
    const all: Required<StopLimits> = {
      measurements: 3,
      cost: 100,
      gain: 1,
      possibleGain: 1,
      targetMet: 0.9,
      bestSettled: {},
      predictionsSettled: {},
    };
    const found = await standings(newCampaign(limited(all)));
    assert.deepEqual(
      found.map(({ limit }) => limit),
      Object.keys(all),
    );
    for (const { reached, text } of found) {
      assert.equal(reached, false);
      assert.match(text, /\.$/);
    }
  });

  test("count what was spent on everything that was made, whatever came of it", async () => {
    const campaign = newCampaign(limited({ cost: 110 }));
    await campaign.tell([run(50, 95, 2), { ...run(60, 95, 4), id: "other" }]);
    const { round: asked } = await campaign.ask({ batchSize: 2, planner: "random" });
    const [first, second] = asked.candidates;
    const time = first.suggestion.design["time"] as number;
    await campaign.tell([{ target: first.id, status: "failed" }]);
    // Abandoned without a result: it was not made.
    await campaign.tell([{ target: second.id, status: "abandoned" }]);
    const spent = spentOn(campaign.state(), await campaign.problem());
    assert.equal(spent.amount, 30 + 40 + (20 + 5 * time));
    assert.deepEqual([spent.unit, spent.unknown], ["EUR", 0]);
    const [standing] = await standings(campaign);
    assert.equal(standing.reached, spent.amount >= 110);
    assert.match(standing.text, /of 110 EUR are spent/);
  });

  test("a target is met when one measured design meets it, not when none does", async () => {
    for (const purity of [95, 70]) {
      const campaign = newCampaign(limited({ targetMet: 0.9 }));
      await campaign.tell(temperatures.map((t, i) => run(t, purity + 0.1 * i)));
      const [standing] = await standings(campaign);
      assert.equal(standing.reached, purity === 95, standing.text);
    }
  });

  test("little is possible still where a rule is seen up to its end", async () => {
    const problem = limited({ possibleGain: 5 });
    const narrow: CampaignProblem = {
      ...problem,
      parameters: [
        problem.parameters[0],
        { kind: "discrete", name: "time", unit: "h", values: [1] },
        { kind: "categorical", name: "solvent", values: ["water"] },
      ],
    };
    const early = newCampaign(narrow);
    await early.tell([run(20), run(27), run(34)]);
    assert.equal((await standings(early))[0].reached, false);
    const late = newCampaign(narrow);
    await late.tell(temperatures.map((t) => run(t)));
    const [standing] = await standings(late);
    assert.equal(standing.reached, true, standing.text);
    assert.match(standing.text, /limit is 5\.000 %/);
  });

  test("the best has settled after rounds without a better one", async () => {
    const campaign = newCampaign(limited({ bestSettled: { rounds: 2, limit: 0.01 } }));
    for (const value of [20, 60, 50]) await round(campaign, value);
    assert.equal((await standings(campaign))[0].reached, false);
    await round(campaign, 40);
    assert.equal((await standings(campaign))[0].reached, true);
  });

  test("predictions settle where new results are those that were expected", async () => {
    const campaign = newCampaign(limited({ predictionsSettled: { rounds: 2, limit: 0.1 } }));
    for (let k = 0; k < 2; k++) await round(campaign, 50 + k);
    assert.match((await standings(campaign))[0].text, /2 changes must be seen first/);
    for (let k = 0; k < 6; k++) await round(campaign, 50 + (k % 2));
    const [standing] = await standings(campaign);
    assert.ok(
      Number.isFinite(Number(/at most ([\d.]+) %/.exec(standing.text)?.[1])),
      standing.text,
    );
  });

  test("ask says when one is reached, and suggests all the same", async () => {
    const campaign = newCampaign(limited({ measurements: 2 }));
    await campaign.tell([run(50), run(60)]);
    const { round: asked, notices } = await campaign.ask({ batchSize: 1, planner: "random" });
    assert.equal(asked.candidates.length, 1);
    assert.deepEqual(
      notices.filter((text) => /stopping/.test(text)),
      ['Think of stopping (limit "measurements"): 2 of 2 measurements are made.'],
    );
  });
});

describe("a round", () => {
  test("follows the problem's settings where nothing else is asked for", async () => {
    const experiments = {
      planner: "bayesian",
      settings: { acquisition: "ucb" },
      exploration: 0.4,
      batch: 2,
    };
    const campaign = newCampaign({ ...reaction, experiments });
    const { round: own } = await campaign.ask({});
    assert.deepEqual(own.options, {
      batchSize: 2,
      planner: "bayesian",
      settings: { acquisition: "ucb" },
      exploration: 0.4,
    });
    // Another planner does not have those settings.
    const { round: other } = await campaign.ask({ batchSize: 1, planner: "random" });
    assert.deepEqual(other.options, { batchSize: 1, planner: "random", exploration: 0.4 });
    const { round: changed } = await campaign.ask({ settings: { raw: 64 } });
    assert.deepEqual(changed.options.settings, { acquisition: "ucb", raw: 64 });
    await assert.rejects(campaign.ask({ settings: { roh: 64 } }), /unknown setting "roh"/);
  });

  test("says what a design costs and what is gained for that", async () => {
    const campaign = newCampaign(limited({}));
    await campaign.tell(temperatures.map((t) => run(t)));
    const { round: asked } = await campaign.ask({ batchSize: 1 });
    const { suggestion } = asked.candidates[0];
    assert.equal(suggestion.cost, 20 + 5 * (suggestion.design["time"] as number));
    assert.match(suggestion.reason, /It costs \d+ EUR: an expected gain of [\d.e-]+ % per EUR\./);
  });

  test("counts designs at the fidelity that counts alone as the best", async () => {
    const campaign = newCampaign({
      ...reaction,
      fidelity: { parameter: "time", target: 4 },
    });
    await campaign.tell([run(40, 95, 4), run(90, 95, 1), run(60, 95, 4)]);
    const { summariseCampaign } = await import("../summary/summarise-campaign.ts");
    const summary = await summariseCampaign(campaign.state(), await campaign.problem());
    assert.deepEqual(
      summary.best.map(({ id }) => id),
      ["m3", "m1"],
    );
  });
});

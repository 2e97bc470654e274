import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Campaign } from "../campaign.ts";
import { alloys, newCampaign, reaction } from "../fixtures/small-campaign.ts";
import { historyOf, summariseCampaign } from "./summarise-campaign.ts";

const summarise = async (campaign: Campaign) =>
  summariseCampaign(campaign.state(), await campaign.problem());

/** A reaction at this temperature with these results. */
const run = (temperature: number, yielded: number, purity: number) => ({
  values: { temperature, time: 1, solvent: "water", yield: yielded, purity },
});

/** Asks for one design and tells its yield, at a purity inside the limit. */
async function round(campaign: Campaign, yielded: number): Promise<void> {
  const { round: asked } = await campaign.ask({ batchSize: 1, planner: "random" });
  const { id } = asked.candidates[0];
  await campaign.tell([{ target: id, values: { yield: yielded, purity: 95 } }]);
}

describe("the standing of a campaign", () => {
  test("of one objective: those inside the limits first, then by value", async () => {
    const campaign = newCampaign();
    await campaign.tell([run(30, 90, 50), run(40, 60, 92), run(50, 70, 95), run(60, 99, 89)]);
    await campaign.tell([{ values: { temperature: 70, time: 1, solvent: "water", yield: 99 } }]);
    const { best, ranking, counts } = await summarise(campaign);
    assert.equal(ranking, "best");
    assert.deepEqual(
      best.map(({ id, meets }) => `${id} ${meets}`),
      ["m3 true", "m2 true", "m4 false", "m1 false"],
    );
    assert.deepEqual([counts.completed, counts.running], [4, 1]);
  });

  test("of two objectives, one of them computed: the Pareto front", async () => {
    const campaign = newCampaign(alloys);
    await campaign.tell([
      { values: { Al: 0.9, Ti: 0.1, strength: 300 } },
      { values: { Al: 0.5, Ti: 0.5, strength: 500 } },
      { values: { Al: 0.4, Ti: 0.6, strength: 450 } },
      { values: { Al: 0.1, Ti: 0.9, strength: 800 } },
    ]);
    const { best, ranking } = await summarise(campaign);
    assert.equal(ranking, "front");
    // Titanium is denser than aluminium, so that the third is beaten by the second in both.
    assert.deepEqual(best.map(({ id }) => id).sort(), ["m1", "m2", "m4"]);
    const density = best.find(({ id }) => id === "m2")?.outcomes["density"] as number;
    assert.ok(density > 2.7 && density < 4.5, `${density}`);
  });

  test("tells round by round whether something better was found", async () => {
    const campaign = newCampaign();
    for (const value of [20, 15, 30, 30]) await round(campaign, value);
    const { rounds } = await summarise(campaign);
    assert.deepEqual(
      rounds.map(({ improved }) => improved),
      [true, false, true, false],
    );
  });

  test("lists what is open with what it lacks, and flags what lies outside", async () => {
    const campaign = newCampaign();
    await campaign.ask({ batchSize: 2, planner: "random" });
    await campaign.tell([{ target: "r1-1", values: { purity: 95 } }, run(150, 50, 95)]);
    const { pending, warnings, best } = await summarise(campaign);
    assert.deepEqual(
      pending.map(({ id, status, missing }) => [id, status, missing]),
      [
        ["r1-2", "suggested", ["yield", "purity"]],
        ["r1-1", "running", ["yield"]],
      ],
    );
    assert.match(warnings[0], /^m1 lies outside the space: temperature/);
    assert.equal(best[0].outside.length, 1);
  });

  test("says when nothing succeeded and when an outcome never varied", async () => {
    const failed = newCampaign();
    await failed.ask({ batchSize: 2, planner: "random" });
    await failed.tell([
      { target: "r1-1", status: "failed" },
      { target: "r1-2", status: "infeasible" },
    ]);
    assert.match((await summarise(failed)).warnings.join(" "), /Not one of 2 measurements/);
    const constant = newCampaign();
    await constant.tell([run(30, 5, 91), run(40, 5, 92), run(50, 5, 93)]);
    assert.match((await summarise(constant)).warnings.join(" "), /yield was the same in all 3/);
  });

  test("an undone entry stays in the history with a mark", async () => {
    const campaign = newCampaign();
    await campaign.tell([run(30, 5, 91)]);
    await campaign.undo("m1", "wrong flask");
    assert.deepEqual(
      historyOf(campaign.state()).map(({ id, undone }) => `${id} ${undone}`),
      ["e0 false", "e1 true", "e2 false"],
    );
    assert.equal((await summarise(campaign)).counts.measurements, 0);
  });
});

describe("advice", () => {
  test("begin, then measure, then go on", async () => {
    const campaign = newCampaign();
    assert.match((await summarise(campaign)).advice[0], /^Ask for a first batch/);
    await campaign.ask({ batchSize: 1, planner: "random" });
    assert.match((await summarise(campaign)).advice[0], /^Measure what is pending.*r1-1/);
    await campaign.tell([{ target: "r1-1", values: { yield: 3, purity: 95 } }]);
    assert.match((await summarise(campaign)).advice[0], /^Go on/);
  });

  test("stop after three rounds without anything better", async () => {
    const campaign = newCampaign();
    for (const value of [50, 40, 30]) await round(campaign, value);
    assert.match((await summarise(campaign)).advice[0], /^Go on/);
    await round(campaign, 20);
    assert.match((await summarise(campaign)).advice[0], /Think of stopping: nothing better/);
  });

  test("stop when the measurements that the problem allows are made", async () => {
    const campaign = newCampaign({ ...reaction, stop: { measurements: 2 } });
    await campaign.tell([run(30, 5, 95)]);
    assert.match((await summarise(campaign)).advice[0], /^Go on|^Ask/);
    await campaign.tell([run(40, 5, 95)]);
    assert.match((await summarise(campaign)).advice[0], /stopping: 2 of 2 measurements are made/);
  });

  test("stop when the model expects less than the gain that the problem asks for", async () => {
    const values = [10, 30, 20, 45, 40, 35];
    const advice = async (gain: number): Promise<string> => {
      const campaign = newCampaign({ ...reaction, stop: { gain } });
      await campaign.ask({ batchSize: values.length, planner: "random" });
      await campaign.tell(
        values.map((value, i) => ({ target: `r1-${i + 1}`, values: { yield: value, purity: 95 } })),
      );
      await campaign.ask({ batchSize: 1 });
      return (await summarise(campaign)).advice[0];
    };
    assert.match(await advice(1e-9), /^Measure what is pending/);
    assert.match(await advice(900), /no more than .* %; less than 900 % is not worth it/);
  });

  test("stop when limits alone are wanted and one design meets them, or when the space is used up", async () => {
    const limits = newCampaign({ ...reaction, targets: reaction.targets.slice(1) });
    await limits.tell([run(30, 5, 80), run(40, 5, 95)]);
    assert.match((await summarise(limits)).advice[0], /m2 meets every requirement/);
    const small = newCampaign(alloys);
    await small.ask({ batchSize: 9, planner: "random" });
    assert.match((await summarise(small)).advice[0], /all 9 designs of the space/);
    await small.stop();
    assert.deepEqual((await summarise(small)).advice, []);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newCampaign, reaction } from "../../campaign/experiments/fixtures/small-campaign.ts";
import { campaignView } from "./campaign-view.ts";
import { expectations } from "./expected-svg.ts";
import { renderCampaign } from "./render-campaign.ts";

const random = { planner: "random" };

async function page(campaign: ReturnType<typeof newCampaign>): Promise<string> {
  return renderCampaign(campaign.state(), await campaign.problem());
}

describe("the page of a campaign", () => {
  test("of a new one says that nothing was measured, and has neither script nor address", async () => {
    const html = await page(newCampaign());
    assert.match(html, /Nothing was measured yet/);
    assert.doesNotMatch(html, /<script|https?:|src=/);
    assert.doesNotMatch(html, /id="next"|id="progress"/);
  });

  test("shows what to make next, the best that keeps all limits, failures and taken back entries", async () => {
    const campaign = newCampaign();
    await campaign.ask({ batchSize: 4, ...random });
    await campaign.tell([
      { target: "r1-1", values: { yield: 40, purity: 95 }, note: "<stirred & heated>" },
      { target: "r1-2", values: { yield: 90, purity: 60 } },
      { target: "r1-3", status: "infeasible" },
    ]);
    await campaign.tell([{ target: "r1-4", values: { yield: 99, purity: 99 } }]);
    await campaign.undo();
    const html = await page(campaign);
    assert.match(html, /Yield <b>40\u202f%<\/b> \(r1-1\)/);
    assert.match(html, /id="next"[\s\S]*r1-4/);
    assert.match(html, /infeasible/);
    assert.match(html, /&lt;stirred &amp; heated&gt;/);
    assert.match(html, /<del>[^<]*r1-4[^<]*99/);
    assert.match(html, /class="cross"/);
    assert.match(html, /class="hollow"/);
    assert.equal(html, await page(campaign));
  });

  test("compares what was expected with what came, by the prediction made before", async () => {
    const campaign = newCampaign(reaction);
    await campaign.ask({ batchSize: 6, ...random });
    const values = [10, 30, 20, 60, 50, 40];
    await campaign.tell(
      values.map((value, i) => ({ target: `r1-${i + 1}`, values: { yield: value, purity: 95 } })),
    );
    const { round } = await campaign.ask({ batchSize: 3 });
    await campaign.tell(
      round.candidates.map(({ id }, i) => ({ target: id, values: { yield: 55 + i, purity: 95 } })),
    );
    const view = await campaignView(campaign.state(), await campaign.problem());
    const points = expectations(view, 0);
    assert.deepEqual(
      points.map(({ mean }) => mean),
      round.candidates.map(({ suggestion }) => suggestion.predictions["yield"].mean),
    );
    assert.deepEqual(
      points.map(({ measured }) => measured),
      [55, 56, 57],
    );
    assert.match(await page(campaign), /id="expected"/);
  });
});

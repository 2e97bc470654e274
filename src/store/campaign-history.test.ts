import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { Campaign } from "../campaign/experiments/campaign.ts";
import {
  createdEvents,
  reaction,
  testTools,
} from "../campaign/experiments/fixtures/small-campaign.ts";
import { memoryLog } from "../campaign/experiments/history/event-log.ts";
import type { CampaignState } from "../campaign/experiments/history/state.ts";
import { decodeCampaign, encodeCampaign } from "../campaign/experiments/history/portable-file.ts";
import { replay } from "../campaign/experiments/history/replay.ts";
import { InputError } from "../core/errors.ts";
import { openCampaignStore } from "./campaign-store.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-history-"));
after(() => rmSync(folder, { recursive: true, force: true }));

type Action = (campaign: Campaign) => Promise<unknown>;

const narrower = {
  ...reaction,
  parameters: [
    { kind: "continuous", name: "temperature", unit: "K", min: 310, max: 340 } as const,
    ...reaction.parameters.slice(1),
  ],
};
const target = fc.constantFrom("r1-1", "r1-2", "r2-1", "m1", "r1-1#2");
const percent = fc.constantFrom<number | string>(12, 30.5, "0.4", "91 %", "50 ± 2", "NaN");

/** Everything that can be done with a campaign, sensible or not. */
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 2 }).map(
      (batchSize): Action =>
        (c) =>
          c.ask({ batchSize, planner: "random" }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record(
        {
          target,
          values: fc.dictionary(
            fc.constantFrom("yield", "purity", "temperature", "colour"),
            fc.oneof(percent, fc.constant("clear")),
          ),
          status: fc.constantFrom("running", "completed", "failed", "infeasible", "abandoned"),
          note: fc.constantFrom("spilt", "ok"),
          replicate: fc.boolean(),
          correct: fc.boolean(),
          id: fc.constantFrom("a", "b", "c"),
        },
        { requiredKeys: ["target", "values"] },
      )
      .map(
        (telling): Action =>
          (c) =>
            c.tell([telling]),
      ),
  },
  {
    weight: 2,
    arbitrary: percent.map(
      (yielded): Action =>
        (c) =>
          c.tell([{ values: { temperature: 40, time: 1, solvent: "water", yield: yielded } }]),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }).map(
      (k): Action =>
        (c) =>
          c.undo(k === undefined ? undefined : `e${k}`),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Action>((c) => c.edit(narrower)) },
  { weight: 1, arbitrary: fc.constant<Action>((c) => c.note(null, "a note")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action>(
      (c) => c.stop("enough"),
      (c) => c.resume(),
    ),
  },
);

/** Does one thing; what is refused changes nothing. */
async function attempt(campaign: Campaign, act: Action): Promise<boolean> {
  const before = campaign.state();
  try {
    await act(campaign);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    assert.deepEqual(campaign.state(), before);
    return false;
  }
}

const withoutHistory = (state: CampaignState): object => ({ ...state, history: null });

test("whatever is done, the store, memory and an exported file hold the same campaign, and undoing it all leads back to the start", async () => {
  const path = join(folder, "c.db");
  let runs = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 14 }), async (actions) => {
      const name = `run ${runs++}`;
      const store = openCampaignStore(path, { create: true });
      const stored = new Campaign(store.create(name, createdEvents()), testTools());
      const inMemory = new Campaign(memoryLog(createdEvents()), testTools());
      const start = withoutHistory(inMemory.state());
      // Most of what can be told needs a round to tell of.
      const first: Action = (c) => c.ask({ batchSize: 2, planner: "random" });
      for (const act of [first, ...actions]) {
        if (await attempt(inMemory, act)) done++;
        await attempt(stored, act);
      }
      store.close();

      const reopened = openCampaignStore(path);
      const events = reopened.open(name).read();
      const state = replay(events);
      assert.deepEqual(state, inMemory.state());
      assert.deepEqual(await decodeCampaign(await encodeCampaign(events), "c.json"), events);

      const campaign = new Campaign(reopened.open(name), testTools());
      let undone = 0;
      while (await attempt(campaign, (c) => c.undo())) undone++;
      assert.deepEqual(withoutHistory(campaign.state()), start);
      assert.equal(campaign.state().history.events.length, events.length + undone);
      assert.deepEqual(campaign.state().history.events.slice(0, events.length), events);
      reopened.close();
    }),
    { numRuns: 60 },
  );
  assert.ok(done > 200, `only ${done} actions were accepted`);
});

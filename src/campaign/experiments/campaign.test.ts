import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InfeasibleError, InputError } from "../../core/errors.ts";
import { Campaign } from "./campaign.ts";
import {
  alloys,
  createdEvents,
  newCampaign,
  reaction,
  testTools,
} from "./fixtures/small-campaign.ts";
import { memoryLog } from "./history/event-log.ts";
import type { Telling } from "./actions/telling.ts";

const random = { planner: "random" };
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof InputError && pattern.test(`${error.message} ${error.details.hint ?? ""}`);

/** A campaign with one round of three. */
async function asked() {
  const campaign = newCampaign();
  await campaign.ask({ batchSize: 3, ...random });
  return campaign;
}

async function telling(...tellings: Telling[]) {
  const campaign = await asked();
  const { notices } = await campaign.tell(tellings);
  return { campaign, notices, state: campaign.state() };
}

describe("asking", () => {
  test("names candidates by round, and keeps what they follow from", async () => {
    const campaign = newCampaign();
    const { round, state } = await campaign.ask({ batchSize: 3, ...random });
    assert.deepEqual([...state.candidates.keys()], ["r1-1", "r1-2", "r1-3"]);
    assert.equal(round.planner, "random");
    assert.match(round.problemHash, /^[0-9a-f]{64}$/);
    assert.deepEqual(round.versions, { ystar: "test" });
    assert.deepEqual([round.measurements, round.pending], [[], []]);
    await campaign.tell([{ target: "r1-2", values: { yield: 40, purity: 95 } }]);
    const second = (await campaign.ask({ batchSize: 1, ...random })).round;
    assert.deepEqual([second.round, second.candidates[0].id], [2, "r2-1"]);
    assert.deepEqual(second.measurements, ["r1-2"]);
    assert.deepEqual(second.pending, ["r1-1", "r1-3"]);
    assert.notEqual(second.seed, round.seed);
  });

  test("the same seed and measurements give the same suggestions, byte for byte", async () => {
    const run = async (): Promise<string> => {
      const campaign = newCampaign();
      await campaign.ask({ batchSize: 4 });
      await campaign.tell(
        [1, 2, 3, 4].map((i) => ({
          target: `r1-${i}`,
          values: { yield: `${10 * i} %`, purity: 92 },
        })),
      );
      return JSON.stringify((await campaign.ask({ batchSize: 2 })).round.candidates);
    };
    assert.equal(await run(), await run());
  });

  test("a batch larger than the space gives what is left and says so; then the space is exhausted", async () => {
    const campaign = newCampaign(alloys);
    const { round, notices } = await campaign.ask({ batchSize: 50, ...random });
    assert.equal(round.candidates.length, 9);
    assert.match(notices.join(" "), /only 9 are left/);
    await assert.rejects(
      campaign.ask({ batchSize: 1, ...random }),
      (error: unknown) =>
        error instanceof InfeasibleError && /ystar campaign edit/.test(error.details.hint ?? ""),
    );
    const again = await campaign.ask({ batchSize: 2, ...random, replicates: true });
    assert.equal(again.round.candidates.length, 2);
  });

  test("all failed, one measurement only and a constant outcome can be asked after", async () => {
    const campaign = await asked();
    const ids = ["r1-1", "r1-2", "r1-3"];
    await campaign.tell(ids.map((target) => ({ target, status: "failed" as const })));
    assert.equal((await campaign.ask({ batchSize: 1 })).round.candidates.length, 1);
    await campaign.tell([{ target: "r2-1", values: { yield: 5, purity: 91 } }]);
    assert.equal((await campaign.ask({ batchSize: 1 })).round.candidates.length, 1);
    await campaign.tell([
      ...ids.map((target) => ({ target, values: { yield: 5, purity: 91 } })),
      { target: "r3-1", values: { yield: 5, purity: 91 } },
    ]);
    assert.equal((await campaign.ask({ batchSize: 2 })).round.candidates.length, 2);
  });

  test("a stopped campaign is asked again only after it was resumed", async () => {
    const campaign = await asked();
    await campaign.stop("the money is spent");
    await assert.rejects(
      campaign.ask({ batchSize: 1 }),
      refusal(/stopped by tester: the money is spent/),
    );
    await campaign.resume();
    assert.equal((await campaign.ask({ batchSize: 1, ...random })).round.round, 2);
  });
});

describe("telling", () => {
  test("converts units, keeps uncertainties and completes once every wanted outcome is there", async () => {
    const { state } = await telling({
      target: "r1-1",
      values: { yield: "0.42 ± 0.02", purity: "93.5 %", temperature: "333.15 K" },
    });
    const { outcomes, noiseStd, design, status } = state.measurements.get("r1-1")!;
    assert.deepEqual([outcomes, noiseStd], [{ yield: 0.42, purity: 93.5 }, { yield: 0.02 }]);
    assert.deepEqual([design["temperature"], status], [60, "completed"]);
  });

  test("partial results leave it running until the rest is told", async () => {
    const { campaign, state } = await telling({ target: "r1-1", values: { yield: 40 } });
    assert.equal(state.measurements.get("r1-1")?.status, "running");
    await campaign.tell([{ target: "r1-1", values: { purity: 91 } }]);
    const { status, outcomes } = campaign.state().measurements.get("r1-1")!;
    assert.deepEqual([status, outcomes], ["completed", { yield: 40, purity: 91 }]);
  });

  test("what was really made stands beside what was suggested", async () => {
    const { state, notices } = await telling({
      target: "r1-1",
      values: { temperature: "140 degC", yield: 40, purity: 95 },
    });
    assert.match(notices.join(" "), /outside the space/);
    assert.match(notices.join(" "), /both are kept/);
    const { design } = state.measurements.get("r1-1")!;
    const { suggestion } = state.candidates.get("r1-1")!;
    assert.equal(design["temperature"], 140);
    assert.notEqual(suggestion.design["temperature"], 140);
    assert.equal(design["solvent"], suggestion.design["solvent"]);
  });

  test("a design of one's own needs no candidate, and the same again is not recorded twice", async () => {
    const own = {
      values: { temperature: 50, time: "120 min", solvent: "water", yield: 30, purity: 90 },
    };
    const { campaign, state } = await telling(own);
    assert.equal(state.measurements.get("m1")?.design["time"], 2);
    const { events, notices } = await campaign.tell([own]);
    assert.deepEqual([events.length, /told before/.test(notices[0])], [0, true]);
    await campaign.tell([{ ...own, replicate: true }]);
    assert.deepEqual([...campaign.state().measurements.keys()], ["m1", "m2"]);
    await campaign.tell([own, own]);
    assert.equal(campaign.state().measurements.size, 2);
  });

  test("an unknown solvent is kept and flagged; nothing is learned from it", async () => {
    const { campaign, notices } = await telling({
      target: "r1-1",
      values: { solvent: "watr", yield: 1, purity: 1 },
    });
    assert.match(notices.join(" "), /watr is not in the space \(did you mean "water"\?\)/);
    const { round } = await campaign.ask({ batchSize: 1, ...random });
    assert.deepEqual(round.measurements, []);
  });

  test("replicates and attempts after a failure get names of their own", async () => {
    const { campaign } = await telling(
      { target: "r1-1", values: { yield: 40, purity: 95 } },
      { target: "r1-1", values: { yield: 42, purity: 95 }, replicate: true },
      { target: "r1-2", status: "failed", note: "oven tripped" },
      { target: "r1-2", values: { yield: 20, purity: 99 } },
    );
    const state = campaign.state();
    assert.deepEqual([...state.measurements.keys()], ["r1-1", "r1-1#2", "r1-2", "r1-2#2"]);
    assert.deepEqual(state.candidates.get("r1-2")?.measurements, ["r1-2", "r1-2#2"]);
    assert.equal(state.measurements.get("r1-2")?.notes[0].text, "oven tripped");
  });

  test("a message sent again under its name is a no-op; another one under the name is refused", async () => {
    const message = { target: "r1-1", values: { yield: 40, purity: 95 }, id: "lab-1" };
    const { campaign } = await telling(message);
    const again = await campaign.tell([{ ...message, values: { purity: 95, yield: 40 } }]);
    assert.deepEqual([again.events.length, again.state.measurements.size], [0, 1]);
    assert.match(again.notices[0], /recorded before/);
    await assert.rejects(
      campaign.tell([{ ...message, values: { yield: 41, purity: 95 } }]),
      refusal(/used for another message/),
    );
    await assert.rejects(campaign.tell([{ ...message, id: "e4" }]), refusal(/cannot be named/));
  });

  test("a value is replaced only by a correction, and the first one stays in the history", async () => {
    const { campaign } = await telling({ target: "r1-1", values: { yield: 40, purity: 95 } });
    const wrong = { target: "r1-1", values: { yield: 44 } };
    await assert.rejects(campaign.tell([wrong]), refusal(/was told as 40, and now 44/));
    await campaign.tell([{ ...wrong, correct: true }]);
    assert.equal(campaign.state().measurements.get("r1-1")?.outcomes["yield"], 44);
    await campaign.undo();
    assert.equal(campaign.state().measurements.get("r1-1")?.outcomes["yield"], 40);
  });

  test("a measurement of an undone round is kept and flagged", async () => {
    const campaign = await asked();
    await campaign.undo();
    assert.equal(campaign.state().candidates.size, 0);
    const { notices, state } = await campaign.tell([
      { target: "r1-1", values: { yield: 40, purity: 95 } },
    ]);
    assert.match(notices.join(" "), /The round of r1-1 was undone/);
    assert.equal(state.measurements.get("r1-1")?.candidate, "r1-1");
    assert.equal((await campaign.ask({ batchSize: 1, ...random })).round.round, 2);
  });

  const refused: readonly [string, Telling | readonly Telling[], RegExp][] = [
    [
      "an unknown parameter",
      { target: "r1-1", values: { temprature: 3 } },
      /no parameter or outcome "temprature".*"temperature"/,
    ],
    [
      "a unit of another dimension",
      { target: "r1-1", values: { yield: "3 MPa" } },
      /not a value of yield/,
    ],
    ["NaN as text", { target: "r1-1", values: { yield: "NaN" } }, /not finite/],
    ["NaN as a number", { target: "r1-1", values: { yield: Number.NaN } }, /not finite/],
    [
      "a class that is not listed",
      { target: "r1-1", values: { colour: "clera" } },
      /"clera" is no class of colour.*"clear"/,
    ],
    [
      "an unknown candidate",
      { target: "r9-1", values: { yield: 1 } },
      /no candidate or measurement "r9-1"/,
    ],
    ["nothing", { target: "r1-1" }, /Nothing was told/],
    [
      "failed with an outcome",
      { target: "r1-1", status: "failed", values: { yield: 1 } },
      /failed has no outcome/,
    ],
    [
      "completed without an outcome",
      { target: "r1-1", status: "completed" },
      /at least one outcome/,
    ],
    ["an incomplete design", { values: { temperature: 30, yield: 3 } }, /time, solvent missing/],
    [
      "infeasible, then measured",
      [
        { target: "r1-1", status: "infeasible" },
        { target: "r1-1", values: { yield: 3 } },
      ],
      /was told to be infeasible/,
    ],
    [
      "measured, then abandoned",
      [
        { target: "r1-1", values: { yield: 3, purity: 3 } },
        { target: "r1-1", status: "abandoned" },
      ],
      /was told to be completed/,
    ],
  ];
  for (const [what, tellings, pattern] of refused) {
    test(`refuses ${what}, and records nothing of the call`, async () => {
      const campaign = await asked();
      const before = campaign.state().history.events.length;
      const all = [{ target: "r1-3", values: { yield: 9 } }, tellings].flat();
      await assert.rejects(campaign.tell(all), refusal(pattern));
      assert.equal(campaign.state().history.events.length, before);
    });
  }
});

describe("compositions", () => {
  test("are told as a formula, by fractions or in percent", async () => {
    const campaign = newCampaign(alloys);
    await campaign.tell([
      { values: { composition: "AlTi3", strength: "0.5 GPa" } },
      { values: { Al: "30 %", Ti: 0.7, strength: 510 } },
    ]);
    const designs = [...campaign.state().measurements.values()].map(({ design }) => design);
    assert.deepEqual(designs, [
      { composition: { Al: 0.25, Ti: 0.75 } },
      { composition: { Al: 0.3, Ti: 0.7 } },
    ]);
    const { round } = await campaign.ask({ batchSize: 1 });
    assert.equal(round.candidates[0].suggestion.constraints.length > 0, true);
  });

  test("fractions that do not sum to one are refused", async () => {
    const campaign = newCampaign(alloys);
    await assert.rejects(
      campaign.tell([{ values: { Al: 0.3, Ti: 0.6, strength: 1 } }]),
      refusal(/sum to 0.9/),
    );
  });
});

describe("parameters that only some designs have", () => {
  const acid = {
    ...reaction,
    parameters: [
      ...reaction.parameters,
      {
        kind: "continuous",
        name: "pH",
        unit: "1",
        min: 2,
        max: 6,
        when: {
          text: "solvent is water",
          alternatives: [[{ kind: "is", parameter: "solvent", values: ["water"] }]],
        },
      },
    ],
  } as const;
  const own = { temperature: 40, time: 1, yield: 3, purity: 91 };

  test("may be left out where they are not there, and nowhere else", async () => {
    const campaign = newCampaign(acid);
    const { round } = await campaign.ask({ batchSize: 6, ...random });
    for (const { id, suggestion } of round.candidates) {
      assert.equal("pH" in suggestion.design, suggestion.design["solvent"] === "water");
      await campaign.tell([{ target: id, values: { yield: 5, purity: 90 } }]);
    }
    await campaign.tell([{ values: { ...own, solvent: "ethanol" } }]);
    await campaign.tell([{ values: { ...own, solvent: "water", pH: 3 } }]);
    await assert.rejects(
      campaign.tell([{ values: { ...own, solvent: "water" } }]),
      refusal(/not complete: pH missing/),
    );
    const next = await campaign.ask({ batchSize: 1, ...random });
    assert.equal(next.round.measurements.length, 8);
  });
});

describe("editing the problem", () => {
  const narrowed = {
    ...reaction,
    parameters: [
      { kind: "continuous", name: "temperature", unit: "K", min: 330, max: 360 },
      { kind: "discrete", name: "time", unit: "min", values: [60, 120] },
      reaction.parameters[2],
    ],
  } as const;

  test("keeps old measurements, in the new units, and flags those outside", async () => {
    const { campaign } = await telling(
      { values: { temperature: 60, time: 2, solvent: "water", yield: 40, purity: 95 } },
      { values: { temperature: 30, time: 4, solvent: "water", yield: 20, purity: 95 } },
    );
    const { notices } = await campaign.edit(narrowed);
    assert.match(notices.join(" "), /Outside the new space: 1 of 2 measurements/);
    const { round } = await campaign.ask({ batchSize: 2, ...random });
    assert.deepEqual(round.measurements, ["m1", "m2"]);
    for (const { suggestion } of round.candidates) {
      const temperature = suggestion.design["temperature"] as number;
      assert.ok(temperature >= 330 && temperature <= 360);
    }
    await campaign.undo();
    await campaign.undo();
    assert.deepEqual(campaign.state().problem, reaction);
  });

  test("results that come in parts before and after a change of units stay what they were", async () => {
    const { campaign } = await telling({ target: "r1-1", values: { yield: "40 ± 2" } });
    const outcomes = reaction.outcomes.map((one) =>
      one.name === "yield" ? { ...one, unit: "1" } : one,
    );
    const targets = [{ ...reaction.targets[0], unit: "1" }, reaction.targets[1]];
    await campaign.edit({ ...reaction, outcomes, targets });
    // The same yield in the new unit is nothing new; another one is a contradiction.
    assert.equal(
      (await campaign.tell([{ target: "r1-1", values: { yield: 0.4 } }])).events.length,
      0,
    );
    await assert.rejects(
      campaign.tell([{ target: "r1-1", values: { yield: 40 } }]),
      refusal(/was told as 0.4, and now 40/),
    );
    await campaign.tell([{ target: "r1-1", values: { purity: 95 } }]);
    const { outcomes: known, noiseStd } = campaign.state().measurements.get("r1-1")!;
    assert.deepEqual([known, noiseStd], [{ yield: 0.4, purity: 95 }, { yield: 0.02 }]);
    await campaign.undo();
    const before = campaign.state().measurements.get("r1-1")!;
    assert.deepEqual([before.outcomes, before.units["yield"]], [{ yield: 40 }, "%"]);
  });

  test("a new parameter: old designs had what is assumed of them, else nothing is learned from them", async () => {
    const wet = {
      ...reaction,
      parameters: [
        ...reaction.parameters,
        { kind: "continuous", name: "humidity", unit: "%", min: 0, max: 100 },
        { kind: "discrete", name: "pressure", unit: "bar", values: [1] },
      ],
    } as const;
    const { campaign } = await telling({ target: "r1-1", values: { yield: 40, purity: 95 } });
    const without = await campaign.edit(wet);
    assert.match(without.notices.join(" "), /Not to be expressed in the new space: 1 of 1/);
    await campaign.undo();
    await assert.rejects(campaign.edit(wet, { yield: 3 }), refusal(/"yield" is not a parameter/));
    await campaign.edit(wet, { humidity: "0.4" });
    await campaign.edit({ ...wet, targets: wet.targets.slice(0, 1) });
    const { round } = await campaign.ask({ batchSize: 1, ...random });
    assert.deepEqual(round.measurements, ["r1-1"]);
  });

  test("refuses a unit that what was recorded cannot be read in", async () => {
    const { campaign } = await telling({ target: "r1-1", values: { yield: 40, purity: 95 } });
    const outcomes = reaction.outcomes.map((one) =>
      one.name === "yield" ? { ...one, unit: "MPa" } : one,
    );
    await assert.rejects(
      campaign.edit({ ...reaction, outcomes }),
      refusal(/recorded in %, which cannot become MPa/),
    );
  });
});

describe("several at once", () => {
  test("two who ask get different rounds; what is told meanwhile is not lost", async () => {
    const log = memoryLog(createdEvents());
    const [anna, ben, carl] = ["anna", "ben", "carl"].map(
      (name) => new Campaign(log, testTools(name)),
    );
    const own = { values: { temperature: 50, time: 1, solvent: "water", yield: 3, purity: 91 } };
    await Promise.all([
      anna.ask({ batchSize: 2, ...random }),
      ben.ask({ batchSize: 2, ...random }),
      carl.tell([own]),
    ]);
    const { rounds, candidates, measurements } = anna.state();
    assert.deepEqual(
      rounds.map(({ round }) => round),
      [1, 2],
    );
    // The later one knows the candidates of the other as pending.
    assert.deepEqual(rounds[1].pending, ["r1-1", "r1-2"]);
    assert.deepEqual([candidates.size, measurements.size], [4, 1]);
  });

  test("a log refuses a decision on what it was before, except beside what cannot change it", () => {
    const log = memoryLog(createdEvents());
    const stamp = { at: "", by: "" };
    assert.equal(log.append([{ type: "noted", about: null, text: "a", ...stamp }], 1)?.length, 1);
    assert.equal(log.append([{ type: "resumed", ...stamp }], 1), null);
    assert.equal(log.append([{ type: "resumed", ...stamp }], 1, ["noted"])?.[0].seq, 2);
  });
});

describe("undoing", () => {
  test("an undo brings the entry back, and undoing that takes it away again", async () => {
    const { campaign } = await telling({ target: "r1-1", values: { yield: 40, purity: 95 } });
    const has = (): boolean => campaign.state().measurements.has("r1-1");
    await campaign.undo("r1-1");
    assert.equal(has(), false);
    await campaign.undo("e3");
    assert.equal(has(), true);
    await campaign.undo("e4");
    assert.equal(has(), false);
    await assert.rejects(campaign.undo("e2"), refusal(/undone already.*undo e3/));
    await assert.rejects(campaign.undo("e0"), refusal(/creation of a campaign/));
    await assert.rejects(campaign.undo("e77"), refusal(/no entry "e77"/));
  });
});

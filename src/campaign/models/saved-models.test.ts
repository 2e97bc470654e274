import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { YstarError, type ErrorDetails } from "../../core/errors.ts";
import { toySpec } from "../../surrogates/fixtures/toy-surrogate.ts";
import { rowsWith, smallDataset, smallProblem } from "../fixtures/small-data.ts";
import { predictCompositions } from "../trained/predict-designs.ts";
import { recommend } from "../recommend.ts";
import { trainModel } from "../trained/train-model.ts";
import type { TrainedModel } from "../trained/trained-model.ts";

const families = { toy: toySpec };
const train = (changes: object = {}, dataset = smallDataset()) =>
  trainModel(dataset, {
    target: "strength",
    model: "toy",
    process: [],
    seed: 1,
    families,
    ...changes,
  });
const model = await train();
const heated = await train({ process: ["test_temperature", "route"] });
const models = { models: { strength: { file: "strength.ystar" } } };
const process = { test_temperature: "25 degC", route: "cast" };

test("a design run takes a saved model for its property and learns none", async () => {
  const problem = smallProblem(models);
  const {
    candidates,
    models: cards,
    warnings,
    problem: facts,
  } = await recommend(problem, smallDataset(), { models: { strength: model } });
  assert.equal(facts.targets[0].model, "toy");
  assert.deepEqual(cards[0], { ...model.card, trainedOn: model.data });
  assert.ok(!warnings.some((text) => /other data/.test(text)));
  for (const { design, predictions } of candidates) {
    const [alone] = predictCompositions(model, [design]).predictions;
    const { mean } = predictions.strength;
    assert.ok(Math.abs(mean - alone.mean) < 1e-9 * Math.abs(alone.mean));
  }
});

test("values, deviations and process settings are converted between the units of both", async () => {
  const gpa: TrainedModel = { ...heated, property: { ...heated.property, unit: "GPa" } };
  const run = (one: TrainedModel, kelvin: boolean) =>
    recommend(
      smallProblem(models, {
        process: { ...process, test_temperature: kelvin ? "873.15 K" : "600 degC" },
      }),
      smallDataset(),
      { models: { strength: one } },
    );
  const [first] = (await run(heated, false)).candidates;
  const [other] = (await run(gpa, true)).candidates;
  assert.equal(other.design.formula, first.design.formula);
  // The same number taken for GPa is a thousand times as many MPa.
  const [a, b] = [first.predictions.strength, other.predictions.strength];
  assert.ok(Math.abs(b.mean / a.mean - 1000) < 1e-6);
  assert.ok(Math.abs(b.aleatoricStd / a.aleatoricStd - 1000) < 1e-6);
});

test("the verdict of a candidate is the model's, with its reasons", async () => {
  const hot = { ...process, test_temperature: "1500 degC" };
  const { candidates } = await recommend(smallProblem(models, { process: hot }), smallDataset(), {
    models: { strength: heated },
  });
  for (const { validity } of candidates) {
    assert.equal(validity!.verdict, "outside");
    assert.match(validity!.reasons.join(), /test_temperature 1,?500 is out of/);
  }
});

test("a model predicts a property that the data do not have, with a word about it", async () => {
  const other = { ...smallDataset(), sha256: "1".repeat(64) };
  const without = {
    ...other,
    table: {
      ...other.table,
      columns: other.table.columns.filter(({ name }) => name !== "strength"),
    },
  };
  const { candidates, warnings } = await recommend(smallProblem(models), without, {
    models: { strength: model },
  });
  assert.ok(candidates.length > 0);
  assert.ok(warnings.some((text) => /strength has learned from other data/.test(text)));
});

describe("a model that does not fit the problem is refused, with its place in the file", () => {
  async function refusal(
    saved: Record<string, TrainedModel>,
    change: Record<string, unknown> = {},
    space: Record<string, unknown> = {},
  ): Promise<ErrorDetails & { message: string }> {
    try {
      await recommend(smallProblem({ ...models, ...change }, space), smallDataset(), {
        models: saved,
      });
    } catch (error) {
      assert.ok(error instanceof YstarError, String(error));
      assert.equal(error.code, "input");
      return { ...error.details, message: error.message };
    }
    return assert.fail("the model was accepted");
  }
  const strength = model;

  test("one that was not loaded, or predicts something else", async () => {
    const { message, path } = await refusal({});
    assert.match(message, /"strength.ystar" was not loaded/);
    assert.match(path!, /^models\.strength \(line \d+\)$/);
    const other = { ...model, property: { ...model.property, name: "hardness" } };
    assert.match((await refusal({ strength: other })).message, /predicts hardness, not strength/);
  });

  test("one with a family beside it, or without a target", async () => {
    const both = await refusal({ strength }, { model: { strength: "linear" } });
    assert.match(both.message, /"model".*"models"/);
    const none = await refusal({ strength }, { targets: ["density -> minimise"] });
    assert.match(none.message, /no target/);
  });

  test("one of another kind or in a unit of another dimension", async () => {
    const unit = { ...model, property: { ...model.property, unit: "K" } };
    assert.match((await refusal({ strength: unit })).message, /MPa.*K/);
    const kind = { ...model, property: { ...model.property, kind: "class" as const } };
    assert.match((await refusal({ strength: kind })).message, /number.*class/);
  });

  test("one that never met an element, a word, or misses a setting", async () => {
    const few = rowsWith("strength_MPa", (value, row) =>
      [2, 3, 5, 6, 7, 8, 9, 10, 11].includes(row) ? null : value,
    );
    const extra = ["AlV", "Al2V", "AlV3", "Ti2V"].map((f, i) => [
      f,
      500 + 20 * i,
      "B2",
      25,
      "cast",
    ]);
    const noNiobium = await train({}, smallDataset([...few, ...extra]));
    const element = await refusal({ strength: noNiobium });
    assert.match(element.message, /never met Nb/);
    const setting = await refusal({ strength: heated });
    assert.match(setting.message, /needs test_temperature/);
    assert.match(setting.hint!, /test_temperature: 25 degC/);
    const levels = {
      ...heated,
      process: heated.process.map((one) =>
        one.kind === "category" ? { ...one, levels: ["rolled"] } : one,
      ),
    };
    const word = await refusal({ strength: levels }, {}, { process });
    assert.match(word.message, /never met route cast/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import type { WantedChange } from "./design-counterfactual.ts";
import { explainDataset, type ExplainOptions } from "./explain-dataset.ts";
import { smallDataset } from "../fixtures/small-data.ts";
import { decodeModel, encodeModel } from "../trained/model-file.ts";
import { trainModel } from "../trained/train-model.ts";

const data = smallDataset();
const forest = { target: "strength", model: "random-forest", modelOptions: { trees: 30 } } as const;
const nearest = {
  target: "strength",
  model: "k-nearest",
  modelOptions: { neighbours: 3 },
} as const;
const design = {
  fractions: { Al: 0.25, Ti: 0.25, V: 0.25, Nb: 0.25 },
  at: { test_temperature: "25 degC", route: "cast" },
};
const base = { overall: false, seed: 3, design } as const;
const explain = (options: Partial<ExplainOptions>, given = data) =>
  explainDataset(given, { ...base, ...forest, ...options });

/** The model as it comes back from a file. */
async function fromFile(options: Partial<Parameters<typeof trainModel>[1]> = {}) {
  const model = await trainModel(data, { ...forest, seed: 3, ...options });
  return decodeModel(await encodeModel(model, { ystarVersion: "test" }), "model.ystar");
}

describe("the explanation of a model of a file", () => {
  it("is that of the same family learned with the same seed", async () => {
    const saved = await fromFile();
    const learned = await explain({ overall: true });
    const loaded = await explainDataset(data, { ...base, overall: true, saved });
    assert.deepEqual(loaded, learned);
    assert.equal(learned.method, "tree-shap");
  });

  it("reads a table in other units, and says that its rows are new to the model", async () => {
    const saved = await fromFile();
    const head = ["formula", "strength_GPa", "phase", "test_temperature_K", "route"];
    const { columns } = data.table;
    const rows = Array.from({ length: data.table.rows }, (_, i) =>
      columns.map((column) => {
        const value = column.values[i]!;
        if (column.name === "strength") return (value as number) / 1000;
        return column.name === "test_temperature" ? (value as number) + 273.15 : value;
      }),
    );
    const other = { ...smallDataset(rows, head), sha256: "1".repeat(64) };
    const [one, two] = [
      await explainDataset(data, { ...base, saved }),
      await explainDataset(other, { ...base, overall: true, saved }),
    ];
    assert.equal(two.unit, "MPa");
    assert.ok(Math.abs(one.design!.prediction - two.design!.prediction) < 1e-9);
    assert.match(two.overall!.protocol, /has not learned/);
    const row = await explainDataset(other, { ...base, saved, design: { row: 3 } });
    assert.equal(row.design!.isTrainingRow, false);
    assert.equal(row.design!.measured, 830);
  });

  it("keeps rows with a missing process number where the pipeline fills them", async () => {
    const { columns } = data.table;
    const rows = Array.from({ length: data.table.rows }, (_, i) =>
      columns.map(({ name, values }) => (name === "test_temperature" && i < 2 ? null : values[i]!)),
    );
    const gaps = smallDataset(rows);
    const filled = await explain({ pipeline: [{ step: "impute" }] }, gaps);
    assert.equal(filled.rows, data.table.rows);
    assert.equal(filled.method, "permutation-shap");
    const saved = await trainModel(gaps, { ...forest, pipeline: [{ step: "impute" }], seed: 3 });
    assert.deepEqual(await explainDataset(gaps, { ...base, saved }), filled);
  });

  it("refuses a table without what the model takes, and words that it does not know", async () => {
    const saved = await fromFile();
    const rows = [
      ["AlTi", 410],
      ["TiV", 620],
      ["TiVNb", 830],
      ["AlVNb", 980],
      ["Al2TiV", 720],
    ];
    const bare = smallDataset(rows, ["formula", "strength_MPa"]);
    await assert.rejects(explainDataset(bare, { ...base, saved }), {
      name: "InputError",
      message: /takes (test_temperature|route), which small\.csv does not have/,
    });
    const at = { route: "printed" };
    await assert.rejects(
      explainDataset(data, { ...base, saved, design: { ...design, at } }),
      /"printed" is no route/,
    );
  });
});

describe("methods that are no Shapley values", () => {
  const network = { ...forest, model: "mlp", modelOptions: { epochs: 5, hidden: [8] } } as const;

  it("share the prediction of a number out by layers", async () => {
    const { design: found, contributionUnit } = await explain({ ...network, method: "lrp" });
    const sum = found!.contributions.reduce((all, one) => all + one.contribution, found!.base);
    assert.equal(contributionUnit, "MPa");
    assert.equal(found!.sum, found!.prediction);
    assert.ok(Math.abs(sum - found!.prediction) < 1e-3 * Math.abs(found!.prediction));
  });

  it("say that shares of a class are of its score", async () => {
    const options = { ...network, target: "phase", method: "lrp" } as const;
    const { design: found, contributionUnit } = await explain(options);
    assert.equal(contributionUnit, "score");
    // Of two classes: probability = 1 / (1 + exp(-2 score)), the score being against their mean.
    const p = 1 / (1 + Math.exp(-2 * found!.sum));
    assert.ok(Math.abs(p - found!.prediction) < 1e-3, `${p} ${found!.prediction}`);
  });

  it("say how well a local model follows", async () => {
    const methodOptions = { samples: 400, features: 4 };
    const { design: found } = await explain({ method: "lime", methodOptions });
    assert.ok(found!.localFit! > 0 && found!.localFit! <= 1);
    const told = found!.contributions.filter(({ contribution }) => contribution !== 0);
    assert.ok(told.length <= 4);
    assert.notEqual(found!.sum, found!.prediction);
  });

  it("are refused before any learning with the families that they can read", async () => {
    const method = "lrp";
    await assert.rejects(explain({ method }), (error: unknown) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.details.expected!, /mlp, deep-ensemble/);
      return true;
    });
    const pipeline = [{ step: "standardise" }];
    await assert.rejects(explain({ method: "tree-shap", pipeline }), /behind a pipeline/);
  });
});

describe("the change that a prediction wants", () => {
  /** What the same model says of the changed design. */
  async function again(options: Partial<ExplainOptions>, wanted: WantedChange) {
    const { change } = await explain({ ...options, change: wanted });
    const at = { ...design.at };
    const fractions: Record<string, number> = { ...design.fractions };
    for (const { name, unit, to } of change!.changes) {
      if (unit === "at%") fractions[name] = to / 100;
      else at.test_temperature = `${to} ${unit}`;
    }
    const changed = await explain({ ...options, design: { fractions, at } });
    return { change: change!, prediction: changed.design!.prediction };
  }

  it("reaches a number, told in a sentence that holds for the design as told", async () => {
    const before = (await explain(nearest)).design!.prediction;
    const reach = `${((before - 60) / 1000).toFixed(4)} GPa`;
    const { change, prediction } = await again(nearest, { to: { reach } });
    assert.ok(change.isFound);
    assert.ok(prediction <= before - 60 + 0.05, `${prediction}`);
    assert.ok(Math.abs(prediction - change.prediction!) < 1e-9);
    assert.match(change.sentence, /smallest change found .* of at most .* MPa: /);
    const total = change.changes.filter(({ unit }) => unit === "at%");
    const sum = total.reduce((all, { from, to }) => all + to - from, 0);
    assert.ok(Math.abs(sum) < 1e-6, "the fractions still sum to one");
  });

  it("flips a class by changing what may change only", async () => {
    const options = { ...nearest, target: "phase" };
    const now = (await explain({ ...options })).design!.prediction;
    const { change, prediction } = await again(options, { to: "flip" });
    assert.ok(change.isFound);
    assert.ok(now >= 0.5 !== prediction >= 0.5, `${now} ${prediction}`);
    const only = ["Al"];
    const { change: one } = await explain({ ...options, change: { to: "flip", only } });
    assert.deepEqual(one!.changeable, only);
  });

  it("is nothing where the prediction is there, and is said not to be found where it is out of reach", async () => {
    const there = await explain({ ...nearest, change: { to: { reach: "0 MPa" } } });
    assert.equal(there.change!.isFound, false);
    const beyond = await explain({ ...nearest, change: { to: { reach: "5 GPa" } } });
    assert.equal(beyond.change!.formula, null);
    assert.match(beyond.change!.sentence, /^No change of .* was found/);
    const exact = (await explain(nearest)).design!.prediction;
    const now = await explain({ ...nearest, change: { to: { reach: `${exact}` } } });
    assert.deepEqual(now.change!.changes, []);
    assert.match(now.change!.sentence, /^Nothing need change/);
  });

  it("is refused for a number that is to flip, another unit, and names that are not in the design", async () => {
    const refused = async (change: WantedChange, path: string, target = "strength") => {
      await assert.rejects(explain({ ...nearest, target, change }), (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.details.path, path);
        return true;
      });
    };
    await refused({ to: "flip" }, "--flip");
    await refused({ to: { reach: "3 kg" } }, "--reach");
    await refused({ to: { reach: "1.5" } }, "--reach", "phase");
    await refused({ to: { reach: "1 GPa" }, only: ["Mo"] }, "--change");
  });
});

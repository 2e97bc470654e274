import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { toySpec } from "../../surrogates/fixtures/toy-surrogate.ts";
import { rowsWith, smallDataset } from "../fixtures/small-data.ts";
import { predictCompositions, predictTable } from "./predict-designs.ts";
import { trainModel } from "./train-model.ts";

const families = { toy: toySpec };
const train = (changes: object = {}, dataset = smallDataset()) =>
  trainModel(dataset, { target: "strength", model: "toy", seed: 1, families, ...changes });
const model = await train();
const alloy = { fractions: { Al: 0.25, Ti: 0.25, V: 0.25, Nb: 0.25 } };

test("a table is predicted row by row, as its compositions are one by one", () => {
  const { table } = smallDataset();
  const all = predictTable(model, table);
  assert.equal(all.predictions.length, 12);
  const { process } = all.predictions[3];
  assert.deepEqual(process, { test_temperature: 25, route: "annealed" });
  const [alone] = predictCompositions(model, [alloy], {
    route: "annealed",
    test_temperature: "25",
  }).predictions;
  assert.ok(Math.abs(alone.mean - all.predictions[3].mean) < 1e-6 * Math.abs(alone.mean));
  assert.deepEqual([all.predictions[3].row, all.unit], [4, "MPa"]);
});

test("the interval holds 90 % of a normal spread", () => {
  const [one] = predictCompositions(model, [alloy]).predictions;
  const std = Math.hypot(one.epistemicStd, one.aleatoricStd);
  // The 95 % quantile of the normal distribution is 1.6448536.
  assert.ok(Math.abs((one.high! - one.low!) / (2 * std) - 1.6448536) < 1e-6);
});

test("settings that are not given are the usual ones of the training, and said", () => {
  const { assumed, predictions } = predictCompositions(model, [alloy], { route: "cast" });
  assert.deepEqual(assumed, [
    { name: "test_temperature", value: 25, unit: "degC", why: "the median of the training" },
  ]);
  assert.equal(predictions[0].process.test_temperature, 25);
});

test("settings are converted, and refused when they cannot be", () => {
  const at = (value: string) =>
    predictCompositions(model, [alloy], { test_temperature: value }).predictions[0].process;
  assert.ok(Math.abs((at("873.15 K").test_temperature as number) - 600) < 1e-9);
  assert.throws(() => at("3 MPa"), { name: "InputError", message: /test_temperature/ });
  assert.throws(
    () => predictCompositions(model, [alloy], { temperature: "25" }),
    (error: unknown) =>
      error instanceof InputError && /test_temperature/.test(error.details.hint ?? ""),
  );
});

test("an element or a word that no training row has puts a design outside, with the reason", () => {
  const strange = { fractions: { Al: 0.5, W: 0.25, Ti: 0.25 } };
  const [element] = predictCompositions(model, [strange]).predictions;
  assert.equal(element.validity.verdict, "outside");
  assert.ok(element.validity.reasons.includes("no training row has W"));
  const [word] = predictCompositions(model, [alloy], { route: "printed" }).predictions;
  assert.equal(word.validity.verdict, "outside");
  assert.ok(word.validity.reasons.includes("no training row has route printed"));
});

test("an element of the data without a measured target counts as one that was never met", async () => {
  const gaps = rowsWith("strength_MPa", (value, row) =>
    [2, 3, 5, 6, 7, 8, 9, 10, 11].includes(row) ? null : value,
  );
  const more = [
    ...gaps,
    ["AlV", 500, "B2", 25, "cast"],
    ["Al2V", 520, "B2", 25, "cast"],
    ["AlV3", 540, "B2", 25, "cast"],
    ["Ti2V", 560, "B2", 25, "cast"],
  ];
  const own = await train({}, smallDataset(more));
  assert.deepEqual([...own.elements].sort(), ["Al", "Ti", "V"]);
  const [one] = predictCompositions(own, [alloy]).predictions;
  assert.ok(one.validity.reasons.includes("no training row has Nb"));
});

test("rows that lack a process variable are kept where the pipeline fills it", async () => {
  const gaps = rowsWith("test_temperature_C", (value, row) => (row === 2 ? null : value));
  const dataset = smallDataset(gaps);
  const without = await train({ process: ["test_temperature"] }, dataset);
  assert.equal(without.card.rows, 11);
  const filled = await train(
    { process: ["test_temperature"], pipeline: [{ step: "impute" }] },
    dataset,
  );
  assert.equal(filled.card.rows, 12);
  assert.match(
    String(filled.surrogate.summary["1 impute: filled columns"]),
    /test_temperature \(1 of 12 rows\)/,
  );
  const { assumed, predictions } = predictTable(filled, dataset.table);
  assert.deepEqual(assumed, []);
  assert.equal(predictions[2].process.test_temperature, null);
  assert.ok(predictions[2].validity.reasons.includes("test_temperature is not known"));
  assert.equal(predictTable(without, dataset.table).assumed[0].value, 25);
});

test("formulas over named columns are fitted and validated", async () => {
  const formulas = ["Al / (Ti + 0.1)", "test_temperature * vec"];
  const own = await train({ pipeline: [{ step: "expressions", options: { formulas } }] });
  assert.equal(own.surrogate.summary["1 expressions: formulas"], formulas.join("; "));
});

test("two columns of one name are refused, with the name", () =>
  assert.rejects(train({ features: ["fractions", "fractions"] }), { message: /"Al"/ }));

test("families that cannot be saved or do not learn the task are refused before any work", async () => {
  const fixed = Object.fromEntries(Object.entries(toySpec).filter(([key]) => key !== "load"));
  await assert.rejects(
    train({ families: { toy: fixed as unknown as typeof toySpec } }),
    UnsupportedError,
  );
  await assert.rejects(train({ target: "phase" }), UnsupportedError);
  await assert.rejects(train({ model: "toyy" }), { message: /"toyy"/ });
});

test("an epistemic std of 0 is said to be none where the family tells none", async () => {
  const noteOf = async (name: string) => {
    const own = await trainModel(smallDataset(), { target: "strength", model: name, seed: 1 });
    return predictCompositions(own, [alloy]).notes.join("\n");
  };
  assert.match(await noteOf("k-nearest"), /epistemic std is 0 because .* k-nearest do not tell it/);
  assert.doesNotMatch(await noteOf("linear"), /epistemic/);
});

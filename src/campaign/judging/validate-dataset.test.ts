import assert from "node:assert/strict";
import { test } from "node:test";
import { YstarError } from "../../core/errors.ts";
import { rowsWith, smallDataset } from "../fixtures/small-data.ts";
import { validateDataset, type ValidateOptions } from "./validate-dataset.ts";

const defaults: ValidateOptions = {
  target: "strength",
  model: "linear",
  protocol: "kfold",
  groupBy: "system",
  repeats: 1,
  folds: 3,
  testFraction: 0.25,
  seed: 0,
};

test("a model is validated against baselines, the same twice", async () => {
  const result = await validateDataset(smallDataset(), defaults);
  assert.equal(result.rows, 12);
  assert.deepEqual(result.process, ["test_temperature", "route"]);
  assert.ok(Number.isFinite(result.metrics["rmse"].mean));
  assert.deepEqual(await validateDataset(smallDataset(), defaults), result);
});

test("options that do not fit the data are refused with the option and the file", async () => {
  const cases: [Partial<ValidateOptions>, RegExp, RegExp][] = [
    [{ folds: 1 }, /^--folds$/, /12 rows/],
    [{ folds: 13 }, /^--folds$/, /12 rows/],
    [{ protocol: "grouped", folds: 8 }, /^--folds$/, /chemical systems/],
    [{ protocol: "grouped", groupBy: "composition", folds: 13 }, /^--folds$/, /compositions/],
    [{ repeats: 0 }, /^--repeats$/, /0 times/],
    [{ protocol: "holdout", testFraction: 1.5 }, /^--test$/, /1\.5/],
    [{ target: "phase", model: "lasso" }, /^--model$/, /does not learn classes/],
    [{ features: ["magpi"] }, /^--features$/, /magpi/],
    [{ process: ["rout"] }, /^--process$/, /rout/],
    [{ calibrate: true }, /^--calibrate$/, /20 rows in every training part, and one has 8/],
    [{ protocol: "published" }, /^--protocol$/, /no published split/],
  ];
  for (const [options, path, says] of cases) {
    await assert.rejects(validateDataset(smallDataset(), { ...defaults, ...options }), (error) => {
      assert.ok(error instanceof YstarError, String(error));
      assert.match(error.details.path ?? "", path, error.message);
      assert.match(error.message, says);
      return true;
    });
  }
});

test("rows of one chemical system cannot be grouped by it", async () => {
  const one = smallDataset(rowsWith("formula", (_, row) => `Ti${row + 1}V`));
  await assert.rejects(
    validateDataset(one, { ...defaults, protocol: "grouped" }),
    /one chemical system/,
  );
});

test("steps of a pipeline are fitted inside every training part", async () => {
  const pipeline = [{ step: "select", options: { keep: 1 } }];
  const one = await validateDataset(smallDataset(), { ...defaults, pipeline });
  const all = await validateDataset(smallDataset(), defaults);
  assert.notDeepEqual(one.metrics, all.metrics);
  assert.deepEqual(one.baseline, all.baseline);
});

test("a pipeline that fills gaps gets the rows with gaps, whatever the protocol; others do not", async () => {
  const gaps = smallDataset(rowsWith("test_temperature_C", (cell, row) => (row < 2 ? null : cell)));
  const pipeline = [{ step: "impute" }];
  for (const protocol of ["kfold", "cluster", "holdout"] as const) {
    const options = { ...defaults, protocol, clusters: 2, pipeline };
    const filled = await validateDataset(gaps, options);
    assert.equal(filled.rows, 12);
    assert.deepEqual(filled.process, ["test_temperature", "route"]);
    assert.ok(Number.isFinite(filled.metrics["rmse"].mean));
    for (const scores of Object.values(filled.baseline)) {
      assert.ok(Number.isFinite(scores["rmse"].mean));
    }
  }
  const process = ["test_temperature"];
  assert.equal((await validateDataset(gaps, { ...defaults, process })).rows, 10);
  const standardise = [{ step: "standardise" }];
  const other = await validateDataset(gaps, { ...defaults, process, pipeline: standardise });
  assert.equal(other.rows, 10);
});

test("a learning curve of numbers is the same with calibrated uncertainty, which few rows do not allow", async () => {
  const rows = [0, 1, 2].flatMap((k) =>
    rowsWith("strength_MPa", (value, i) => Number(value) + 7 * k + ((i * k) % 5)),
  );
  const dataset = smallDataset(rows);
  const options = { ...defaults, learningCurve: true };
  const plain = await validateDataset(dataset, options);
  const { learningCurve, metrics } = await validateDataset(dataset, {
    ...options,
    calibrate: true,
  });
  assert.deepEqual(learningCurve, plain.learningCurve);
  assert.deepEqual(metrics["rmse"], plain.metrics["rmse"]);
  assert.notDeepEqual(metrics["crps"], plain.metrics["crps"]);
});

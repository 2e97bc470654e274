import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, YstarError } from "../../core/errors.ts";
import { buildTable } from "../../data/build-table.ts";
import type { Cell } from "../../data/read/cells.ts";
import { createRng } from "../../core/rng.ts";
import { compareModels, type CompareOptions } from "./compare-models.ts";
import type { Dataset } from "../dataset.ts";
import { smallDataset } from "../fixtures/small-data.ts";
import { modelCard } from "./model-card.ts";
import { modelCardText } from "./model-card-text.ts";
import { tuneModel, type TuneOptions } from "./tune-model.ts";
import { validateDataset, type ValidateOptions } from "./validate-dataset.ts";

const defaults = {
  target: "strength",
  protocol: "kfold",
  groupBy: "system",
  repeats: 1,
  folds: 4,
  testFraction: 0.25,
  seed: 0,
} as const;

/** Invented ternaries, two rows of each, whose strength is a plane in Nb with noise; 8 papers, 9 years. */
function ternaries(): Dataset {
  const rng = createRng(1);
  const rows: Cell[][] = [];
  for (let i = 0; i < 48; i++) {
    const half = i >> 1;
    const nb = 5 + 2 * (half % 12);
    const ti = 20 + half;
    const year = i === 47 ? null : 2010 + (i % 9);
    rows.push([
      `Ti${ti}V${100 - ti - nb}Nb${nb}`,
      500 + 20 * nb + 10 * rng.normal(),
      `paper ${i % 8}`,
      year,
    ]);
  }
  const table = buildTable({
    source: "ternaries.csv",
    headers: ["formula", "strength_MPa", "source", "year"],
    rows,
    place: String,
    notes: [],
  });
  return { name: "ternaries.csv", table, sha256: "1".repeat(64) };
}

test("families are ranked with the baselines, the same twice, with the noise of replicates", async () => {
  const options: CompareOptions = { ...defaults, models: ["linear", "lasso"] };
  const result = await compareModels(ternaries(), options);
  const names = result.ranking.map(({ model }) => model);
  assert.deepEqual([...names].sort(), ["dummy", "k-nearest", "lasso", "linear"]);
  assert.equal(names.at(-1), "dummy");
  assert.equal(result.noiseFloor!.sets, 24);
  // 24 differences of two numbers with std 10: a relative spread of 1 / sqrt(48) = 14 %.
  assert.ok(Math.abs(result.noiseFloor!.pooledStd! - 10) < 5);
  assert.deepEqual(await compareModels(ternaries(), options), result);
});

test("a family that does not learn classes is left out with the reason", async () => {
  const result = await compareModels(smallDataset(), {
    ...defaults,
    target: "phase",
    folds: 2,
    models: ["lasso", "linear"],
  });
  assert.deepEqual(result.skipped, [{ model: "lasso", reason: "does not learn classes" }]);
});

test("rows are split by a column of sources, by clusters, and by years, the undated left out", async () => {
  const run = (extra: Partial<ValidateOptions>) =>
    validateDataset(ternaries(), { ...defaults, model: "linear", ...extra });
  const bySource = await run({ protocol: "grouped", groupBy: "source" });
  assert.match(bySource.protocolText, /rows of one source together/);
  assert.equal((await run({ protocol: "cluster", clusters: 3 })).rows, 48);
  const byYear = await run({ protocol: "chronological", time: "year" });
  assert.equal(byYear.rows, 47);
  assert.deepEqual(byYear.dropped, [{ reason: "year is missing", rows: 1 }]);
  const best = await run({ protocol: "extrapolation", best: "maximise" });
  assert.match(best.protocolText, /highest 25 %/);
});

test("options of the new protocols that do not fit are refused with the option", async () => {
  const cases: [Partial<ValidateOptions>, RegExp, RegExp][] = [
    [{ protocol: "grouped", groupBy: "sorce" }, /^--group-by$/, /sorce/],
    [{ protocol: "grouped", groupBy: "source", folds: 9 }, /^--folds$/, /8 values of source/],
    [{ protocol: "chronological" }, /^--time$/, /time of each row/],
    [{ protocol: "chronological", time: "yaer" }, /^--time$/, /yaer/],
    [{ protocol: "chronological", time: "formula" }, /column "formula"/, /no time/],
    [{ protocol: "chronological", time: "year", folds: 9 }, /^--folds$/, /8 times after the first/],
    [{ protocol: "cluster", clusters: 1 }, /^--clusters$/, /1 clusters/],
    [{ protocol: "extrapolation", testFraction: 0 }, /^--test$/, /0 is not a share/],
  ];
  for (const [options, path, says] of cases) {
    const run = validateDataset(ternaries(), { ...defaults, model: "linear", ...options });
    await assert.rejects(run, (error) => {
      assert.ok(error instanceof YstarError, String(error));
      assert.match(error.details.path ?? "", path, error.message);
      assert.match(error.message, says);
      return true;
    });
  }
});

test("the card of the best family says data, protocol, scores, calibration, validity and caveats", async () => {
  const dataset = ternaries();
  const options: CompareOptions = { ...defaults, models: ["linear"] };
  const comparison = await compareModels(dataset, options);
  const card = await modelCard(dataset, comparison, options, { tableHash: "2".repeat(64) });
  assert.equal(card.model.family, "linear");
  assert.deepEqual(Object.keys(card.baselines).sort(), ["dummy", "k-nearest"]);
  assert.deepEqual(JSON.parse(JSON.stringify(card)), card);
  assert.deepEqual(
    card.validity.elements.map(({ symbol, rows }) => [symbol, rows]),
    [
      ["Ti", 48],
      ["V", 48],
      ["Nb", 48],
    ],
  );
  assert.ok(Math.abs(card.validity.elements[2].most - 0.27) < 1e-12);
  assert.ok(card.calibration.calibrated!["coverage90"].mean > 0.7);
  const caveats = card.caveats.join("\n");
  assert.match(caveats, /itself a baseline/);
  assert.match(caveats, /split at random/);
  assert.match(caveats, /48 rows/);
  const text = modelCardText(card);
  for (const part of [
    /^# Model card: strength \(MPa\)/,
    /2{64}/,
    /1{64}/,
    /## Caveats/,
    /Ranked by rmse, the mean of the splits \(the table above pools their rows\)/,
    /Nb up to 27\.0 at%/,
  ]) {
    assert.match(text, part);
  }
});

test("tuning is judged outside of its choices, against the family's defaults", async () => {
  const options: TuneOptions = {
    ...defaults,
    model: "k-nearest",
    methods: ["random", "halving"],
    budget: 4,
    innerFolds: 2,
  };
  const result = await tuneModel(ternaries(), options);
  assert.deepEqual(result.outer.ranking.map(({ model }) => model).sort(), [
    "k-nearest, defaults",
    "k-nearest, halving",
    "k-nearest, random",
  ]);
  assert.deepEqual(Object.keys(result.tuning.options), ["neighbours", "weights"]);
  assert.ok(result.tuning.score <= result.tuning.defaultScore!);
  assert.deepEqual(await tuneModel(ternaries(), options), result);
  await assert.rejects(
    tuneModel(ternaries(), { ...options, model: "dummy" }),
    /no options to tune/,
  );
  await assert.rejects(
    tuneModel(ternaries(), { ...options, metric: "rocAuc" }),
    (error) => error instanceof InputError && /"rocAuc"/.test(error.message),
  );
});

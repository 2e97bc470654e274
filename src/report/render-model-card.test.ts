import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatasetModelCard } from "../campaign/judging/model-card.ts";
import { renderModelCard } from "./render-model-card.ts";

const hostile = `<script>alert("taken")</script>`;
const metric = (mean: number) => ({ mean, std: 0 });

const card: DatasetModelCard = {
  model: { family: "extra-trees", title: `Extra trees${hostile}` },
  target: { name: `strength${hostile}`, unit: "MPa", task: "regression", classes: [] },
  data: {
    source: `alloys${hostile}`,
    fileHash: "1".repeat(64),
    tableHash: "2".repeat(64),
    rows: 312,
    dropped: [{ reason: hostile, rows: 3 }],
    reference: hostile,
    license: hostile,
  },
  inputs: { features: ["fractions"], process: [hostile], columns: ["Al", "Ti"] },
  protocol: { text: "5 random folds", repeats: 1, splits: 5, seed: 7 },
  metrics: { rmse: metric(117), coverage90: metric(0.85), width90: metric(300), crps: metric(59) },
  baselines: { dummy: { rmse: metric(302) } },
  calibration: {
    points: [{ nominal: 0.9, observed: 0.85, count: 312 }],
    calibrated: { coverage90: metric(0.9), width90: metric(330), crps: metric(60) },
  },
  ranking: {
    metric: "rmse",
    method: "bootstrap",
    families: [
      { model: "extra-trees", score: 117, difference: null, isLikeBest: true },
      {
        model: hostile,
        score: 302,
        difference: { mean: 185, standardError: 20, low: 145, high: 225, pValue: 0.001 },
        isLikeBest: false,
      },
    ],
    skipped: [{ model: "lasso", reason: hostile }],
  },
  noiseFloor: {
    sets: 4,
    rows: 9,
    isEnough: true,
    pooledStd: 40,
    pooledStdError: 13,
    r2Ceiling: 0.95,
  },
  validity: {
    elements: [{ symbol: "Al", rows: 5, most: 0.3 }],
    elementCount: [2, 5],
    process: [
      { name: "route", words: [hostile] },
      { name: "test_temperature", unit: "degC", low: 20, high: 600 },
    ],
    target: [100, 2400],
  },
  caveats: [hostile],
};

test("the page of a model card says its figures, and texts from outside stay texts", () => {
  const page = renderModelCard(card);
  assert.ok(!page.includes("<script"));
  assert.equal(page, renderModelCard(card));
  for (const part of ["312", "2222", "1111", "Coverage at 90 %", "extra-trees", "5 random folds"]) {
    assert.ok(page.includes(part), part);
  }
});

test("a card without replicates, other families and calibration has a page too", () => {
  const page = renderModelCard({
    ...card,
    noiseFloor: null,
    calibration: { points: [], calibrated: null },
    ranking: { ...card.ranking, families: card.ranking.families.slice(0, 1), skipped: [] },
    caveats: [],
  });
  assert.ok(page.includes("the noise is not known"));
  assert.ok(!page.includes("NaN"));
});

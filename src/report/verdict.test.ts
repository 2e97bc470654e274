import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleResult } from "../../test/reference/sample-result.ts";
import type { ModelCard } from "../campaign/contract.ts";
import { modelVerdict } from "./verdict.ts";

const [model] = sampleResult().models;
const wordsOf = (card: ModelCard): string =>
  modelVerdict(card)
    .sentences.join(" ")
    .replaceAll(/[\u2009\u202f]/g, " ");

test("a clear gain over a baseline is said with its size and both figures", () => {
  const words = wordsOf(model);
  assert.match(words, /Better than the linear baseline by 28 %: RMSE 243 against 338 MPa\./);
  assert.match(words, /Better than always guessing the mean by 46 %/);
  assert.equal(modelVerdict(model).tone, "good");
});

test("a gain inside the spread is no gain, and a loss is named", () => {
  const even = { ...model, baseline: { linear: { rmse: { mean: 250, std: 10 } } } };
  assert.match(wordsOf(even), /No clear difference from the linear baseline/);
  assert.equal(modelVerdict(even).tone, "fair");
  const worse = { ...model, baseline: { linear: { rmse: { mean: 150, std: 2 } } } };
  assert.match(wordsOf(worse), /Worse than the linear baseline/);
  assert.equal(modelVerdict(worse).tone, "poor");
});

test("intervals that hold too little are called too small", () => {
  const bold = { ...model, calibration: [{ nominal: 0.9, observed: 0.6, count: 100 }] };
  assert.match(wordsOf(bold), /90 % intervals hold 60 % .* too small/);
  const shy = { ...model, calibration: [{ nominal: 0.9, observed: 0.99, count: 100 }] };
  assert.match(wordsOf(shy), /cautious/);
});

test("a model without tests says so", () => {
  const untested = { ...model, metrics: {}, baseline: {}, calibration: [] };
  assert.match(wordsOf(untested), /not tested/);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRng } from "../../core/rng.ts";
import { effectiveSize, nextExponent, normaliseLog, resample } from "./tempering.ts";

describe("tempering", () => {
  it("normalises weights whose logarithms are beyond the numbers", () => {
    const { weights, logMean } = normaliseLog([-1000, -1000 + Math.log(3)]);
    assert.ok(Math.abs(weights[0] - 0.25) < 1e-12);
    assert.ok(Math.abs(logMean - (-1000 + Math.log(2))) < 1e-9);
  });

  it("counts equal weights fully and a single weight as one", () => {
    assert.equal(effectiveSize([0.25, 0.25, 0.25, 0.25]), 4);
    assert.equal(effectiveSize([0, 1, 0]), 1);
  });

  it("takes the step that leaves the wished share effective", () => {
    const rng = createRng(1);
    const heights = Float64Array.from({ length: 2000 }, () => -50 * rng.uniform());
    const next = nextExponent(heights, 0.01, 0.7);
    const { weights } = normaliseLog(heights.map((value) => (next - 0.01) * value));
    assert.ok(Math.abs(effectiveSize(weights) / 2000 - 0.7) < 0.01);
    assert.equal(nextExponent(heights, 0.999, 0.7), 1);
    assert.ok(
      nextExponent(
        heights.map((value) => 1e30 * value),
        0,
        0.7,
      ) > 0,
    );
  });

  it("resamples every index as often as its weight says, rounded up or down", () => {
    const weights = Float64Array.of(0.31, 0, 0.11, 0.58);
    const counts = [0, 0, 0, 0];
    for (const i of resample(weights, 1000, createRng(2))) counts[i]++;
    weights.forEach((weight, i) => assert.ok(Math.abs(counts[i] - 1000 * weight) <= 1));
  });
});

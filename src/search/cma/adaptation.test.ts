import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRng } from "../../core/rng.ts";
import { constantsOf, createAdaptation } from "./adaptation.ts";

describe("covariance matrix adaptation", () => {
  it("weighs draws as the reference program says it does", () => {
    // First lines that pycma prints: (5_w,10)-aCMA-ES (mu_w=3.2,w_1=45%) in dimension 10, and others; it
    // cuts the share off.
    for (const [n, size, parents, mass, first] of [
      [4, 8, 4, 2.6, 52],
      [6, 9, 4, 2.8, 49],
      [10, 10, 5, 3.2, 45],
      [101, 16, 8, 4.8, 32],
      [9, 60, 30, 16.6, 12],
    ]) {
      const constants = constantsOf(n, size);
      assert.equal(constants.parents, parents);
      assert.equal(Math.round(10 * constants.mass) / 10, mass);
      assert.equal(Math.floor(100 * constants.weights[0]), first);
      let positive = 0;
      for (const w of constants.weights) positive += Math.max(0, w);
      assert.ok(Math.abs(positive - 1) < 1e-12);
      // Variance is neither lost nor gained by weights below zero alone.
      assert.ok(constants.rankOne + constants.rankMu <= 1);
    }
  });

  it("converges on an ellipsoid and learns the ratio of its axes", () => {
    const curvature = [1, 10, 100, 1000, 10000];
    const start = new Float64Array(5).fill(0.7);
    const adaptation = createAdaptation(start, 0.3, 8);
    const rng = createRng(1);
    const value = (x: Float64Array): number =>
      x.reduce((sum, xk, k) => sum + curvature[k] * xk * xk, 0);
    let best = Number.POSITIVE_INFINITY;
    let generations = 0;
    for (; best > 1e-10 && generations < 1000; generations++) {
      const points = adaptation.draw(rng).sort((a, b) => value(a) - value(b));
      best = Math.min(best, value(points[0]));
      adaptation.tell(points);
    }
    assert.ok(best <= 1e-10, `${best} after ${generations} generations`);
    // The covariance becomes the inverse of the curvature: 10,000 within the noise of its estimate.
    const ratio = adaptation.condition();
    assert.ok(ratio > 1e3 && ratio < 1e5, `${ratio}`);
    assert.ok(adaptation.largestStd() < 1e-4);
  });
});

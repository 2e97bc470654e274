import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { freeSpace, unitBox } from "../fixtures/spaces.ts";
import type { Posterior } from "./contract.ts";
import { findModes } from "./modes.ts";

/** A sample of this log-likelihood: uniform draws with its weights. */
function sampleOf(
  space: SearchSpace,
  n: number,
  height: (row: Float64Array) => number,
): { posterior: Posterior; judge: (rows: Matrix) => Promise<Float64Array> } {
  const rows = space.sample(n, createRng("sample"));
  const heights = (of: Matrix): Float64Array =>
    Float64Array.from({ length: of.rows }, (_, i) => height(rowOf(of, i)));
  const logLikelihood = heights(rows);
  const raw = logLikelihood.map(Math.exp);
  const total = raw.reduce((sum, w) => sum + w, 0);
  return {
    posterior: {
      rows,
      logLikelihood,
      weights: raw.map((w) => w / total),
      predictions: [],
      prior: matrix(0, space.dimension),
      method: "enumeration",
      ancestorOf: Int32Array.from(rows.data.subarray(0, n).keys()),
      evaluated: n,
      logEvidence: 0,
      temperatures: [],
      ancestors: n,
      moves: [],
    },
    judge: (of) => Promise.resolve(heights(of)),
  };
}

const square = await unitBox(2);
const hill =
  (x: number, y: number, std: number) =>
  (row: Float64Array): number =>
    (-0.5 * ((row[0] - x) * (row[0] - x) + (row[1] - y) * (row[1] - y))) / (std * std);

describe("modes", () => {
  it("are one for each hill, with its share and spread", async () => {
    const hills = [hill(0.25, 0.3, 0.05), hill(0.75, 0.6, 0.05)];
    // The second hill is e times as high, so it holds e / (1 + e) of the probability.
    const { posterior, judge } = sampleOf(square, 3000, (row) =>
      Math.log(Math.exp(hills[0](row)) + Math.exp(1 + hills[1](row)) + 1e-12),
    );
    const modes = await findModes(posterior, square, judge);
    assert.equal(modes.length, 2);
    assert.ok(Math.abs(modes[0].weight - Math.E / (1 + Math.E)) < 0.05);
    assert.ok(Math.abs(modes[0].representative[0] - 0.75) < 0.03);
    const [x] = modes[1].spread;
    assert.ok(
      Math.abs(x.mean - 0.25) < 0.02 && Math.abs(x.std - 0.05) < 0.01,
      `${x.mean} ${x.std}`,
    );
    // 1.645 standard deviations hold the central 90 %.
    assert.ok(Math.abs(x.high - x.low - 2 * 1.645 * 0.05) < 0.04);
  });

  it("join where the valley between two hills is shallow, and stay apart where it is deep", async () => {
    const two = (std: number) => (row: Float64Array) =>
      Math.log(Math.exp(hill(0.4, 0.5, std)(row)) + Math.exp(hill(0.6, 0.5, std)(row)) + 1e-12);
    // In the middle both are 0.1 away: log 2 - 0.5 for a width of 0.1, log 2 - 8 for a width of 0.025.
    const shallow = sampleOf(square, 2000, two(0.1));
    assert.equal((await findModes(shallow.posterior, square, shallow.judge)).length, 1);
    const deep = sampleOf(square, 8000, two(0.025));
    assert.equal((await findModes(deep.posterior, square, deep.judge)).length, 2);
  });

  it("are one along a bent ridge", async () => {
    const { posterior, judge } = sampleOf(square, 4000, (row) => {
      const radius = Math.hypot(row[0] - 0.5, row[1] - 0.5);
      return (-0.5 * (radius - 0.35) * (radius - 0.35)) / (0.02 * 0.02);
    });
    const modes = await findModes(posterior, square, judge);
    assert.equal(modes.length, 1);
    assert.ok(modes[0].weight > 0.99);
  });

  it("join categories that make no difference, with their shares, and part those that do", async () => {
    const space = await freeSpace([
      { kind: "continuous", name: "x", unit: "K", min: 0, max: 1 },
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
    ]);
    const at = (place: number, x: number): number =>
      (-0.5 * (x - place) * (x - place)) / (0.05 * 0.05);
    const alike = [0, Math.log(3), -9];
    const one = sampleOf(space, 3000, (row) => alike[row[1]] + at(0.5, row[0]));
    const [joined, ...none] = await findModes(one.posterior, space, one.judge);
    assert.equal(none.length, 0);
    assert.equal(joined.spread[0].unit, "K");
    const { cast, wrought, printed } = joined.spread[1].shares!;
    assert.ok(Math.abs(wrought - 0.75) < 0.05 && Math.abs(cast - 0.25) < 0.05);
    assert.ok((printed ?? 0) < 0.001);

    const places = [0.2, 0.8, 0.5];
    const two = sampleOf(space, 3000, (row) => alike[row[1]] + at(places[row[1]], row[0]));
    const modes = await findModes(two.posterior, space, two.judge);
    // The third, at the middle, holds less than 1 % and is left out.
    assert.equal(modes.length, 2);
    assert.ok(Math.abs(modes[0].weight - 0.75) < 0.05);
    assert.ok(modes[0].spread[1].shares!["wrought"] > 0.999);
  });
});

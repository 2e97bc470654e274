import assert from "node:assert/strict";
import { describe, it } from "node:test";
import expected from "../../../test/reference/yeo-johnson.json" with { type: "json" };
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { fitWarpedBelief } from "./fit-warped-belief.ts";
import { powerWarp } from "./warp.ts";

/** Median 0 and a median absolute deviation of 1 / 1.4826: the warp then counts in units of 1. */
const unit = Float64Array.of(-1 / 1.4826, 0, 1 / 1.4826);

describe("power warps", () => {
  for (const [power, warped] of Object.entries(expected.warped)) {
    const warp = powerWarp(unit, Number(power), 1);

    it(`${power}: has scipy's values, and the way back`, () => {
      expected.values.forEach((value, k) => {
        const size = Math.max(1, Math.abs(warped[k]));
        assert.ok(Math.abs(warp.to(value) - warped[k]) < 1e-12 * size);
        assert.ok(Math.abs(warp.from(warped[k]) - value) < 1e-9 * Math.max(1, Math.abs(value)));
      });
    });

    it(`${power}: has the slope that differences give`, () => {
      for (const value of expected.values) {
        const h = 1e-5 * Math.max(1, Math.abs(value));
        const difference = (warp.to(value + h) - warp.to(value - h)) / (2 * h);
        assert.ok(Math.abs(warp.slope(value) / difference - 1) < 1e-4);
      }
    });
  }
});

describe("fitting on the scale that suits", async () => {
  const space = await unitBox(2);
  const rows = space.sample(40, createRng("rows"));
  const fit = (f: (a: number, b: number) => number) =>
    fitWarpedBelief(
      space.columns,
      rows,
      Float64Array.from({ length: 40 }, (_, i) => f(rowOf(rows, i)[0], rowOf(rows, i)[1])),
      { rng: createRng(1) },
    );

  it("shortens the tail of the exponential of a smooth function, upper or lower", async () => {
    const smooth = (a: number, b: number): number => 4 * Math.sin(3 * a) + 3 * Math.cos(4 * b);
    assert.ok((await fit((a, b) => Math.exp(smooth(a, b)))).warp.power < 1);
    assert.ok((await fit((a, b) => -Math.exp(smooth(a, b)))).warp.power > 1);
  });

  it("leaves a smooth function and a constant as they are", async () => {
    assert.equal((await fit((a, b) => Math.sin(3 * a) + b * b)).warp.power, 1);
    assert.equal((await fit(() => 3)).warp.power, 1);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { fitBelief } from "./fit-belief.ts";
import { fitSmoothBelief } from "./fit-smooth-belief.ts";
import { fitWarpedBelief } from "./fit-warped-belief.ts";

const { columns } = await unitBox(1);
const line = (n: number): Matrix =>
  matrix(
    n,
    1,
    Float64Array.from({ length: n }, (_, i) => i / (n - 1)),
  );
const rows = line(15);
const smooth = (t: number): number => Math.sin(7 * t) + t * t;
const kinked = (t: number): number => Math.abs(t - 0.31) + Math.abs(2 * t - 1.3);

describe("the correlation of a belief", () => {
  it("is the squared exponential for a smooth outcome, which it then foresees better", async () => {
    const values = rows.data.map(smooth);
    const chosen = await fitSmoothBelief(columns, rows, values, { rng: createRng(1) });
    const plain = await fitBelief(columns, rows, values, { rng: createRng(1) });
    assert.equal(chosen.belief.summary["correlation"], "rbf");
    const between = line(200);
    const worst = (belief: typeof plain.belief): number =>
      Math.max(
        ...belief.marginal(between).mean.map((m, i) => Math.abs(m - smooth(between.data[i]))),
      );
    assert.ok(worst(chosen.belief) < worst(plain.belief));
  });

  it("is Matern-5/2 for an outcome with kinks", async () => {
    const values = rows.data.map(kinked);
    const { belief } = await fitSmoothBelief(columns, rows, values, { rng: createRng(1) });
    assert.equal(belief.summary["correlation"], "matern-5/2");
  });

  it("is chosen on the scale that the values are believed on", async () => {
    const values = rows.data.map((t) => Math.exp(3 * smooth(t)));
    const { belief, warp } = await fitWarpedBelief(columns, rows, values, { rng: createRng(1) });
    assert.ok(warp.power < 1);
    assert.equal(belief.summary["correlation"], "rbf");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRng } from "../../../core/rng.ts";
import { aim, assertSmooth, bestRows, waves } from "../../fixtures/acquisition-context.ts";
import { parego } from "./parego.ts";

const goals = [aim("minimise"), aim("maximise"), aim("match", 0.2, 0.4)];

describe("parego", () => {
  it("has the gradient of central differences", () => {
    assertSmooth(parego.create(waves(goals.slice(0, 2))));
    assertSmooth(parego.create(waves([...goals, aim("range", 0, 1)])));
  });

  it("draws other weights for every stream, the same for the same", () => {
    const { rows } = waves(goals);
    const [one, same, other] = ["a", "a", "b"].map((seed) =>
      parego.create(waves(goals, { rng: createRng(seed) })).values(rows),
    );
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
  });

  it("expects no improvement beyond its smoothing from designs that are known", () => {
    const context = waves(goals.slice(0, 2), { noiseStd: 1e-5 });
    const acquisition = parego.create(context);
    const most = Math.log(1e-3 * (Math.LN2 + 0.1));
    for (const value of acquisition.values(context.rows)) assert.ok(value < most + 0.01);
    assert.ok(acquisition.values(bestRows(acquisition, 1))[0] > most + 1);
  });

  it("asks for the chance to meet the requirements alone as long as nothing does", () => {
    const context = waves([...goals.slice(0, 2), aim("range", 50, 60)]);
    const acquisition = parego.create(context);
    const rows = bestRows(acquisition, 5);
    const { mean, std } = context.beliefs[2].marginal(rows);
    acquisition.values(rows).forEach((value, i) => {
      // For a far range the logarithm of the chance is close to half the squared distance in stds.
      const z = (50 - mean[i]) / std[i];
      assert.ok(Math.abs(value / (-z * z) - 0.5) < 0.05);
    });
  });

  it("refuses one objective", () => {
    assert.throws(() => parego.create(waves(goals.slice(0, 1))), { code: "unsupported" });
  });
});

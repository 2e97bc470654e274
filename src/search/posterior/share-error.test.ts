import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { moonProblem, moonWeights, signsOf } from "../fixtures/moons.ts";
import { samplePosterior } from "./sample-posterior.ts";
import { shareError } from "./share-error.ts";

describe("standard error of a share", () => {
  const method = "sequential Monte Carlo";
  const weights = new Float64Array(100).fill(0.01);

  it("is that of a binomial count where no two designs are relatives", () => {
    const ancestorOf = Int32Array.from(weights.keys());
    const error = shareError({ weights, ancestorOf, method }, ancestorOf.subarray(0, 30));
    assert.ok(Math.abs(error - Math.sqrt((0.3 * 0.7) / 100)) < 1e-12, `${error}`);
  });

  it("is that of as many observations as there are ancestors where relatives go together", () => {
    const ancestorOf = Int32Array.from(weights.keys(), (i) => Math.floor(i / 10));
    const members = Int32Array.from({ length: 30 }, (_, i) => i);
    const error = shareError({ weights, ancestorOf, method }, members);
    assert.ok(Math.abs(error - Math.sqrt((0.3 * 0.7) / 10)) < 1e-12, `${error}`);
  });

  it("is nothing for all designs, and where the space was gone through", () => {
    const ancestorOf = Int32Array.from(weights.keys());
    assert.ok(shareError({ weights, ancestorOf, method }, ancestorOf) < 1e-12);
    const listed = { weights, ancestorOf, method: "enumeration" } as const;
    assert.equal(shareError(listed, ancestorOf.subarray(0, 30)), 0);
  });

  it("is about how far shares of known weights are off, with the default number of particles", async () => {
    const problem = await moonProblem();
    const seeds = 12;
    let expected = 0;
    let found = 0;
    for (let seed = 101; seed <= 100 + seeds; seed++) {
      const posterior = await samplePosterior(
        problem,
        { rng: createRng(seed) },
        { tolerance: 0.001 },
      );
      for (const { signs, weight } of moonWeights) {
        const members = Int32Array.from(posterior.weights.keys()).filter(
          (i) => signsOf(rowOf(posterior.rows, i)) === signs,
        );
        const share = members.reduce((sum, i) => sum + posterior.weights[i], 0);
        expected += shareError(posterior, members) ** 2;
        found += (share - weight) * (share - weight);
      }
    }
    // The mean square of some 36 independent errors is within a factor of two of its expectation, but for 1 in 1000.
    assert.ok(found < 2 * expected && expected < 2 * found, `${found} ${expected}`);
  });
});

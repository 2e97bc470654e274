import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../../core/matrix.ts";
import { aim, bestRows, waves } from "../../fixtures/acquisition-context.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { believedFront, expectedHypervolume } from "./ehvi.ts";
import { hypervolumeGain } from "./hypervolume-gain.ts";
import { lossesOf } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";

const three = [aim("minimise"), aim("maximise"), aim("match", 0.2, 0.4)];

describe("hypervolumeGain", () => {
  it("expects what the acquisition function expects, and exploits what the means would add", () => {
    for (const goals of [three.slice(0, 2), three]) {
      const context = waves(goals, { measured: 8 });
      const acquisition = expectedHypervolume.create(context);
      const rows = bestRows(acquisition, 4);
      const losses = lossesOf("test", goals, { min: 1, max: 9 });
      const { means, front } = believedFront(context, losses);
      const reference = referencePoint(losses, means);
      acquisition.values(rows).forEach((log, i) => {
        const one = matrix(1, 2, rowOf(rows, i));
        const { expectedGain, exploit } = hypervolumeGain(context, one);
        assert.ok(Math.abs(expectedGain / Math.exp(log) - 1) < 1e-9);
        const own = losses.map(({ goal, of }) => of(context.beliefs[goal].marginal(one).mean[0]));
        const grown = matrix(front.rows + 1, goals.length, Float64Array.of(...front.data, ...own));
        const added = hypervolume(grown, reference) - hypervolume(front, reference);
        // A mean inside the range to match can promise more than is expected, which is then all there is.
        assert.ok(Math.abs(exploit - Math.min(added, expectedGain)) < 1e-6 * (1 + added));
      });
    }
  });
});

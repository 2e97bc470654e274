import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { aim, assertSmooth, bestRows, waves } from "../../fixtures/acquisition-context.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import type { AcquisitionContext } from "../contract.ts";
import { believedFront, expectedHypervolume } from "./ehvi.ts";
import { lossesOf } from "./losses.ts";
import { referencePoint } from "./reference-point.ts";

const any = { min: 1, max: 9 };
const three = [aim("minimise"), aim("maximise"), aim("match", 0.2, 0.4)];

/** Draws of the outcomes at a row, their losses, and the mean volume that they add. */
function meanGain(context: AcquisitionContext, row: Float64Array, draws: number): number {
  const losses = lossesOf("test", context.goals, any);
  const { means, front } = believedFront(context, losses);
  const reference = referencePoint(losses, means);
  const before = hypervolume(front, reference);
  const rng = createRng("draws");
  const m = losses.length;
  const outcomes = losses.map(({ goal }) => context.beliefs[goal].slope(row));
  let sum = 0;
  for (let s = 0; s < draws; s++) {
    const drawn = losses.map(({ of }, k) => of(outcomes[k].mean + outcomes[k].std * rng.normal()));
    const grown: Matrix = matrix(front.rows + 1, m, Float64Array.of(...front.data, ...drawn));
    sum += hypervolume(grown, reference) - before;
  }
  return sum / draws;
}

describe("expectedHypervolume", () => {
  it("is the mean of the added volume over draws of the outcomes", () => {
    for (const goals of [three.slice(0, 2), three]) {
      const context = waves(goals, { measured: 6 });
      const acquisition = expectedHypervolume.create(context);
      const rows = bestRows(acquisition, 3);
      const logs = acquisition.values(rows);
      logs.forEach((log, i) => {
        // The standard error of the mean of 20,000 draws is about 2 % where the gain is largest.
        const drawn = meanGain(context, rowOf(rows, i), 20_000);
        assert.ok(Math.abs(Math.exp(log) / drawn - 1) < 0.08, `${Math.exp(log)} ${drawn}`);
      });
    }
  });

  it("has the gradient of central differences, with requirements and a chance to be made", () => {
    assertSmooth(expectedHypervolume.create(waves(three.slice(0, 2))));
    assertSmooth(expectedHypervolume.create(waves(three)));
    const limited = [
      aim("minimise", -1.5, 1.2),
      aim("maximise", 0),
      aim("range", 0, 1),
      aim("class", 0.5),
    ];
    const feasibility: AcquisitionContext["feasibility"] = {
      probability: (rows) =>
        Float64Array.from({ length: rows.rows }, (_, i) => Math.exp(-rowOf(rows, i)[0])),
      slope: (row) => ({ logProbability: -row[0], gradient: Float64Array.of(-1, 0) }),
    };
    assertSmooth(expectedHypervolume.create(waves(limited, { feasibility })));
    assertSmooth(expectedHypervolume.create(waves(three, { exploration: 0.8 })));
  });

  it("counts from the worst acceptable values, and for nothing beyond them", () => {
    const context = waves([aim("minimise", null, -5), aim("minimise", null, -5)]);
    const free = waves([aim("minimise"), aim("minimise")]);
    const row = matrix(1, 2, Float64Array.of(0.3, 0.8));
    const [strict, easy] = [context, free].map(
      (one) => expectedHypervolume.create(one).values(row)[0],
    );
    // Both outcomes lie between -2 and 2, 3 standard deviations or more from -5.
    assert.ok(strict < easy - 5);
  });

  it("asks for what looks best without exploration, and for what is uncertain with nothing else", () => {
    const goals = three.slice(0, 2);
    const rows = matrix(200, 2);
    const rng = createRng("rows");
    for (let k = 0; k < rows.data.length; k++) rows.data[k] = rng.uniform();
    const context = waves(goals, { measured: 6 });
    const spread = (exploration: number): number => {
      const values = expectedHypervolume.create({ ...context, exploration }).values(rows);
      const best = values.indexOf(Math.max(...values));
      return context.beliefs.reduce((sum, belief) => sum + belief.marginal(rows).std[best], 0);
    };
    assert.ok(spread(0) < spread(1));
  });

  it("refuses one objective and four, and options it does not know", () => {
    for (const count of [1, 4]) {
      const goals = Array.from({ length: count }, () => aim("minimise"));
      assert.throws(() => expectedHypervolume.create(waves(goals)), { code: "unsupported" });
    }
    const nonsense = { nonsense: 1 };
    assert.throws(() => expectedHypervolume.create(waves(three), nonsense), { code: "input" });
  });
});

describe("referencePoint", () => {
  const losses = lossesOf("test", [aim("minimise"), aim("maximise", 3)], any);

  it("lies a tenth of the front's range beyond its worst values, unless the goal names it", () => {
    const values = matrix(3, 2, Float64Array.of(0, -1, 10, -4, 20, -2));
    assert.deepEqual([...referencePoint(losses, values)], [11, -3]);
  });

  it("falls back on the range of all rows, then on the outcome's scale", () => {
    const one = matrix(2, 2, Float64Array.of(0, -4, 20, -2));
    assert.equal(referencePoint(losses, one)[0], 2);
    assert.equal(referencePoint(losses, matrix(1, 2, Float64Array.of(5, 0)))[0], 5.1);
    assert.equal(referencePoint(losses, matrix(0, 2))[0], 0);
  });
});

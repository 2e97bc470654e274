import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { FitInput } from "../contract.ts";
import { fitLinear } from "../linear/linear.ts";
import { fitStack } from "./stack.ts";
import { leastSquaresWeights, likelihoodWeights } from "./weights.ts";

const task = { kind: "regression" } as const;
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** A plane with even noise of std 1. */
function plane(n: number, seed: number): FitInput & { y: Float64Array } {
  const rng = createRng(seed);
  const x = matrix(n, 2);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) => {
    return 5 + 3 * x.data[2 * i] - 2 * x.data[2 * i + 1] + rng.normal();
  });
  return { x, y, task, rng: createRng(seed) };
}

describe("weights of members", () => {
  it("of the least squared error are no worse than any other weights on a grid", () => {
    const list = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 3, maxLength: 3 }), list, (members, target) => {
        const predictions = members.map((values) => Float64Array.from(values));
        const y = Float64Array.from(target);
        const error = (w: ArrayLike<number>): number =>
          sum(y.map((v, i) => (v - sum(predictions.map((p, k) => w[k] * p[i]))) ** 2));
        const weights = leastSquaresWeights(predictions, y);
        assert.ok(weights.every((w) => w >= 0));
        assert.ok(Math.abs(sum(weights) - 1) < 1e-9);
        const best = error(weights);
        for (let a = 0; a <= 10; a++) {
          for (let b = 0; a + b <= 10; b++) {
            const other = error([a / 10, b / 10, (10 - a - b) / 10]);
            assert.ok(best <= other + 1e-6 * (1 + other));
          }
        }
      }),
    );
  });

  it("of the highest likelihood are those of a two-member mixture, found by hand", () => {
    // Member 1 gives the right class 0.9 in three rows and 0.1 in one; member 2 always 0.5. The likelihood
    // (0.5 + 0.4 w)^3 (0.5 - 0.4 w) is highest where 3 (0.5 - 0.4 w) = 0.5 + 0.4 w: w = 0.625.
    const labels = Float64Array.of(0, 0, 0, 1);
    const one = matrix(4, 2, Float64Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1));
    const two = matrix(4, 2, new Float64Array(8).fill(0.5));
    const [w] = likelihoodWeights([one, two], labels);
    assert.ok(Math.abs(w - 0.625) < 1e-3, `${w}`);
  });
});

describe("a stack", () => {
  it("of one member is that member", async () => {
    const input = plane(80, 1);
    const { mean } = (await fitStack(input, { members: [{ family: "linear" }] })).predict(input.x);
    assert.deepEqual(mean, (await fitLinear(input)).predict(input.x).mean);
  });

  it("of given weights is the weighted mean of its members, learned from all rows", async () => {
    const input = plane(80, 7);
    const members = [{ family: "linear" }, { family: "k-nearest" }] as const;
    const alone = await Promise.all(members.map((one) => fitStack(input, { members: [one] })));
    const { mean } = (await fitStack(input, { members, weights: [3, 1] })).predict(input.x);
    const [plain, near] = alone.map((one) => one.predict(input.x).mean.data);
    mean.data.forEach((value, i) => {
      assert.ok(
        Math.abs(value - (0.75 * plain[i] + 0.25 * near[i])) < 1e-12 * Math.abs(value) + 1e-12,
      );
    });
    for (const weights of [[1], [1, -1], [0, 0], [1, Number.NaN]]) {
      await assert.rejects(
        fitStack(input, { members, weights }),
        /expected weights to be 2 numbers/,
      );
    }
  });

  it("gives nearly all weight to the member that is right", async () => {
    const input = plane(200, 2);
    const members = [{ family: "linear" }, { family: "k-nearest" }] as const;
    const { summary } = await fitStack(input, { members });
    const weight = Number(/linear ([\d.]+)/.exec(String(summary["weights"]))![1]);
    assert.ok(weight > 0.8, String(summary["weights"]));
  });

  it("has intervals that hold new rows as often as they should", async () => {
    const members = [{ family: "linear" }, { family: "k-nearest" }] as const;
    const fitted = await fitStack(plane(300, 3), { members });
    const test = plane(1000, 4);
    const { mean, epistemicStd, aleatoricStd } = fitted.predict(test.x);
    const inside = test.y.filter((value, i) => {
      const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
      return Math.abs(value - mean.data[i]) <= 1.645 * std;
    }).length;
    // Nominal 90 %; the factor comes from 300 rows (std 1.7 %), the count from 1,000 (std 0.9 %).
    assert.ok(inside > 840 && inside < 960, `${inside} of 1000`);
  });

  it("keeps rows of one group together when it judges its members", async () => {
    // Twelve groups with a level of their own: to a neighbour search, relatives give the level away.
    const rng = createRng(5);
    const n = 120;
    const groups = Array.from({ length: n }, (_, i) => `group ${i % 12}`);
    const level = Array.from({ length: 12 }, () => 5 * rng.normal());
    const x = matrix(
      n,
      1,
      Float64Array.from({ length: n }, (_, i) => (i % 12) + 1e-3 * rng.normal()),
    );
    const y = Float64Array.from({ length: n }, (_, i) => level[i % 12] + 0.1 * rng.normal());
    const members = [{ family: "linear" }, { family: "k-nearest" }] as const;
    const weightOfNeighbours = async (input: FitInput): Promise<number> => {
      const { summary } = await fitStack(input, { members });
      return Number(/k-nearest ([\d.]+)/.exec(String(summary["weights"]))?.[1] ?? 0);
    };
    const input = { x, y, task, rng };
    assert.ok((await weightOfNeighbours(input)) > 0.95);
    assert.ok((await weightOfNeighbours({ ...input, groups })) < 0.7);
  });

  it("refuses members that are none or do not learn the task, by their place", async () => {
    const input = plane(30, 6);
    const fit = (members: unknown) => fitStack(input, { members } as never);
    await assert.rejects(fit([{ family: "extra-tree" }]), /"extra-tree" cannot be a member/);
    await assert.rejects(fit([]), /list of families/);
    const classes: FitInput = {
      ...input,
      y: input.y.map((v) => (v > 5 ? 1 : 0)),
      task: { kind: "classification", classes: ["no", "yes"] },
    };
    await assert.rejects(fitStack(classes, { members: [{ family: "quantile-forest" }] }), {
      message: /quantile-forest does not learn classification/,
    });
  });

  it("judges forests of few rows by a hundred trees, and keeps them as large as asked", async () => {
    const stackOfTrees = (n: number, trees: number) =>
      fitStack(plane(n, 4), {
        members: [
          { family: "extra-trees", options: { trees, minLeaf: 5 } },
          { family: "k-nearest" },
        ],
        folds: 2,
      });
    const [hundred, more] = [await stackOfTrees(60, 100), await stackOfTrees(60, 130)];
    assert.equal(more.summary["weights"], hundred.summary["weights"]);
    assert.equal(more.summary["spreadFactor"], hundred.summary["spreadFactor"]);
    const [one, other] = [await stackOfTrees(520, 100), await stackOfTrees(520, 130)];
    assert.notEqual(one.summary["spreadFactor"], other.summary["spreadFactor"]);
  });
});

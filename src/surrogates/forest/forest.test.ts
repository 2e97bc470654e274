import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { relativeDifference, surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { joinTrees, leafOf } from "./forest.ts";
import { TreeGrower } from "./grow-tree.ts";
import type { ForestOptions } from "./options.ts";
import { fitRandomForest } from "./random-forest.ts";
import { trainingSet } from "./training-set.ts";

const reference = surrogateValues.trees;
const x = matrix(120, 3, Float64Array.from(reference.x));
const rows = Float64Array.from(reference.rows);
const weight = Float64Array.from(reference.weight);

function growAndPredict(
  target: number[],
  outputs: number,
  maxDepth: number,
  minLeaf: number,
): number[] {
  const set = trainingSet(x, Float64Array.from(target), outputs);
  const grower = new TreeGrower(set, { maxFeatures: 3, minLeaf, maxDepth });
  const forest = joinTrees([grower.grow(weight, createRng(1))], 3, outputs);
  return Array.from({ length: 40 }, (_, i) => leafOf(forest, 0, rows, 3 * i)).flatMap((leaf) => [
    ...forest.leafMean.subarray(leaf * outputs, (leaf + 1) * outputs),
  ]);
}

describe("a tree over all inputs", () => {
  for (const [maxDepth, minLeaf] of [
    [1, 1],
    [3, 1],
    [4, 6],
  ] as const) {
    const expected = reference[`depth${maxDepth}leaf${minLeaf}` as "depth1leaf1"];
    it(`splits as scikit-learn's does (depth ${maxDepth}, leaves of ${minLeaf})`, () => {
      const classes = growAndPredict(reference.labels, 3, maxDepth, minLeaf);
      assert.ok(relativeDifference(classes, expected.classes) < 1e-12);
      const numbers = growAndPredict(reference.y, 1, maxDepth, minLeaf);
      assert.ok(relativeDifference(numbers, expected.numbers) < 1e-12);
    });
  }

  it("fully grown repeats its training rows, with any values, ties and classes", () => {
    const cell = fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const row = fc.tuple(cell, cell, cell, fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        (data, maxFeatures) => {
          // The first row of equal inputs gives the target, so that a tree can tell all of them.
          const known = new Map<string, number>();
          const target = data.map(([a, b, c, label]) => {
            const key = `${a + 0} ${b + 0} ${c + 0}`;
            if (!known.has(key)) known.set(key, label);
            return known.get(key)!;
          });
          const inputs = matrix(
            data.length,
            3,
            Float64Array.from(data.flatMap(([a, b, c]) => [a, b, c])),
          );
          for (const outputs of [1, 2, 3]) {
            const labels = Float64Array.from(target, (label) =>
              Math.min(label, Math.max(1, outputs - 1)),
            );
            const grower = new TreeGrower(trainingSet(inputs, labels, outputs), {
              maxFeatures,
              minLeaf: 1,
              maxDepth: Number.POSITIVE_INFINITY,
            });
            const tree = grower.grow(new Float64Array(data.length).fill(1), createRng(2));
            const forest = joinTrees([tree], 3, outputs);
            data.forEach((_, i) => {
              const leaf = leafOf(forest, 0, inputs.data, 3 * i);
              const value =
                outputs === 1 ? forest.leafMean[leaf] : forest.leafMean[leaf * outputs + labels[i]];
              assert.equal(value, outputs === 1 ? labels[i] : 1);
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps at least minLeaf different rows in every leaf", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 0, max: 1000 }),
        (minLeaf, seed) => {
          const grower = new TreeGrower(trainingSet(x, Float64Array.from(reference.y), 1), {
            maxFeatures: 2,
            minLeaf,
            maxDepth: Number.POSITIVE_INFINITY,
          });
          const forest = joinTrees([grower.grow(weight, createRng(seed))], 3, 1);
          const count = new Int32Array(forest.leafMean.length);
          for (let i = 0; i < 120; i++)
            if (weight[i] > 0) count[leafOf(forest, 0, x.data, 3 * i)]++;
          assert.ok(Math.min(...count) >= minLeaf);
        },
      ),
      { numRuns: 40 },
    );
  });
});

function wave(n: number, noise: number, seed: number) {
  const rng = createRng(seed);
  const inputs = matrix(n, 4);
  for (let k = 0; k < inputs.data.length; k++) inputs.data[k] = rng.uniform();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b] = inputs.data.subarray(4 * i, 4 * i + 2);
    return 100 * Math.sin(3 * a) + 50 * b + noise * rng.normal();
  });
  return { x: inputs, y, task: { kind: "regression" } as const, rng: createRng(seed) };
}

const meanSquare = (values: Float64Array) =>
  values.reduce((sum, v) => sum + v * v, 0) / values.length;

describe("random forest", () => {
  it("has intervals that new rows fall into as often as they should", async () => {
    const surrogate = await fitRandomForest(wave(400, 20, 1), { trees: 200 });
    const fresh = wave(400, 20, 2);
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(fresh.x);
    const inside = fresh.y.filter((value, i) => {
      const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
      return Math.abs(value - mean.data[i]) < 1.645 * std;
    });
    assert.ok(Math.abs(inside.length / 400 - 0.9) < 0.05, `${inside.length / 400}`);
  });

  it("has an epistemic std like the spread of forests grown on other data", async () => {
    const probe = wave(60, 0, 99).x;
    const fits = await Promise.all(
      Array.from({ length: 24 }, (_, s) => fitRandomForest(wave(150, 20, s), { trees: 200 })),
    );
    const answers = fits.map((fit) => fit.predict(probe));
    let between = 0;
    for (let i = 0; i < 60; i++) {
      const values = Float64Array.from(answers, ({ mean }) => mean.data[i]);
      const centre = values.reduce((sum, v) => sum + v, 0) / values.length;
      between += (meanSquare(values.map((v) => v - centre)) * (24 / 23)) / 60;
    }
    const claimed = answers.reduce((sum, a) => sum + meanSquare(a.epistemicStd.data), 0) / 24;
    const ratio = Math.sqrt(claimed / between);
    assert.ok(ratio > 0.8 && ratio < 1.25, `claimed over true std: ${ratio}`);
  });

  it("finds nearly the same epistemic share from every seed", async () => {
    const shares = await Promise.all(
      Array.from({ length: 6 }, async (_, seed) => {
        const fit = await fitRandomForest({ ...wave(300, 20, 1), rng: createRng(seed) });
        return fit.summary.epistemicShare as number;
      }),
    );
    assert.ok(Math.max(...shares) < 1.6 * Math.min(...shares), shares.join(" "));
  });

  it("does not divide a handful of rows: the whole spread counts as ignorance", async () => {
    const fit = await fitRandomForest(wave(9, 20, 1), { trees: 50 });
    assert.equal(fit.summary.epistemicShare, 1);
  });

  it("grows less sure with less data", async () => {
    const spread = async (n: number) => {
      const fit = await fitRandomForest(wave(n, 20, 3), { trees: 200 });
      return meanSquare(fit.predict(wave(100, 0, 4).x).epistemicStd.data);
    };
    assert.ok((await spread(60)) > (await spread(600)));
  });

  it("has an out-of-bag error close to the error on new rows", async () => {
    const input = wave(300, 20, 5);
    const surrogate = await fitRandomForest(input, { trees: 200 });
    const { rows: left, prediction } = surrogate.outOfBag!;
    assert.equal(left.length, 300);
    const outOfBag = meanSquare(prediction.mean.data.map((m, i) => m - input.y[left[i]]));
    const fresh = wave(2000, 20, 6);
    const held = meanSquare(surrogate.predict(fresh.x).mean.data.map((m, i) => m - fresh.y[i]));
    assert.ok(Math.abs(Math.sqrt(outOfBag / held) - 1) < 0.15);
  });

  it("has the first trees of a larger forest of the same seed", async () => {
    const small = (await fitRandomForest(wave(80, 5, 7), { trees: 3 })).forest;
    const large = (await fitRandomForest(wave(80, 5, 7), { trees: 9 })).forest;
    const nodes = small.left.length;
    assert.deepEqual(large.threshold.slice(0, nodes), small.threshold);
    assert.deepEqual(large.feature.slice(0, nodes), small.feature);
    assert.equal(large.roots[3], nodes);
  });

  it("grows one tree many times without bootstrap over all inputs", async () => {
    const options = { trees: 5, bootstrap: false, maxFeatures: "all" } as const;
    const surrogate = await fitRandomForest(wave(50, 5, 8), options);
    assert.equal(surrogate.outOfBag, undefined);
    assert.ok(surrogate.predict(wave(50, 5, 8).x).epistemicStd.data.every((std) => std < 1e-4));
  });

  it("reports every tree, and stops between two when cancelled", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const work = {
      signal: controller.signal,
      report: ({ done, total }: { done: number; total: number }) => {
        seen.push(done);
        assert.equal(total, 50);
        if (done === 7) controller.abort(new Error("enough"));
      },
    };
    await assert.rejects(fitRandomForest({ ...wave(50, 5, 9), work }, { trees: 50 }), /enough/);
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7]);
  });

  it("refuses options out of range, naming them", async () => {
    const wrong: readonly [Partial<Record<keyof ForestOptions, unknown>>, RegExp][] = [
      [{ trees: 1 }, /trees/],
      [{ trees: 2.5 }, /trees/],
      [{ minLeaf: 0 }, /minLeaf/],
      [{ maxDepth: 0 }, /maxDepth/],
      [{ maxFeatures: 5 }, /maxFeatures/],
      [{ maxFeatures: "half" }, /maxFeatures.*half/],
      [{ bootstrap: "yes" }, /bootstrap/],
    ];
    for (const [options, message] of wrong) {
      await assert.rejects(fitRandomForest(wave(20, 1, 1), options as object), (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      });
    }
  });
});

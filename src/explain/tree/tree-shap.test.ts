import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Task } from "../../surrogates/contract.ts";
import { fitRandomForest } from "../../surrogates/forest/random-forest.ts";
import type { TreeEnsemble } from "../../surrogates/structure.ts";
import { explainedModel } from "../explained-model.ts";
import { explainInput, normalRows, treeModel } from "../fixtures/models.ts";
import { shapleyInteractions, shapleyValues } from "../games.ts";
import { exactShap } from "../exact-shap.ts";
import { kernelShap } from "../kernel/kernel-shap.ts";
import { nodeCover } from "./cover.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { treeInteractions } from "./interactions.ts";
import { treeShapInterventional } from "./interventional.ts";
import { treeShap } from "./path-dependent.ts";

const x = normalRows(120, 5, "rows");
const noise = createRng("noise");
const y = Float64Array.from({ length: x.rows }, (_, i) => {
  const row = rowOf(x, i);
  return 300 + 40 * row[0] * row[1] + 25 * Math.abs(row[2]) + 10 * row[3] + noise.normal();
});
const regression: Task = { kind: "regression" };
const forest = await fitRandomForest({ x, y, task: regression, rng: createRng(3) }, { trees: 12 });
const classes: Task = { kind: "classification", classes: ["low", "middle", "high"] };
const labels = y.map((value) => (value < 300 ? 0 : value < 330 ? 1 : 2));
const classifier = await fitRandomForest(
  { x, y: labels, task: classes, rng: createRng(4) },
  { trees: 8, maxDepth: 5 },
);
const few = takeRows(x, [0, 17, 43, 71, 99]);

/** The path-dependent game of one row, from its definition: an unknown split averages its branches by cover. */
function pathGame(
  ensemble: TreeEnsemble,
  output: number,
  cover: Int32Array,
  row: Float64Array,
): (coalition: number) => number {
  const { feature, threshold, left, leafValue, outputs } = ensemble;
  const visit = (node: number, known: number): number => {
    const j = feature[node];
    if (j < 0) return leafValue[left[node] * outputs + output];
    const low = left[node];
    if ((known >> j) & 1) return visit(low + (row[j] > threshold[node] ? 1 : 0), known);
    const share = cover[low] / cover[node];
    return share * visit(low, known) + (1 - share) * visit(low + 1, known);
  };
  return (known) =>
    ensemble.offset[output] +
    ensemble.scale * ensemble.roots.reduce((sum, root) => sum + visit(root, known), 0);
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  assert.equal(actual.length, expected.length);
  for (let k = 0; k < actual.length; k++) {
    assert.ok(
      Math.abs(actual[k] - expected[k]) <= tolerance,
      `entry ${k}: expected ${expected[k]}, got ${actual[k]}`,
    );
  }
}

describe("tree SHAP, path-dependent", () => {
  it("equals the Shapley values of its game by brute force, for a fully grown forest", async () => {
    const model = explainedModel(forest);
    const found = await treeShap.explain(explainInput(model, few, x));
    const cover = nodeCover(forest.trees, x);
    for (let i = 0; i < few.rows; i++) {
      const game = pathGame(forest.trees, 0, cover, rowOf(few, i));
      assertClose(rowOf(found.contributions, i), shapleyValues(5, game), 1e-9);
      assert.ok(Math.abs(found.base[i] - game(0)) < 1e-9);
    }
  });

  it("equals brute force for a feature split on again and again, and for a lone leaf", async () => {
    const model = treeModel(3, [
      [0, 0, [0, -1, 1, [1, 0, [0, -0.5, 4, 2], 3]], [0, 1, [2, 0.3, -2, [0, 0.5, 7, 5]], 6]],
      1.5,
    ]);
    const rows = normalRows(300, 3, 8);
    const some = matrixOf([
      [-2, 0, 0],
      [-0.7, -1, 0],
      [0.7, 1, 1],
      [0.2, 0, 0],
      [3, 3, 3],
    ]);
    const found = await treeShap.explain(explainInput(model, some, rows));
    const { ensemble } = model.trees!;
    const cover = nodeCover(ensemble, rows);
    for (let i = 0; i < some.rows; i++) {
      const game = pathGame(ensemble, 0, cover, rowOf(some, i));
      assertClose(rowOf(found.contributions, i), shapleyValues(3, game), 1e-12);
    }
  });

  it("starts from the mean prediction over the training rows", async () => {
    const { base } = await treeShap.explain(explainInput(explainedModel(forest), few, x));
    const { mean } = forest.predict(x);
    const expected = mean.data.reduce((sum, value) => sum + value, 0) / x.rows;
    assert.ok(Math.abs(base[0] - expected) < 1e-6);
  });

  it("explains every class, and the classes' contributions cancel", async () => {
    const cover = nodeCover(classifier.trees, x);
    const sum = new Float64Array(few.rows * 5);
    for (let k = 0; k < 3; k++) {
      const found = await treeShap.explain(explainInput(explainedModel(classifier, k), few, x));
      const game = pathGame(classifier.trees, k, cover, rowOf(few, 2));
      assertClose(rowOf(found.contributions, 2), shapleyValues(5, game), 1e-12);
      found.contributions.data.forEach((phi, p) => (sum[p] += phi));
    }
    assertClose(sum, new Float64Array(sum.length), 1e-12);
  });

  it("refuses a background that leaves a branch without rows", async () => {
    const input = explainInput(explainedModel(forest), few, few);
    await assert.rejects(treeShap.explain(input), InputError);
  });
});

describe("tree SHAP, interventional", () => {
  const background: Matrix = takeRows(
    x,
    Array.from({ length: 20 }, (_, i) => 5 * i),
  );

  it("equals exact Shapley values and kernel SHAP, also for a single tree", async () => {
    const single = await fitRandomForest(
      { x, y, task: regression, rng: createRng(5) },
      { trees: 2, bootstrap: false, maxFeatures: "all" },
    );
    for (const surrogate of [forest, single]) {
      const input = explainInput(explainedModel(surrogate), few, background);
      const found = await treeShapInterventional.explain(input);
      const exact = await exactShap.explain(input);
      const kernel = await kernelShap.explain(input);
      assertClose(found.contributions.data, exact.contributions.data, 1e-9);
      assertClose(found.contributions.data, kernel.contributions.data, 1e-6);
      assert.deepEqual(found.base, exact.base);
    }
  });

  it("explains a class probability", async () => {
    const input = explainInput(explainedModel(classifier, 2), few, background);
    const found = await treeShapInterventional.explain(input);
    const exact = await exactShap.explain(input);
    assertClose(found.contributions.data, exact.contributions.data, 1e-12);
  });
});

describe("tree SHAP interactions", () => {
  it("equal brute force, are symmetric, and sum to values and prediction", async () => {
    const model = explainedModel(forest);
    const input = explainInput(model, few, x);
    const { base, values, predictions } = await treeInteractions(input);
    const { contributions } = await treeShap.explain(input);
    const cover = nodeCover(forest.trees, x);
    values.forEach((pairs, i) => {
      const game = pathGame(forest.trees, 0, cover, rowOf(few, i));
      assertClose(pairs.data, shapleyInteractions(5, game).data, 1e-8);
      let total = base;
      for (let a = 0; a < 5; a++) {
        const row = rowOf(pairs, a).reduce((sum, value) => sum + value, 0);
        assert.ok(Math.abs(row - contributions.data[5 * i + a]) < 1e-8);
        total += row;
        for (let b = 0; b < a; b++) assert.equal(pairs.data[5 * a + b], pairs.data[5 * b + a]);
      }
      assert.ok(Math.abs(total - predictions[i]) < 1e-8);
    });
  });
});

describe("Gauss-Legendre quadrature", () => {
  it("has the tabulated points and weights of three points", () => {
    // M. Abramowitz, I. A. Stegun (1964), table 25.4, moved from (-1, 1) to (0, 1).
    const { points, weights } = gaussLegendre(3);
    assertClose(points, [0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)], 1e-14);
    assertClose(weights, [5 / 18, 4 / 9, 5 / 18], 1e-14);
  });

  it("integrates powers of t up to 2 n - 1", () => {
    for (const n of [1, 2, 5, 16, 40]) {
      const { points, weights } = gaussLegendre(n);
      for (let power = 0; power < 2 * n; power++) {
        const sum = points.reduce((total, t, q) => total + weights[q] * t ** power, 0);
        assert.ok(Math.abs(sum - 1 / (power + 1)) < 1e-14, `${n} points, power ${power}: ${sum}`);
      }
    }
  });
});

it("nodeCover counts rows at every node", () => {
  const { ensemble } = treeModel(1, [[0, 0, 1, [0, 1, 2, 3]]]).trees!;
  const rows = matrix(4, 1, Float64Array.of(-1, 0.5, 1, 2));
  assert.deepEqual([...nodeCover(ensemble, rows)], [4, 1, 3, 2, 1]);
});

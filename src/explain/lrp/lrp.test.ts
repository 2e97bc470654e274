import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { relu } from "../../core/autodiff/elementwise.ts";
import { matmul } from "../../core/autodiff/linear.ts";
import { sum } from "../../core/autodiff/reduce.ts";
import { withTape } from "../../core/autodiff/tape.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Task } from "../../surrogates/contract.ts";
import { fitDeepEnsemble } from "../../surrogates/mlp/deep-ensemble.ts";
import { fitMcDropout } from "../../surrogates/mlp/mc-dropout.ts";
import { fitMlp } from "../../surrogates/mlp/mlp.ts";
import { explainedModel } from "../explained-model.ts";
import { explainInput, networkModel, normalRows } from "../fixtures/models.ts";
import { lrp, type LrpOptions } from "./lrp.ts";
import { shareRelevance, type RuleName } from "./rules.ts";

const settings = { epsilon: 1e-6, gamma: 0.25, alpha: 2 };
const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);
const close = (actual: number, expected: number, tolerance = 1e-5): void =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

describe("the share of inputs in one output", () => {
  const layer = { weight: matrixOf([[3], [-1]]), bias: Float64Array.of(0) };
  const share = (rule: RuleName, changes: object = {}): number[] => {
    const shares = shareRelevance(rule, { ...settings, ...changes }, layer, [1, 2], [1]);
    // -0 counts as 0.
    return Array.from(shares, (v) => v + 0);
  };
  // Worked out by hand: x = (1, 2), w = (3, -1), z = 1.
  it("is (3, -2) by rule 0, (1.5, -1) by epsilon 1, (1, 0) by z+, (2, -1) by alpha 2 beta 1", () => {
    assert.deepEqual(share("0"), [3, -2]);
    assert.deepEqual(share("epsilon", { epsilon: 1 }), [1.5, -1]);
    assert.deepEqual(share("z+"), [1, 0]);
    assert.deepEqual(share("alpha-beta"), [2, -1]);
  });

  it("by gamma goes from rule 0 to z+", () => {
    assert.deepEqual(share("gamma", { gamma: 0 }), share("0"));
    // (3 + 3 g, -2) / (1 + 3 g) with g = 1.
    assert.deepEqual(share("gamma", { gamma: 1 }), [1.5, -0.5]);
    const [first, second] = share("gamma", { gamma: 1e9 });
    close(first, 1);
    close(second, 0);
  });

  it("by alpha 1 is that by z+", () =>
    assert.deepEqual(share("alpha-beta", { alpha: 1 }), share("z+")));

  it("is nothing where an output is zero by rule 0, and finite by epsilon", () => {
    const zero = { weight: matrixOf([[2], [-1]]), bias: Float64Array.of(0) };
    const of = (rule: RuleName) => [...shareRelevance(rule, settings, zero, [1, 2], [1])];
    assert.deepEqual(of("0").map(Math.abs), [0, 0]);
    assert.deepEqual(of("epsilon"), [2e6, -2e6]);
  });
});

/** A layer of random numbers with inputs of both signs. */
function randomLayer(seed: number, withBias: boolean) {
  const rng = createRng(seed);
  const normal = (n: number) => Float64Array.from({ length: n }, () => rng.normal());
  const weight = matrix(6, 5, normal(30));
  const bias = withBias ? normal(5) : new Float64Array(5);
  const x = normal(6);
  const z = bias.map((b, j) => b + total(x.map((v, i) => v * weight.data[5 * i + j])));
  return { layer: { weight, bias }, x, z, relevance: normal(5) };
}

describe("relevance of a layer", () => {
  it("is conserved but for what biases and epsilon take", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { layer, x, z, relevance } = randomLayer(seed, true);
      for (const epsilon of [0, 0.1]) {
        const shares = shareRelevance("epsilon", { ...settings, epsilon }, layer, x, relevance);
        const kept = relevance.map(
          (r, j) => (r * (z[j] - layer.bias[j])) / (z[j] + (z[j] < 0 ? -epsilon : epsilon)),
        );
        close(total(shares), total(kept));
      }
    }
  });

  it("is conserved without bias by every rule where each output has parts of both signs", () => {
    let layers = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { layer, x, relevance } = randomLayer(seed, false);
      const parts = Array.from(relevance, (_, j) =>
        [...x].map((v, i) => v * layer.weight.data[5 * i + j]),
      );
      if (!parts.every((own) => Math.min(...own) < 0 && Math.max(...own) > 0)) continue;
      layers++;
      for (const rule of ["0", "gamma", "z+", "alpha-beta"] as const) {
        const shares = shareRelevance(rule, settings, layer, x, relevance);
        close(total(shares), total(relevance));
      }
    }
    assert.ok(layers > 10);
  });

  it("that no part speaks for goes to no input by z+", () => {
    const against = { weight: matrixOf([[-3], [-1]]), bias: Float64Array.of(0) };
    assert.equal(total(shareRelevance("z+", settings, against, [1, 2], [1])), 0);
  });

  it("is nowhere below zero by z+ when that of the outputs is not", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { layer, x, relevance } = randomLayer(seed, true);
      const shares = shareRelevance("z+", settings, layer, x, relevance.map(Math.abs));
      assert.ok(shares.every((share) => share >= 0));
    }
  });
});

const random = (rows: number, columns: number, rng = createRng(`${rows} ${columns}`)): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.normal()));

/** Gradient times input of a relu network without biases, from the tape. */
function gradientTimesInput(weights: readonly number[][][], x: Matrix): Float64Array {
  return withTape({}, (tape) =>
    tape.step(() => {
      const input = tape.variable(x);
      let h = input;
      weights.forEach((rows, k) => {
        const w = matrixOf(rows[0].map((_, i) => rows.map((row) => row[i])));
        h = matmul(h, tape.constant(w.rows, w.columns, w.data));
        if (k < weights.length - 1) h = relu(h);
      });
      tape.backward(sum(h));
      return tape.gradientOf(input).map((g, k) => g * x.data[k]);
    }),
  );
}

const explain = (
  model: Parameters<typeof explainInput>[0],
  x: Matrix,
  options: Partial<LrpOptions>,
) => lrp.explain(explainInput(model, x, x), options);

describe("lrp", () => {
  const weights = [random(7, 4), random(5, 7), random(1, 5)];
  const x = normalRows(12, 4, 3);

  it("by rule 0 is gradient times input for a relu network without biases", async () => {
    const { contributions } = await explain(networkModel(weights), x, { rule: "0" });
    gradientTimesInput(weights, x).forEach((value, k) => close(contributions.data[k], value));
  });

  it("adds up to the prediction without biases by rules 0 and gamma, and with base always", async () => {
    for (const rule of ["0", "gamma"] as const) {
      const found = await explain(networkModel(weights), x, { rule });
      found.predictions.forEach((prediction, i) =>
        close(total(rowOf(found.contributions, i)), prediction),
      );
    }
    const biases = weights.map((rows, k) => random(1, rows.length, createRng(k))[0]);
    const extras = {
      biases,
      offset: 100,
      scale: 7,
      inputMean: [1, 2, 3, 4],
      inputScale: [2, 3, 4, 5],
    };
    for (const rule of ["0", "epsilon", "gamma", "z+", "alpha-beta"] as const) {
      const found = await explain(networkModel(weights, extras), x, { rule });
      found.predictions.forEach((prediction, i) =>
        close(found.base[i] + total(rowOf(found.contributions, i)), prediction),
      );
    }
  });

  it("takes a rule for each layer", async () => {
    const model = networkModel(weights);
    const mixed = await explain(model, x, { rules: ["z+", "gamma", "0"] });
    const row = rowOf(x, 0);
    const layers = model.layers!.networks.networks[0];
    const h = [row];
    for (const { weight } of layers) {
      const below = h.at(-1)!;
      const z = Float64Array.from({ length: weight.columns }, (_, j) =>
        total(below.map((v, i) => v * weight.data[i * weight.columns + j])),
      );
      h.push(h.length < 3 ? z.map((v) => Math.max(0, v)) : z);
    }
    let shares = h[3];
    (["0", "gamma", "z+"] as const).forEach((rule, k) => {
      shares = shareRelevance(rule, settings, layers[2 - k], h[2 - k], shares);
    });
    shares.forEach((value, j) => close(mixed.contributions.data[j], value));
  });

  it("refuses rules and numbers that are none", async () => {
    const model = networkModel(weights);
    await assert.rejects(explain(model, x, { rules: ["0", "0"] }), /each of the 3 layers, got 2/);
    await assert.rejects(explain(model, x, { alpha: 0.5 }), {
      name: "InputError",
      message: /alpha/,
    });
    await assert.rejects(explain(model, x, { gamma: -1 }), InputError);
    await assert.rejects(explain(model, x, { rule: "delta" as "0" }), /"delta"/);
  });

  it("explains learned networks, and refuses thinned ones", async () => {
    const rng = createRng(2);
    const rows = normalRows(120, 3, 8);
    const y = Float64Array.from({ length: 120 }, (_, i) => 500 + 80 * rows.data[3 * i]);
    const regression: Task = { kind: "regression" };
    const options = { hidden: [12], epochs: 60 };
    const ensemble = await fitDeepEnsemble(
      { x: rows, y, task: regression, rng },
      { ...options, members: 2 },
    );
    const found = await lrp.explain(explainInput(explainedModel(ensemble), rows, rows));
    found.predictions.forEach((prediction, i) =>
      close(found.base[i] + total(rowOf(found.contributions, i)), prediction, 1e-9),
    );
    const size = (j: number) =>
      total(Array.from({ length: 120 }, (_, i) => Math.abs(found.contributions.data[3 * i + j])));
    assert.ok(size(0) > 5 * Math.max(size(1), size(2)));

    const task: Task = { kind: "classification", classes: ["low", "high"] };
    const labels = y.map((value) => (value > 500 ? 1 : 0));
    const classifier = await fitMlp({ x: rows, y: labels, task, rng }, options);
    const [low, high] = await Promise.all(
      [0, 1].map((output) =>
        lrp.explain(explainInput(explainedModel(classifier, output), rows, rows)),
      ),
    );
    // Of two classes what speaks for the one speaks against the other.
    low.contributions.data.forEach((value, k) => close(value, -high.contributions.data[k], 1e-9));
    // base and contributions are half the log odds.
    high.predictions.forEach((p, i) => {
      const score = high.base[i] + total(rowOf(high.contributions, i));
      close(1 / (1 + Math.exp(-2 * score)), p, 1e-9);
    });

    const thinned = await fitMcDropout(
      { x: rows, y, task: regression, rng },
      { ...options, samples: 2 },
    );
    await assert.rejects(
      lrp.explain(explainInput(explainedModel(thinned), rows, rows)),
      UnsupportedError,
    );
  });
});

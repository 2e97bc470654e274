import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { familyValues } from "../../../test/reference/surrogate-families.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { codePlace, findBins, writeCodes } from "./bins.ts";
import { answers, joinModel, layOut, scoresAfter } from "./ensemble.ts";
import { fitGradientBoosting } from "./gradient-boosting.ts";
import {
  huberLoss,
  logisticLoss,
  quantileLoss,
  softmaxLoss,
  squaredLoss,
  type Loss,
} from "./losses.ts";
import type { BoostingOptions } from "./options.ts";
import { train, type TrainSettings } from "./train.ts";

const expected = familyValues.boosting;
const x = matrix(300, 4, Float64Array.from(expected.x));
const y = Float64Array.from(expected.y);
const rows = matrix(30, 4, Float64Array.from(expected.rows));
const upTo = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

const settings: TrainSettings = {
  rounds: 12,
  learningRate: 0.2,
  leaves: 7,
  minLeaf: 9,
  l2: 0.7,
  maxDepth: Number.POSITIVE_INFINITY,
  monotone: [],
  patience: null,
  subsample: 1,
  featureFraction: 1,
  bins: 255,
};

/** One model on all rows given, without ensemble or early stop. */
async function single(
  loss: Loss,
  target: Float64Array,
  changes: Partial<TrainSettings> = {},
  inputs: Matrix = x,
): Promise<Float64Array> {
  const members = [{ learns: upTo(inputs.rows), heldOut: new Int32Array(0) }];
  const chosen = { ...settings, ...changes };
  const context = { rng: createRng(1), work: {}, label: "test" };
  const trained = await train(inputs, target, loss, members, chosen, context);
  const model = layOut(joinModel(trained.members[0], inputs.columns));
  const outputs = loss.isEven ? 1 : Math.max(2, loss.scores);
  return answers(scoresAfter(model, rows, [chosen.rounds])[0], outputs).data;
}

/** scikit-learn sums its gradients in single precision. */
const singlePrecision = 2e-6;

describe("boosted trees", () => {
  const labels = Float64Array.from(expected.labels);
  const cases: readonly [string, () => Promise<Float64Array>, number[]][] = [
    ["squared loss", () => single(squaredLoss(), y), expected.squared],
    ["quantiles as bins", () => single(squaredLoss(), y, { bins: 16 }), expected.coarse],
    ["two splits deep", () => single(squaredLoss(), y, { maxDepth: 2 }), expected.deep],
    ["quantile loss", () => single(quantileLoss(0.8), y), expected.quantile],
    [
      "monotone inputs",
      () => single(squaredLoss(), y, { monotone: [1, -1, 0, 0], rounds: 30 }),
      expected.monotone,
    ],
    [
      "two classes",
      () =>
        single(
          logisticLoss(),
          labels.map((label) => Math.min(1, label)),
        ),
      expected.two,
    ],
    ["three classes", () => single(softmaxLoss(3), labels), expected.three],
  ];
  for (const [name, fit, values] of cases) {
    it(`predict as scikit-learn's histogram boosting does: ${name}`, async () => {
      const difference = relativeDifference(await fit(), values);
      assert.ok(difference < singlePrecision, `${difference}`);
    });
  }

  it("minimise Huber's loss as Friedman's algorithm does", async () => {
    const answer = await single(
      huberLoss(),
      y.slice(0, 200),
      { rounds: 10, learningRate: 0.3, leaves: 6, minLeaf: 8, l2: 0 },
      takeRows(x, upTo(200)),
    );
    assert.ok(relativeDifference(answer, expected.huber) < 1e-12);
  });
});

describe("bins", () => {
  it("hold each number behind the thresholds below it, in ascending order", () => {
    const cell = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 2, max: 256 }),
        (data, bins) => {
          const inputs = matrix(data.length, 2, Float64Array.from(data.flat()));
          const found = findBins(inputs, bins, createRng(1));
          const codes = new Uint8Array(8 * data.length);
          writeCodes(inputs, found, codes);
          for (let j = 0; j < 2; j++) {
            const edges = [...found[j].thresholds];
            assert.ok(edges.length < bins);
            for (let k = 1; k < edges.length; k++) assert.ok(edges[k - 1] < edges[k]);
            const used = new Set<number>();
            data.forEach((row, i) => {
              const code = codes[codePlace(data.length, j) + 8 * i];
              assert.equal(code, edges.filter((edge) => edge < row[j]).length);
              used.add(code);
            });
            // Few values: one bin for each of them.
            const distinct = new Set(data.map((row) => row[j] + 0)).size;
            if (distinct <= bins) assert.equal(used.size, distinct);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function wave(n: number, noise: (a: number) => number, seed: number) {
  const rng = createRng(seed);
  const inputs = matrix(n, 4);
  for (let k = 0; k < inputs.data.length; k++) inputs.data[k] = rng.uniform();
  const target = Float64Array.from({ length: n }, (_, i) => {
    const [a, b] = inputs.data.subarray(4 * i, 4 * i + 2);
    return 100 * Math.sin(3 * a) + 50 * b + noise(a) * rng.normal();
  });
  return { x: inputs, y: target, task: { kind: "regression" } as const, rng: createRng(seed) };
}
const even = () => 20;
const meanSquare = (values: Float64Array) =>
  values.reduce((sum, v) => sum + v * v, 0) / values.length;

describe("gradient boosting", () => {
  for (const ensemble of ["folds", "virtual"] as const) {
    it(`has intervals that new rows fall into as often as they should (${ensemble})`, async () => {
      const surrogate = await fitGradientBoosting(wave(600, even, 1), { ensemble });
      const fresh = wave(600, even, 2);
      const { mean, epistemicStd, aleatoricStd } = surrogate.predict(fresh.x);
      const inside = fresh.y.filter((value, i) => {
        const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
        return Math.abs(value - mean.data[i]) < 1.645 * std;
      });
      assert.ok(Math.abs(inside.length / 600 - 0.9) < 0.05, `${inside.length / 600}`);
    });
  }

  it("has an epistemic std like the spread of models of other data", async () => {
    const probe = wave(60, () => 0, 99).x;
    const fits = await Promise.all(
      Array.from({ length: 12 }, (_, s) => fitGradientBoosting(wave(200, even, s))),
    );
    const predicted = fits.map((fit) => fit.predict(probe));
    let between = 0;
    for (let i = 0; i < 60; i++) {
      const values = Float64Array.from(predicted, ({ mean }) => mean.data[i]);
      const centre = values.reduce((sum, v) => sum + v, 0) / values.length;
      between += (meanSquare(values.map((v) => v - centre)) * (12 / 11)) / 60;
    }
    const claimed = predicted.reduce((sum, p) => sum + meanSquare(p.epistemicStd.data), 0) / 12;
    const ratio = Math.sqrt(claimed / between);
    assert.ok(ratio > 0.6 && ratio < 1.6, `claimed over true std: ${ratio}`);
  });

  it("finds where the noise is large", async () => {
    const surrogate = await fitGradientBoosting(wave(1500, (a) => (a < 0.5 ? 5 : 40), 3));
    const { x: probe } = wave(400, even, 4);
    const { aleatoricStd } = surrogate.predict(probe);
    const meanWhere = (isWanted: (a: number) => boolean) => {
      const kept = aleatoricStd.data.filter((_, i) => isWanted(probe.data[4 * i]));
      return kept.reduce((sum, std) => sum + std, 0) / kept.length;
    };
    assert.ok(meanWhere((a) => a < 0.4) < 12);
    assert.ok(meanWhere((a) => a > 0.6) > 28);
  });

  it("never falls along an input that may only rise", async () => {
    const surrogate = await fitGradientBoosting(wave(300, even, 5), { monotone: [1, -1, 0, 0] });
    const free = await fitGradientBoosting(wave(300, even, 5));
    const line = matrix(101, 4, new Float64Array(404).fill(0.5));
    for (let i = 0; i <= 100; i++) line.data[4 * i] = i / 100;
    const falls = (data: Float64Array) => data.some((value, i) => i > 0 && value < data[i - 1]);
    assert.ok(!falls(surrogate.predict(line).mean.data));
    // The sine falls beyond a = 0.52, so that the constraint is felt.
    assert.ok(falls(free.predict(line).mean.data));
  });

  it("stops where held-out rows gain no more, and keeps the rounds up to there", async () => {
    const stopped = await fitGradientBoosting(
      wave(200, () => 200, 6),
      { patience: 10 },
    );
    assert.ok((stopped.summary["rounds"] as number) < 200);
    const all = await fitGradientBoosting(wave(200, even, 6), { patience: null, rounds: 70 });
    assert.equal(all.summary["rounds"], 70);
  });

  it("predicts the wanted quantile of new rows", async () => {
    const options = { loss: "quantile", quantile: 0.8 } as const;
    const surrogate = await fitGradientBoosting(wave(1000, even, 7), options);
    const fresh = wave(1000, even, 8);
    const { mean } = surrogate.predict(fresh.x);
    const below = fresh.y.filter((value, i) => value < mean.data[i]).length / 1000;
    assert.ok(Math.abs(below - 0.8) < 0.05, `${below}`);
  });

  it("minds outliers less with Huber's loss", async () => {
    const input = wave(400, even, 9);
    for (let i = 0; i < 400; i += 20) input.y[i] += 3000;
    const fresh = wave(400, () => 0, 10);
    const error = async (loss: "squared" | "huber") => {
      const surrogate = await fitGradientBoosting(input, { loss });
      return meanSquare(surrogate.predict(fresh.x).mean.data.map((m, i) => m - fresh.y[i]));
    };
    assert.ok((await error("huber")) < 0.5 * (await error("squared")));
  });

  it("refuses options out of range and combinations that it has not", async () => {
    const wrong: readonly [Partial<Record<keyof BoostingOptions, unknown>>, RegExp][] = [
      [{ rounds: 0 }, /rounds/],
      [{ leaves: 1 }, /leaves/],
      [{ bins: 257 }, /bins/],
      [{ folds: 1 }, /folds/],
      [{ subsample: 0 }, /subsample/],
      [{ quantile: 1 }, /quantile/],
      [{ loss: "cubic" }, /loss.*cubic/],
      [{ ensemble: "none" }, /ensemble.*none/],
      [{ monotone: [1, 0] }, /monotone/],
      [{ monotone: [2, 0, 0, 0] }, /monotone/],
    ];
    for (const [options, message] of wrong) {
      await assert.rejects(fitGradientBoosting(wave(20, even, 1), options as object), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      });
    }
    const monotone = [1, 0, 0, 0];
    const numbers = wave(20, even, 1);
    const classes = {
      ...numbers,
      y: numbers.y.map((_, i) => i % 3),
      task: { kind: "classification", classes: ["a", "b", "c"] } as const,
    };
    await assert.rejects(
      fitGradientBoosting(numbers, { monotone, loss: "huber" }),
      UnsupportedError,
    );
    await assert.rejects(fitGradientBoosting(classes, { monotone }), UnsupportedError);
    await assert.rejects(fitGradientBoosting(classes, { loss: "squared" }), UnsupportedError);
  });
});

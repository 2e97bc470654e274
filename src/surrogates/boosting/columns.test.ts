import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import type { InputColumn } from "../contract.ts";
import { loadSurrogate, saveSurrogate } from "../saved-state.ts";
import { answers, joinModel, layOut, scoresAfter } from "./ensemble.ts";
import { fitGradientBoosting, gradientBoosting } from "./gradient-boosting.ts";
import { logisticLoss, squaredLoss, type Loss } from "./losses.ts";
import { train, type TrainSettings } from "./train.ts";

type Numbers = (number | null)[];

/** Made by boosting-columns.py. */
const expected = JSON.parse(
  readFileSync(new URL("../../../test/reference/boosting-columns.json", import.meta.url), "utf8"),
) as Record<string, Numbers>;

const numbersOf = (key: string) => Float64Array.from(expected[key], (value) => value ?? Number.NaN);
const y = numbersOf("y");
const labels = numbersOf("labels");

function columnsOf(data: Float64Array, wanted: number[], last?: Float64Array): Matrix {
  const n = data.length / 4;
  const x = matrix(n, wanted.length);
  for (let i = 0; i < n; i++) {
    wanted.forEach((j, k) => (x.data[i * wanted.length + k] = data[4 * i + j]));
    if (last !== undefined) x.data[i * wanted.length + 3] = last[i];
  }
  return x;
}

const levels = ["cast", "wrought", "annealed", "aged", "sintered", "printed"];
const route: InputColumn = { name: "route", kind: "category", levels };
const withRoute: InputColumn[] = [
  ...["a", "b", "c"].map((name) => ({ name, kind: "number" }) as const),
  route,
];

const settings: TrainSettings = {
  rounds: 12,
  learningRate: 0.2,
  leaves: 4,
  minLeaf: 60,
  l2: 0.7,
  maxDepth: Number.POSITIVE_INFINITY,
  monotone: [],
  patience: null,
  subsample: 1,
  featureFraction: 1,
  bins: 255,
};

async function single(
  [x, rows]: [Matrix, Matrix],
  loss: Loss,
  target: Float64Array,
  changes: Partial<TrainSettings>,
  columns?: InputColumn[],
): Promise<Float64Array> {
  const learns = Int32Array.from({ length: x.rows }, (_, i) => i);
  const members = [{ learns, heldOut: new Int32Array(0) }];
  const context = { rng: createRng(1), work: {}, label: "test", columns };
  const trained = await train(x, target, loss, members, { ...settings, ...changes }, context);
  const model = layOut(joinModel(trained.members[0], x.columns));
  return answers(scoresAfter(model, rows, [settings.rounds])[0], loss.isEven ? 1 : 2).data;
}

describe("missing values and categories of boosted trees", () => {
  const small = { leaves: 7, minLeaf: 9 };
  const both = (wanted: number[], gaps = false): [Matrix, Matrix] => [
    columnsOf(numbersOf("x"), wanted, gaps ? numbersOf("gaps") : undefined),
    columnsOf(numbersOf("rows"), wanted, gaps ? numbersOf("rowGaps") : undefined),
  ];
  const three = [0, 1, 2];
  const four = [0, 1, 2, 3];
  const rising = { ...small, monotone: [1, 0, 0] };
  const cases: readonly [string, () => Promise<Float64Array>][] = [
    ["missing", () => single(both(three), squaredLoss(), y, small)],
    ["missingMonotone", () => single(both(three), squaredLoss(), y, rising)],
    ["missingClasses", () => single(both(three), logisticLoss(), labels, small)],
    ["category", () => single(both(four), squaredLoss(), y, {}, withRoute)],
    ["missingCategory", () => single(both(four, true), squaredLoss(), y, {}, withRoute)],
    ["categoryClasses", () => single(both(four, true), logisticLoss(), labels, {}, withRoute)],
  ];
  // scikit-learn sums its gradients in single precision.
  const singlePrecision = 2e-6;
  for (const [key, fit] of cases) {
    it(`are split as in scikit-learn: ${key}`, async () => {
      const difference = relativeDifference(await fit(), [...numbersOf(key)]);
      assert.ok(difference < singlePrecision, `${difference}`);
    });
  }
});

const task = { kind: "regression" } as const;

/** The mean of a level, less one where a number is missing; the number itself means nothing. */
function routes(n: number, seed: number) {
  const rng = createRng(seed);
  const x = matrix(n, 2);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const level = rng.integer(levels.length);
    const isMissing = rng.uniform() < 0.3;
    x.data.set([isMissing ? Number.NaN : rng.normal(), level], 2 * i);
    target[i] = [3, -2, 5, 0, -4, 1][level] - Number(isMissing) + 0.1 * rng.normal();
  }
  const columns = [{ name: "size", kind: "number" } as const, route];
  return { x, y: target, task, rng: createRng(seed), columns };
}

describe("gradient boosting of tables with gaps and words", () => {
  it("learns levels and gaps, and is the same after saving and loading", async () => {
    const surrogate = await fitGradientBoosting(routes(400, 1), { rounds: 200 });
    const fresh = routes(300, 2);
    const { mean } = surrogate.predict(fresh.x);
    const squares = mean.data.reduce((sum, m, i) => sum + (m - fresh.y[i]) ** 2, 0);
    assert.ok(Math.sqrt(squares / 300) < 0.25, `${Math.sqrt(squares / 300)}`);
    assert.equal(surrogate.trees, undefined);
    const saved = saveSurrogate(gradientBoosting, surrogate)!;
    const loaded = loadSurrogate({ "gradient-boosting": gradientBoosting }, saved);
    assert.deepEqual(loaded.predict(fresh.x), surrogate.predict(fresh.x));
  });

  it("sends a number that was never missing in training where most rows went, not at random", async () => {
    const input = routes(200, 3);
    for (let i = 0; i < 200; i++) if (Number.isNaN(input.x.data[2 * i])) input.x.data[2 * i] = 0;
    const surrogate = await fitGradientBoosting(input, { rounds: 30 });
    const row = takeRows(input.x, [5]);
    row.data[0] = Number.NaN;
    assert.ok(surrogate.predict(row).mean.data.every(Number.isFinite));
  });

  it("shows its trees where thresholds are all there is: they add up to the mean", async () => {
    const input = routes(200, 4);
    const x = matrix(
      200,
      2,
      input.x.data.map((value) => (Number.isNaN(value) ? 9 : value)),
    );
    for (const ensemble of ["folds", "virtual"] as const) {
      const numbers = { x, y: input.y, task, rng: createRng(1) };
      const surrogate = await fitGradientBoosting(numbers, { rounds: 20, ensemble });
      const { roots, feature, threshold, left, leafValue, offset, scale } = surrogate.trees!;
      const { mean } = surrogate.predict(x);
      for (let i = 0; i < 20; i++) {
        let sum = 0;
        for (const root of roots) {
          let node = root;
          while (feature[node] >= 0) {
            node = left[node] + Number(x.data[2 * i + feature[node]] > threshold[node]);
          }
          sum += leafValue[left[node]];
        }
        assert.ok(Math.abs(offset[0] + scale * sum - mean.data[i]) < 1e-12);
      }
    }
  });

  it("never falls along an input that may only rise, whatever the data, by name or by index", async () => {
    const columns = ["dose", "other"].map((name) => ({ name, kind: "number" }) as const);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom({ dose: 1 }, { 0: 1 }, [1, 0]),
        fc.constantFrom("regression", "classification"),
        async (seed, monotone, kind) => {
          const rng = createRng(seed);
          const x = matrix(60, 2);
          for (let k = 0; k < 120; k++) x.data[k] = rng.normal();
          const isNumber = kind === "regression";
          const input = {
            x,
            y: Float64Array.from({ length: 60 }, (_, i) => (isNumber ? rng.normal() : i % 2)),
            task: isNumber ? task : ({ kind: "classification", classes: ["no", "yes"] } as const),
            rng,
            columns,
          };
          const options = { monotone, rounds: 15, patience: null, learningRate: 0.3 };
          const surrogate = await fitGradientBoosting(input, options);
          for (const other of [-1, 0, 1]) {
            const line = matrix(41, 2);
            for (let i = 0; i < 41; i++) line.data.set([(i - 20) / 8, other], 2 * i);
            const { mean } = surrogate.predict(line);
            const outputs = mean.columns;
            for (let i = 1; i < 41; i++) {
              const [before, after] = [i - 1, i].map((row) => mean.data[(row + 1) * outputs - 1]);
              assert.ok(after >= before - 1e-12);
            }
          }
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });

  it("refuses monotone names that are no inputs or have no order, and too many levels", async () => {
    const input = routes(60, 5);
    const fit = (monotone: Record<string, number>) => fitGradientBoosting(input, { monotone });
    await assert.rejects(fit({ sise: 1 }), { name: "InputError", message: /"sise"/ });
    await assert.rejects(fit({ 2: 1 }), InputError);
    await assert.rejects(fit({ size: 2 }), InputError);
    await assert.rejects(fit({ route: 1 }), (error: unknown) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /"route"/);
      return true;
    });
    const many = Array.from({ length: 256 }, (_, k) => `level ${k}`);
    const columns = [input.columns[0], { ...route, levels: many }];
    await assert.rejects(fitGradientBoosting({ ...input, columns }), {
      name: "UnsupportedError",
      message: /"route" has 256/,
    });
  });

  it("names the column of an input that is not finite and of a level that is none", async () => {
    const input = routes(60, 6);
    const surrogate = await fitGradientBoosting(input, { rounds: 5 });
    const row = takeRows(input.x, [0]);
    row.data[0] = Number.POSITIVE_INFINITY;
    assert.throws(() => surrogate.predict(row), /row 0, column "size"/);
    row.data.set([0, 6]);
    assert.throws(() => surrogate.predict(row), /row 0, column "route"/);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import { median } from "../../core/statistics.ts";
import { kFold } from "../../data/split.ts";
import { dealFolds } from "../../surrogates/folds.ts";
import { kNearest } from "../../surrogates/k-nearest/k-nearest.ts";
import { smallDataset } from "../fixtures/small-data.ts";
import { judgingTask, type JudgingOptions } from "./judging-task.ts";
import { tuneModel } from "./tune-model.ts";

/** Forty invented alloys, a quarter of them without a temperature. */
const gaps = smallDataset(
  Array.from({ length: 40 }, (_, i) => {
    const [al, ti, v] = [1 + (i % 7), 1 + ((3 * i) % 5), 2 + ((5 * i) % 6)];
    const temperature = 20 + 10 * ((7 * i) % 40);
    const strength = 300 + 25 * al + 8 * v - 0.5 * temperature + 9 * ((11 * i) % 4);
    return [`Al${al}Ti${ti}V${v}`, strength, i % 4 === 1 ? null : temperature];
  }),
  ["formula", "strength_MPa", "test_temperature_C"],
);
const judging: JudgingOptions = {
  target: "strength",
  protocol: "kfold",
  groupBy: "composition",
  repeats: 1,
  folds: 4,
  testFraction: 0.2,
  seed: 5,
  features: ["fractions"],
  process: ["test_temperature"],
  pipeline: [{ step: "impute" }],
};
const [budget, innerFolds] = [6, 3];

/** Median of each column of the training rows in place of what is missing, in both parts. */
function imputed(x: Matrix, train: Int32Array, test: Int32Array): [Matrix, Matrix] {
  const fill = Array.from({ length: x.columns }, (_, j) =>
    median(
      Array.from(train, (row) => x.data[row * x.columns + j]).filter((one) => !Number.isNaN(one)),
    ),
  );
  const part = (rows: Int32Array): Matrix => {
    const own = takeRows(x, rows);
    const data = own.data.map((value, k) => (Number.isNaN(value) ? fill[k % x.columns] : value));
    return matrix(own.rows, own.columns, data);
  };
  return [part(train), part(test)];
}

test("tuning behind a pipeline keeps rows with gaps, and its outer score is that of a nested search by hand", async () => {
  const { data } = judgingTask(gaps, judging);
  const { x, y } = data;
  assert.equal(x.rows, 40, "rows without a temperature stay");
  assert.ok(x.data.some(Number.isNaN));
  const task = { kind: "regression" } as const;
  const predicted = async (train: Int32Array, rows: Int32Array, options: object, rng: Rng) => {
    const [inside, outside] = imputed(x, train, rows);
    const model = await kNearest.fit(
      { x: inside, y: Float64Array.from(train, (row) => y[row]), task, rng },
      options,
    );
    return model.predict(outside).mean.data;
  };
  const rng = createRng(judging.seed);
  const errors: number[] = [];
  for (const [f, { train, test: held }] of kFold(
    40,
    4,
    rng.fork("repeat 0").fork("split"),
  ).entries()) {
    const stream = rng.fork("repeat 0").fork(`fold ${f}`).fork("tune");
    const own = { x: takeRows(x, train), y: Float64Array.from(train, (row) => y[row]), task };
    const { fold } = dealFolds(own, innerFolds, stream.fork("judge").fork("inner folds"));
    let best = { loss: Infinity, options: {} };
    for (let k = 0; k < budget; k++) {
      const draw = stream.fork("random").fork(`point ${k}`);
      const options =
        k === 0
          ? { neighbours: 5, weights: "distance" }
          : {
              neighbours: Math.round(2 * Math.exp(draw.uniform() * Math.log(25))),
              weights: draw.uniform() < 0.5 ? "distance" : "uniform",
            };
      let loss = 0;
      for (let inner = 0; inner < innerFolds; inner++) {
        const outside = train.filter((_, i) => fold[i] !== inner);
        const inside = train.filter((_, i) => fold[i] === inner);
        const mean = await predicted(outside, inside, options, draw);
        inside.forEach((row, i) => (loss += (mean[i] - y[row]) ** 2));
      }
      if (loss < best.loss) best = { loss, options };
    }
    const mean = await predicted(train, held, best.options, stream);
    errors.push(Math.sqrt(held.reduce((sum, row, i) => sum + (mean[i] - y[row]) ** 2, 0) / 10));
  }
  const expected = errors.reduce((sum, error) => sum + error / 4, 0);

  const result = await tuneModel(gaps, {
    ...judging,
    model: "k-nearest",
    methods: ["random"],
    budget,
    innerFolds,
  });
  const scores = new Map(result.outer.ranking.map((one) => [one.model, one.score]));
  const score = scores.get("k-nearest, random")!;
  assert.ok(Math.abs(score - expected) < 1e-9 * expected, `${score}, not ${expected}`);
  assert.notEqual(score, scores.get("k-nearest, defaults"), "another choice than the defaults won");
  assert.equal(result.rows, 40);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { FitInput, SurrogateSpec } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { kNearest } from "../k-nearest/k-nearest.ts";
import { learningCurve } from "./learning-curve.ts";
import { noiseFloor } from "./noise-floor.ts";

function wave(n: number) {
  const draw = createRng(3);
  const x = matrix(n, 1);
  for (let i = 0; i < n; i++) x.data[i] = 6 * draw.uniform();
  const y = x.data.map((v) => Math.sin(v) + 0.05 * draw.normal());
  return { x, y, task: { kind: "regression" } as const };
}

describe("a learning curve", () => {
  it("falls as a model learns from more rows, and its last point is plain validation", async () => {
    const settings = { protocol: "kfold", repeats: 1, rng: createRng(1) } as const;
    const curve = await learningCurve(wave(200), { spec: kNearest }, settings);
    assert.equal(curve.metric, "rmse");
    assert.deepEqual(
      curve.points.map(({ rows }) => rows),
      [16, 32, 64, 112, 160],
    );
    const scores = curve.points.map(({ score }) => score.mean);
    assert.ok(scores[0] > 2 * scores[4], scores.join(", "));
    assert.ok(curve.points.every(({ score }) => score.std > 0));
    const whole = await learningCurve(
      wave(200),
      { spec: kNearest },
      { ...settings, fractions: [1] },
    );
    assert.deepEqual(whole.points[0], curve.points[4]);
  });

  it("adds to the smaller parts, tests the same rows, and adds whole keys", async () => {
    const data = wave(60);
    const groups = Array.from(data.y, (_, i) => `group ${i % 12}`);
    const trained: Set<number>[] = [];
    const tested: number[][] = [];
    const spy: SurrogateSpec = {
      ...dummy,
      fit: async (input: FitInput) => {
        trained.push(new Set(input.x.data));
        const surrogate = await dummy.fit(input);
        return {
          ...surrogate,
          predict: (rows) => {
            tested.push([...rows.data]);
            return surrogate.predict(rows);
          },
        };
      },
    };
    const settings = { repeats: 1, folds: 3, fractions: [0.3, 0.6, 1], rng: createRng(1) };
    for (const protocol of ["kfold", "grouped"] as const) {
      trained.length = 0;
      tested.length = 0;
      await learningCurve({ ...data, groups }, { spec: spy }, { ...settings, protocol });
      for (let f = 0; f < 3; f++) {
        for (const step of [0, 3]) {
          const smaller = [...trained[step + f]];
          assert.ok(smaller.length < trained[step + 3 + f].size);
          assert.ok(smaller.every((value) => trained[step + 3 + f].has(value)));
          assert.deepEqual(tested[step + f], tested[step + 3 + f]);
        }
        if (protocol === "grouped") assert.ok([...trained].every(({ size }) => size % 5 === 0));
      }
    }
  });

  it("refuses shares out of range and parts without two classes", async () => {
    const settings = { protocol: "kfold", repeats: 1, rng: createRng(1) } as const;
    const run = (fractions: number[], data: Parameters<typeof learningCurve>[0] = wave(40)) =>
      learningCurve(data, { spec: dummy }, { ...settings, fractions });
    await assert.rejects(run([0]), /above 0/);
    await assert.rejects(run([0.5, 1.5]), /above 0/);
    const rare = {
      ...wave(40),
      y: Float64Array.from({ length: 40 }, (_, i) => (i < 5 ? 1 : 0)),
      task: { kind: "classification", classes: ["no", "yes"] },
    } as const;
    await assert.rejects(run([0.01], rare), /too few to learn from/);
  });
});

describe("the noise floor", () => {
  const x = matrixOf([
    [1, 2],
    [1, 2],
    [3, 4],
    [3, 4],
    [3, 4],
    [5, 6],
  ]);

  it("of numbers pools the variance inside sets of equal inputs", () => {
    // By hand: (10, 12) has 2, (20, 23, 26) has 18 of squares; 5 rows - 2 sets = 3 degrees of freedom.
    const y = Float64Array.of(10, 12, 20, 23, 26, 50);
    const { sets, rows, pooledStd, pooledStdError, r2Ceiling } = noiseFloor(x, y, {
      kind: "regression",
    })!;
    assert.deepEqual([sets, rows], [2, 5]);
    assert.ok(Math.abs(pooledStd! - Math.sqrt(20 / 3)) < 1e-12);
    assert.ok(Math.abs(pooledStdError! - Math.sqrt(20 / 3 / 6)) < 1e-12);
    // The mean is 23.5, the squares about it 1035.5, over 5.
    assert.ok(Math.abs(r2Ceiling! - (1 - 20 / 3 / (1035.5 / 5))) < 1e-12);
  });

  it("of classes is the share of the most frequent class in each set", () => {
    const task = { kind: "classification", classes: ["no", "yes"] } as const;
    const floor = noiseFloor(x, Float64Array.of(0, 1, 1, 1, 0, 0), task);
    assert.deepEqual(floor, { sets: 2, rows: 5, isEnough: false, accuracyCeiling: 3 / 5 });
  });

  it("is not known where all inputs differ", () => {
    const distinct = matrixOf([[1], [2], [3]]);
    assert.equal(noiseFloor(distinct, Float64Array.of(1, 2, 3), { kind: "regression" }), null);
    const unknown = matrixOf([[1], [Number.NaN], [Number.NaN]]);
    assert.equal(noiseFloor(unknown, Float64Array.of(1, 2, 3), { kind: "regression" }), null);
  });
});

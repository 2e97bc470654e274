import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { FitInput, SurrogateSpec } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { randomForest } from "../forest/random-forest.ts";
import { linear } from "../linear/linear.ts";
import type { ValidationData } from "./held-out.ts";
import { validate } from "./validate.ts";

const n = 120;

/** A plane with noise; rows of one group share most of their inputs and a shift of their own. */
function plane(): ValidationData & { groups: string[] } {
  const rng = createRng(11);
  const x = matrix(n, 2);
  const y = new Float64Array(n);
  const groups: string[] = [];
  for (let g = 0; g < n / 4; g++) {
    const [a, b, shift] = [rng.normal(), rng.normal(), 3 * rng.normal()];
    for (let i = 4 * g; i < 4 * g + 4; i++) {
      x.data.set([a + 0.01 * rng.normal(), b + 0.01 * rng.normal()], 2 * i);
      y[i] = 10 + 2 * a - b + shift + 0.1 * rng.normal();
      groups.push(`system ${g}`);
    }
  }
  return { x, y, task: { kind: "regression" }, groups };
}

function twoClasses(): ValidationData {
  const { x, y } = plane();
  return {
    x,
    y: y.map((value) => (value > 10 ? 1 : 0)),
    task: { kind: "classification", classes: ["no", "yes"] },
  };
}

const few = { trees: 40 };
const rng = () => createRng(5);

describe("validate", () => {
  it("holds every row out exactly once with folds", async () => {
    const { predictions } = await validate(
      plane(),
      linear,
      {},
      { protocol: "kfold", repeats: 1, rng: rng() },
    );
    assert.deepEqual(
      [...predictions.rows],
      Array.from({ length: n }, (_, i) => i),
    );
  });

  it("never trains on a row that it tests, nor on a relative of it when grouped", async () => {
    const data = plane();
    const keyOf = new Map(Array.from({ length: n }, (_, i) => [data.x.data[2 * i], i]));
    let trained: number[] = [];
    const spy: SurrogateSpec = {
      ...dummy,
      fit: async (input: FitInput) => {
        trained = Array.from({ length: input.x.rows }, (_, i) => keyOf.get(input.x.data[2 * i])!);
        const surrogate = await dummy.fit(input);
        return {
          ...surrogate,
          predict: (rows) => {
            const groups = new Set(trained.map((row) => data.groups[row]));
            for (let i = 0; i < rows.rows; i++) {
              const row = keyOf.get(rows.data[2 * i])!;
              assert.ok(!trained.includes(row));
              if (protocol === "grouped") assert.ok(!groups.has(data.groups[row]));
            }
            return surrogate.predict(rows);
          },
        };
      },
    };
    let protocol: "holdout" | "kfold" | "grouped" = "holdout";
    for (protocol of ["holdout", "kfold", "grouped"] as const) {
      await validate(data, spy, undefined, { protocol, repeats: 2, rng: rng() });
      assert.ok(trained.length > n / 2);
    }
  });

  it("gives the same result for the same seed and another for another", async () => {
    const run = (seed: number) =>
      validate(plane(), randomForest, few, {
        protocol: "holdout",
        repeats: 2,
        rng: createRng(seed),
      });
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    assert.deepEqual(one, again);
    assert.notDeepEqual(one.metrics, other.metrics);
  });

  it("finds a forest much worse on unseen groups when groups have their own shift", async () => {
    const run = async (protocol: "kfold" | "grouped") =>
      (await validate(plane(), randomForest, few, { protocol, repeats: 1, rng: rng() })).metrics;
    assert.ok((await run("kfold"))["r2"].mean > 0.8);
    assert.ok((await run("grouped"))["r2"].mean < 0.5);
  });

  it("states the baselines on the same splits", async () => {
    const settings = { protocol: "kfold", repeats: 2 } as const;
    const forest = await validate(plane(), randomForest, few, { ...settings, rng: rng() });
    const own = await validate(plane(), linear, undefined, { ...settings, rng: rng() });
    assert.deepEqual(forest.baseline["linear"], own.metrics);
    // The mean of a training part is no better than the mean of the test part.
    assert.ok(forest.baseline["dummy"]["r2"].mean <= 0);
  });

  it("knows calibrated residuals of a plane with even noise", async () => {
    const draw = createRng(2);
    const x = matrix(600, 1);
    for (let i = 0; i < 600; i++) x.data[i] = draw.normal();
    const data: ValidationData = {
      x,
      y: x.data.map((v) => v + draw.normal()),
      task: { kind: "regression" },
    };
    const { calibration, metrics } = await validate(
      data,
      linear,
      {},
      { protocol: "kfold", repeats: 1, rng: rng() },
    );
    for (const { nominal, observed } of calibration) assert.ok(Math.abs(nominal - observed) < 0.06);
    assert.ok(Math.abs(metrics["coverage90"].mean - 0.9) < 0.04);
  });

  it("averages what repeats say of a row, and spreads metrics over repeats", async () => {
    const settings = { protocol: "holdout", testFraction: 0.5, repeats: 6 } as const;
    const result = await validate(twoClasses(), randomForest, few, { ...settings, rng: rng() });
    const { rows, mean, std } = result.predictions;
    assert.equal(mean.rows, rows.length);
    assert.equal(std.columns, 2);
    for (let i = 0; i < rows.length; i++) {
      assert.ok(Math.abs(mean.data[2 * i] + mean.data[2 * i + 1] - 1) < 1e-12);
    }
    assert.ok(result.metrics["accuracy"].std > 0);
    assert.ok(result.metrics["rocAuc"].mean > result.baseline["dummy"]["rocAuc"].mean);
    const counted = result.calibration.reduce((sum, point) => sum + point.count, 0);
    assert.equal(counted, 6 * (n / 2));
  });

  it("judges the published split on its own rows", async () => {
    const split = {
      train: Int32Array.from({ length: 80 }, (_, i) => i),
      test: Int32Array.of(90, 100, 110, 111),
    };
    const { predictions } = await validate(
      { ...plane(), split },
      linear,
      {},
      { protocol: "published", rng: rng() },
    );
    assert.deepEqual(predictions.rows, split.test);
  });

  it("refuses what a protocol lacks, in words", async () => {
    const { x, y, task } = plane();
    const run = (protocol: string, extra: object = {}) =>
      validate({ x, y, task, ...extra }, dummy, {}, { protocol: protocol as "kfold", rng: rng() });
    await assert.rejects(run("grouped"), { name: "InputError", message: /group for every row/ });
    await assert.rejects(run("published"), { name: "InputError", message: /split that came/ });
    await assert.rejects(run("jackknife"), { name: "InputError", message: /"jackknife"/ });
    await assert.rejects(run("grouped", { groups: ["a"] }), ShapeError);
    await assert.rejects(
      validate(plane(), dummy, {}, { protocol: "kfold", repeats: 0, rng: rng() }),
      InputError,
    );
  });

  it("stops when cancelled and reports progress to the end", async () => {
    const controller = new AbortController();
    const seen: [number, number][] = [];
    const report = ({ done, total }: { done: number; total: number }) => seen.push([done, total]);
    const settings = { protocol: "kfold", repeats: 2, rng: rng() } as const;
    await validate(plane(), dummy, {}, { ...settings, work: { report } });
    assert.deepEqual(seen[0], [0, 1000]);
    assert.deepEqual(seen.at(-1), [1000, 1000]);
    for (let k = 1; k < seen.length; k++) assert.ok(seen[k][0] >= seen[k - 1][0]);
    controller.abort(new Error("enough"));
    await assert.rejects(
      validate(plane(), dummy, {}, { ...settings, work: { signal: controller.signal } }),
      /enough/,
    );
  });
});

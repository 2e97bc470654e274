import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { InputColumn, Task } from "../contract.ts";
import { loadSurrogate, saveSurrogate } from "../saved-state.ts";
import { deepEnsemble } from "./deep-ensemble.ts";
import { mlp } from "./mlp.ts";

const levels = ["calculated", "measured", "unseen"];
const columns: readonly InputColumn[] = [
  { name: "a", kind: "number" },
  { name: "origin", kind: "source", levels },
  { name: "b", kind: "number" },
];

/** Rows a, source, b; b never matters. */
function rows(n: number, seed: number, sources: readonly number[]): Matrix {
  const draw = createRng(seed);
  const x = matrix(n, 3);
  for (let i = 0; i < n; i++) {
    x.data.set([2 * draw.uniform() - 1, sources[i % sources.length], draw.normal()], 3 * i);
  }
  return x;
}

/** Two properties of other size and sign that follow from the same function of a. */
const truth = (a: number, source: number): number =>
  source === 0 ? Math.sin(3 * a) : 500 - 80 * Math.sin(3 * a);

const truths = (x: Matrix): Float64Array =>
  Float64Array.from({ length: x.rows }, (_, i) => truth(x.data[3 * i], x.data[3 * i + 1]));

const regression: Task = { kind: "regression" };
const options = { hidden: [24, 24], epochs: 200 };

describe("heads for sources", () => {
  const x = rows(200, 1, [0, 0, 0, 1]);
  const y = truths(x);
  const fit = () => mlp.fit({ x, y, task: regression, rng: createRng(3), columns }, options);

  it("tell two properties of very different size from shared layers", async () => {
    const fitted = await fit();
    for (const [source, amplitude] of [
      [0, 1],
      [1, 80],
    ]) {
      const probe = rows(50, 9, [source]);
      const { mean } = fitted.predict(probe);
      const expected = truths(probe);
      const error = Math.sqrt(
        mean.data.reduce((sum, value, i) => sum + (value - expected[i]) ** 2, 0) / 50,
      );
      assert.ok(error < 0.15 * amplitude, `source ${source}: ${error}`);
    }
    assert.equal(fitted.summary["heads"], 3);
  });

  it("answer for a source without rows with mean and spread of all rows", async () => {
    const { mean, aleatoricStd } = (await fit()).predict(rows(5, 9, [2]));
    const average = y.reduce((sum, value) => sum + value, 0) / y.length;
    const std = Math.sqrt(y.reduce((sum, value) => sum + (value - average) ** 2, 0) / y.length);
    for (let i = 0; i < 5; i++) {
      assert.ok(Math.abs(mean.data[i] - average) < 1e-9 * average);
      assert.ok(aleatoricStd.data[i] > 0.05 * std);
    }
  });

  it("refuse a source that is none and name row and column", async () => {
    const fitted = await fit();
    assert.throws(
      () => fitted.predict(rows(4, 1, [0, 1, 3])),
      (error: unknown) =>
        error instanceof InputError && /row 2, column "origin"/.test(error.message),
    );
    const only = { x: matrix(30, 1), y: y.slice(0, 30), task: regression, rng: createRng(1) };
    await assert.rejects(mlp.fit({ ...only, columns: [columns[1]] }), /inputs beside the source/);
  });

  it("come back from a saved state, for classes and ensembles too", async () => {
    const task: Task = { kind: "classification", classes: ["low", "high"] };
    const labels = Float64Array.from({ length: 200 }, (_, i) =>
      x.data[3 * i] > 0 === (x.data[3 * i + 1] === 0) ? 1 : 0,
    );
    const input = { x, y: labels, task, rng: createRng(3), columns };
    const fitted = await deepEnsemble.fit(input, { ...options, epochs: 60, members: 2 });
    const loaded = loadSurrogate(
      { "deep-ensemble": deepEnsemble },
      saveSurrogate(deepEnsemble, fitted)!,
    );
    assert.deepEqual(loaded.predict(x), fitted.predict(x));
    const { mean } = loaded.predict(x);
    const right = labels.filter((label, i) => mean.data[2 * i + label] > 0.5).length;
    assert.ok(right > 190, `${right} of 200`);
    assert.throws(() => loaded.predict(rows(1, 1, [5])), /column "origin"/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sin } from "../core/elementary.ts";
import { correlations } from "../core/linalg/covariance.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { activations } from "../core/autodiff/elementwise.ts";
import { calibrated } from "./conformal/calibrated.ts";
import type { FitInput, Surrogate } from "./contract.ts";
import { gaussianProcess } from "./gaussian-process/gaussian-process.ts";
import { lasso } from "./lasso/lasso.ts";
import { deepEnsemble } from "./mlp/deep-ensemble.ts";
import { mlp } from "./mlp/mlp.ts";
import { surrogates } from "./registry.ts";

/** Fractions a, b, c that sum to one, and a temperature in K; a smooth number of them. */
function inputs(n: number, seed: number): Matrix {
  const rng = createRng(seed);
  const x = matrix(n, 4);
  for (let i = 0; i < n; i++) {
    rowOf(x, i).set(rng.dirichlet([1, 1, 1]));
    rowOf(x, i)[3] = 300 + 700 * rng.uniform();
  }
  return x;
}

const { ridge } = surrogates;
const x = inputs(40, 1);
const data: FitInput = {
  x,
  y: Float64Array.from({ length: 40 }, (_, i) => {
    const [a, b, , t] = rowOf(x, i);
    return 300 * a * b + 40 * sin(t / 200) + 20 * a;
  }),
  task: { kind: "regression" },
  rng: createRng(2),
};

/** Central differences of the mean; each step is a small share of the column's range. */
function differences(surrogate: Surrogate, at: Matrix): Matrix {
  const result = matrix(at.rows, at.columns);
  for (let j = 0; j < at.columns; j++) {
    const step = j === 3 ? 0.005 : 1e-5;
    const moved = (by: number): Float64Array => {
      const rows = matrix(at.rows, at.columns, at.data.slice());
      for (let i = 0; i < at.rows; i++) rowOf(rows, i)[j] += by;
      return surrogate.predict(rows).mean.data;
    };
    const [up, down] = [moved(step), moved(-step)];
    for (let i = 0; i < at.rows; i++) rowOf(result, i)[j] = (up[i] - down[i]) / (2 * step);
  }
  return result;
}

function requireGradient(surrogate: Surrogate): void {
  const at = inputs(6, 3);
  const found = surrogate.gradient!(at);
  const expected = differences(surrogate, at);
  assert.deepEqual([found.rows, found.columns], [6, 4]);
  for (let j = 0; j < 4; j++) {
    let size = 0;
    for (let i = 0; i < 6; i++) size = Math.max(size, Math.abs(rowOf(expected, i)[j]));
    for (let i = 0; i < 6; i++) {
      const gap = Math.abs(rowOf(found, i)[j] - rowOf(expected, i)[j]);
      assert.ok(gap <= 1e-5 * size, `row ${i}, input ${j}: ${gap} of ${size}`);
    }
  }
}

const small = { hidden: [8, 6], epochs: 60, precision: "f64" } as const;

describe("the gradient of a mean is what central differences give", () => {
  it("for ridge, lasso and a calibrated ridge", async () => {
    requireGradient(await ridge.fit(data));
    requireGradient(await lasso.fit(data));
    requireGradient(await calibrated(ridge).fit(data));
  });

  for (const activation of Object.keys(activations) as (keyof typeof activations)[]) {
    it(`for a network with ${activation}`, async () => {
      requireGradient(await mlp.fit(data, { ...small, activation }));
    });
  }

  it("for an ensemble of networks", async () => {
    requireGradient(await deepEnsemble.fit(data, { ...small, members: 3 }));
  });

  for (const kernel of Object.keys(correlations) as (keyof typeof correlations)[]) {
    it(`for a Gaussian process with the ${kernel} kernel, also loaded again`, async () => {
      const surrogate = await gaussianProcess.fit(data, { kernel });
      requireGradient(surrogate);
      const { name: family, task, inputs: count, summary } = surrogate;
      const saved = { family, version: 1, task, inputs: count, summary, ...surrogate.save!() };
      const rows = inputs(3, 5);
      assert.deepEqual(gaussianProcess.load(saved).gradient!(rows), surrogate.gradient!(rows));
    });
  }

  it("for a Gaussian process over fractions whose elements resemble each other", async () => {
    const columns = ["a", "b", "c", "t"].map((name) => ({ name, kind: "number" }) as const);
    const similarity = [
      [1, 0.6, 0.1],
      [0.6, 1, 0.2],
      [0.1, 0.2, 1],
    ];
    const composition = { columns: ["a", "b", "c"], similarity };
    requireGradient(await gaussianProcess.fit({ ...data, columns }, { composition }));
  });

  it("and absent for families whose mean has steps", async () => {
    for (const spec of [surrogates["random-forest"], surrogates["k-nearest"]]) {
      assert.ok(!("gradient" in (await spec.fit(data))));
    }
  });
});

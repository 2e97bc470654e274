import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { surrogates } from "../registry.ts";
import { loadSurrogate, saveSurrogate } from "../saved-state.ts";
import { linear } from "./linear.ts";
import { logisticRegression } from "./logistic-regression.ts";

const two = { kind: "classification", classes: ["no", "yes"] } as const;
const three = { kind: "classification", classes: ["a", "b", "c"] } as const;

/** Rows of d normal inputs, with classes drawn from a softmax of planes. */
function drawn(n: number, planes: readonly (readonly number[])[], seed: string) {
  const rng = createRng(seed);
  const x = matrix(n, planes[0].length - 1);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const row = [...x.data.subarray(i * x.columns, (i + 1) * x.columns), 1];
    const weights = planes.map((plane) =>
      Math.exp(plane.reduce((sum, one, j) => sum + one * row[j], 0)),
    );
    let at = rng.uniform() * weights.reduce((a, b) => a + b);
    return weights.findIndex((weight) => (at -= weight) < 0);
  });
  return { x, y };
}

const queries = matrixOf([
  [0, 0],
  [0.5, -1],
  [2, 1],
  [-3, 4],
]);

describe("the epistemic std of a logistic regression", () => {
  it("is the textbook's p (1 - p) sqrt(x' H^-1 x) for two classes", async () => {
    const { x, y } = drawn(80, [[0, 0, 0], [1.2, -0.7, 0.3]], "two"); // prettier-ignore
    const penalty = 0.02;
    const model = await linear.fit({ x, y, task: two, rng: createRng(1) }, { penalty });
    const scale = [0, 1].map((j) => {
      const values = Array.from({ length: 80 }, (_, i) => x.data[2 * i + j]);
      const mean = values.reduce((a, b) => a + b) / 80;
      return { mean, std: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 80) };
    });
    const rowOf = (a: number, b: number): number[] => [
      (a - scale[0].mean) / scale[0].std,
      (b - scale[1].mean) / scale[1].std,
      1,
    ];
    // The difference of two coefficients, each with the prior's precision n penalty, has half of it.
    const h = [0, 1, 2].map((j) => [0, 1, 2].map((k) => (j === k && j < 2 ? 40 * penalty : 0)));
    const { mean: p } = model.predict(x);
    for (let i = 0; i < 80; i++) {
      const row = rowOf(x.data[2 * i], x.data[2 * i + 1]);
      const q = p.data[2 * i] * p.data[2 * i + 1];
      h.forEach((line, j) => line.forEach((_, k) => (line[k] += q * row[j] * row[k])));
    }
    const { mean, epistemicStd, aleatoricStd } = model.predict(queries);
    for (let i = 0; i < queries.rows; i++) {
      const row = rowOf(queries.data[2 * i], queries.data[2 * i + 1]);
      const z = solve3(h, row);
      const variance = row.reduce((sum, value, j) => sum + value * z[j], 0);
      const q = mean.data[2 * i] * mean.data[2 * i + 1];
      const expected = Math.sqrt(Math.min(q * q * variance, q));
      for (const k of [2 * i, 2 * i + 1]) {
        assert.ok(Math.abs(epistemicStd.data[k] - expected) < 1e-6 * expected);
        const total = epistemicStd.data[k] ** 2 + aleatoricStd.data[k] ** 2;
        assert.ok(Math.abs(total - q) < 1e-12);
      }
    }
  });

  it("is the spread of models of other samples for three classes, within a quarter", async () => {
    const planes = [[1, 0, 0], [0, 1, 0.5], [-1, -0.5, 0]]; // prettier-ignore
    const options = { penalty: 1e-6 };
    const fit = (seed: string) =>
      logisticRegression.fit(
        { ...drawn(800, planes, seed), task: three, rng: createRng(1) },
        options,
      );
    const near = matrixOf([[0, 0], [0.5, -1], [1, 1]]); // prettier-ignore
    const told = (await fit("own")).predict(near).epistemicStd.data;
    const samples: Float64Array[] = [];
    for (let s = 0; s < 200; s++) samples.push((await fit(`sample ${s}`)).predict(near).mean.data);
    told.forEach((std, k) => {
      const mean = samples.reduce((sum, one) => sum + one[k] / 200, 0);
      const spread = Math.sqrt(samples.reduce((sum, one) => sum + (one[k] - mean) ** 2 / 199, 0));
      assert.ok(std / spread > 0.75 && std / spread < 1.25, `${k}: ${std} of ${spread}`);
    });
  });

  it("is never more than the class's own, shrinks with more rows, and outlives a file", async () => {
    const at = async (n: number) => {
      const own = { ...drawn(n, [[0, 0, 0], [3, 1, 0]], "more"), task: two, rng: createRng(1) }; // prettier-ignore
      return logisticRegression.fit(own, { mix: 0.5, penalty: 1e-3 });
    };
    const [few, many] = [await at(40), await at(4000)];
    const [one, other] = [few.predict(queries), many.predict(queries)];
    one.epistemicStd.data.forEach((std, k) => {
      const p = one.mean.data[k];
      assert.ok(std * std <= p * (1 - p) + 1e-15);
    });
    assert.ok(other.epistemicStd.data[0] < 0.2 * one.epistemicStd.data[0]);
    const saved = saveSurrogate(logisticRegression, few)!;
    assert.deepEqual(loadSurrogate(surrogates, saved).predict(queries), one);
    const old = loadSurrogate(surrogates, { ...saved, version: 1 }).predict(queries);
    assert.deepEqual(old.mean, one.mean);
    assert.ok(old.epistemicStd.data.every((std) => std === 0));
  });

  it("is not told with more coefficients than are worth it, which the summary says", async () => {
    const rng = createRng("wide");
    const x = matrix(30, 2100);
    for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
    const y = Float64Array.from({ length: 30 }, (_, i) => i % 2);
    const model = await logisticRegression.fit({ x, y, task: two, rng });
    assert.match(String(model.summary["epistemic"]), /not told/);
    assert.ok(model.predict(x).epistemicStd.data.every((std) => std === 0));
  });
});

/** The solution of a 3 x 3 system by Cramer's rule. */
function solve3(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const det = (m: readonly (readonly number[])[]): number =>
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  const whole = det(a);
  return [0, 1, 2].map(
    (k) => det(a.map((line, i) => line.map((v, j) => (j === k ? b[i] : v)))) / whole,
  );
}

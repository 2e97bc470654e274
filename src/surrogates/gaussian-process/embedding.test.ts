import assert from "node:assert/strict";
import { it } from "node:test";
import { InputError, ShapeError } from "../../core/errors.ts";
import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { elementSimilarity, embed, fitEmbedding, scalesOf } from "./embedding.ts";
import { fitGaussianProcess } from "./gaussian-process.ts";

const columns = ["T", "A", "B", "C"].map((name) => ({ name, kind: "number" }) as const);
// A and B resemble each other, C is another kind of element.
const similarity = elementSimilarity(matrixOf([[1.6], [1.7], [3]]));
const composition = { columns: ["A", "B", "C"], similarity };

function alloys(n: number, seed: number) {
  const rng = createRng(seed);
  const x = matrix(n, 4);
  for (let i = 0; i < n; i++) x.data.set([rng.normal(), ...rng.dirichlet([1, 1, 1])], 4 * i);
  return x;
}

it("measures the distance of compositions by the similarity of their elements", () => {
  const x = alloys(30, 1);
  const embedding = fitEmbedding("test", x, columns, composition);
  const { points } = embed(embedding, x);
  let scale = 0;
  for (let a = 0; a < 30; a++) {
    for (let b = 0; b < a; b++) {
      const change = Array.from({ length: 3 }, (_, j) => rowOf(x, a)[j + 1] - rowOf(x, b)[j + 1]);
      let expected = 0;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) expected += change[i] * similarity[i][j] * change[j];
      }
      let found = 0;
      for (let c = 1; c < points.columns; c++)
        found += (rowOf(points, a)[c] - rowOf(points, b)[c]) ** 2;
      scale ||= found / expected;
      assert.ok(Math.abs(found / (scale * expected) - 1) < 1e-9);
    }
  }
  assert.deepEqual(Array.from(scalesOf(embedding, true)), [0, 1, 1, 1]);
  assert.deepEqual(Array.from(scalesOf(embedding, false)), [0, 1, 1, 1]);
});

it("gives positive definite correlations of different compositions", () => {
  const x = alloys(25, 2);
  const { points } = embed(fitEmbedding("test", x, columns, composition), x);
  for (const name of ["matern-1/2", "matern-3/2", "matern-5/2", "rational-quadratic"] as const) {
    const { values } = symmetricEigen(correlationMatrix({ name }, points, [1, 1, 1, 1]));
    assert.ok(values[0] > 0, `${name}: ${values[0]}`);
  }
});

it("carries what is known of one element to another that resembles it", async () => {
  // Rows hold A and C only; the property grows with C, whatever else there is.
  const rng = createRng(3);
  const x = matrix(25, 3);
  for (let i = 0; i < 25; i++) {
    const c = rng.uniform();
    x.data.set([1 - c, 0.02 * rng.uniform(), c], 3 * i);
  }
  const y = Float64Array.from({ length: 25 }, (_, i) => 100 * x.data[3 * i + 2] ** 2);
  const named = columns.slice(1);
  const input = { x, y, columns: named, task: { kind: "regression" }, rng: createRng(1) } as const;
  const at = matrix(1, 3, Float64Array.of(0, 0.5, 0.5));
  const aware = (await fitGaussianProcess(input, { composition })).predict(at);
  assert.ok(Math.abs(aware.mean.data[0] - 25) < 3, `${aware.mean.data[0]}`);
});

it("refuses columns that are not there and similarities that are none", () => {
  const x = alloys(10, 4);
  const fit = (changes: object) => fitEmbedding("test", x, columns, { ...composition, ...changes });
  assert.throws(() => fit({ columns: ["A", "B", "X"] }), { name: "InputError", message: /"X"/ });
  assert.throws(() => fit({ columns: ["A", "B", "A"] }), InputError);
  assert.throws(() => fit({ similarity: [[1]] }), ShapeError);
  const asymmetric = similarity.map((row) => row.slice());
  asymmetric[0][1] += 0.1;
  assert.throws(() => fit({ similarity: asymmetric }), /"A" and "B"/);
  assert.throws(
    () =>
      fit({
        similarity: [
          [1, 2, 0],
          [2, 1, 0],
          [0, 0, 1],
        ],
      }),
    /positive semidefinite/,
  );
  assert.throws(() => fitEmbedding("test", x, undefined, composition), InputError);
});

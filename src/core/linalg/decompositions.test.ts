import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NumericalError, ShapeError } from "../errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import { leastSquares } from "./least-squares.ts";
import { gram, multiply } from "./multiply.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** From mpmath and numpy; made by linalg.py. */
const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/linalg.json", import.meta.url), "utf8"),
);

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `${actual[i]} is not ${expected[i]}`);
  }
};

test("least squares with and without a ridge agree with the exact solution", () => {
  const a = matrixOf(reference.a);
  near(leastSquares(a, reference.b), reference.solution, 1e-13);
  near(leastSquares(a, reference.b, { ridge: 2.5 }), reference.ridge, 1e-13);
});

test("a square system is solved, and a ridge allows more columns than rows", () => {
  near(
    leastSquares(
      matrixOf([
        [2, 1],
        [1, 3],
      ]),
      [5, 10],
    ),
    [1, 3],
    1e-14,
  );
  // Two unknowns, one equation: x = a b / (a.a + ridge).
  near(leastSquares(matrixOf([[3, 4]]), [50], { ridge: 25 }), [3, 4], 1e-14);
});

test("dependent columns and sizes that do not fit are refused", () => {
  const dependent = matrixOf([
    [1, 2, 3],
    [4, 5, 9],
    [7, 8, 15],
    [1, 0, 1],
  ]);
  assert.throws(
    () => leastSquares(dependent, [1, 2, 3, 4]),
    (error: unknown) => {
      assert.ok(error instanceof NumericalError);
      assert.match(error.message, /column 2 of 3/);
      return true;
    },
  );
  assert.throws(() => leastSquares(matrix(2, 3), [1, 2]), ShapeError);
  assert.throws(() => leastSquares(matrix(3, 2), [1, 2]), ShapeError);
});

test("eigenvalues agree with numpy", () => {
  near(symmetricEigen(matrixOf(reference.symmetric)).values, reference.eigenvalues, 1e-13);
});

test("eigenvectors are orthonormal and rebuild the matrix", () => {
  const rng = createRng("eigen");
  for (const n of [1, 2, 5, 40]) {
    const raw = matrix(
      n + 1,
      n,
      Float64Array.from({ length: n * n + n }, () => rng.normal()),
    );
    const a = gram(raw);
    const { values, vectors } = symmetricEigen(a);
    const scaled: Matrix = matrix(n, n, vectors.data.slice());
    values.forEach((value, k) => rowOf(scaled, k).forEach((_, i, row) => (row[i] *= value)));
    near(multiply(vectors, scaled, { transposeA: true }).data, a.data, 1e-12 * n);
    const identity = multiply(vectors, vectors, { transposeB: true });
    identity.data.forEach((value, k) => near([value], [k % (n + 1) === 0 ? 1 : 0], 1e-13));
  }
});

test("tiny eigenvalues of a graded matrix keep their digits", () => {
  // diag(1, 1e-8, 1e-16) B diag(...) with B = [[2,1,0],[1,2,1],[0,1,2]]: the smallest eigenvalue is
  // the last pivot 4/3 times 1e-32, but for terms of relative size 1e-16.
  const d = [1, 1e-8, 1e-16];
  const b = [
    [2, 1, 0],
    [1, 2, 1],
    [0, 1, 2],
  ];
  const { values } = symmetricEigen(
    matrixOf(b.map((row, i) => row.map((v, j) => d[i] * v * d[j]))),
  );
  near([values[0] / 1e-32, values[1] / 1e-16, values[2]], [4 / 3, 3 / 2, 2], 1e-14);
});

test("a matrix with a number that is not finite is refused", () => {
  assert.throws(() => symmetricEigen(matrixOf([[Number.NaN]])), NumericalError);
  assert.throws(() => symmetricEigen(matrix(2, 3)), ShapeError);
});

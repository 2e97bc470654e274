import assert from "node:assert/strict";
import { test } from "node:test";
import { NumericalError, ShapeError } from "../errors.ts";
import { matrix, matrixOf, type Matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  choleskyWithJitter,
  logDeterminant,
} from "./cholesky.ts";
import { gram, multiply } from "./multiply.ts";
import { solveTriangular } from "./triangular.ts";

/** Sizes on both sides of the edges of tiles (4), leaves (16) and blocks (96, 256). */
const sizes = [1, 2, 3, 4, 5, 15, 16, 17, 33, 64, 97, 130, 259];

const rng = createRng(1);
const random = (rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
  );

const at = (m: Matrix, i: number, j: number): number => m.data[i * m.columns + j];

const transpose = (m: Matrix): Matrix => {
  const result = matrix(m.columns, m.rows);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) result.data[j * m.rows + i] = at(m, i, j);
  }
  return result;
};

/** The definition of the product, one entry at a time. */
const product = (a: Matrix, b: Matrix): Matrix => {
  const c = matrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      for (let k = 0; k < a.columns; k++) c.data[i * b.columns + j] += at(a, i, k) * at(b, k, j);
    }
  }
  return c;
};

const close = (actual: Matrix, expected: Matrix, tolerance: number): void => {
  assert.deepEqual([actual.rows, actual.columns], [expected.rows, expected.columns]);
  let largest = 0;
  for (let i = 0; i < actual.data.length; i++) {
    const difference = Math.abs(actual.data[i] - expected.data[i]);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  assert.ok(largest <= tolerance, `largest difference ${largest}`);
};

const positiveDefinite = (n: number): Matrix => {
  const a = gram(random(n + 3, n));
  for (let i = 0; i < n; i++) a.data[i * n + i] += 1;
  return a;
};

test("products agree with the definition for all transposes and sizes", () => {
  for (const m of [1, 3, 4, 17, 99]) {
    for (const [n, k] of [
      [1, 1],
      [5, 2],
      [4, 260],
      [33, 16],
    ] as const) {
      const a = random(m, k);
      const b = random(k, n);
      const expected = product(a, b);
      close(multiply(a, b), expected, 1e-13 * k);
      close(multiply(transpose(a), b, { transposeA: true }), expected, 1e-13 * k);
      close(multiply(a, transpose(b), { transposeB: true }), expected, 1e-13 * k);
      close(
        multiply(transpose(a), transpose(b), { transposeA: true, transposeB: true }),
        expected,
        1e-13 * k,
      );
    }
  }
});

test("a product with more than 1024 columns and one without inner size are right", () => {
  const a = random(3, 5);
  const b = random(5, 1031);
  close(multiply(a, b), product(a, b), 1e-13);
  assert.deepEqual(multiply(matrix(2, 0), matrix(0, 3)).data, new Float64Array(6));
});

test("the Gram matrix is A^T A and exactly symmetric", () => {
  for (const n of sizes) {
    const a = random(n + 2, n);
    const g = gram(a);
    close(g, product(transpose(a), a), 1e-12 * n);
    assert.deepEqual(transpose(g).data, g.data);
  }
});

test("the Cholesky factor is lower triangular and L L^T = A", () => {
  for (const n of sizes) {
    const a = positiveDefinite(n);
    const l = cholesky(a);
    close(multiply(l, l, { transposeB: true }), a, 1e-13 * n * 4);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) assert.equal(at(l, i, j), 0);
  }
});

test("the factor does not depend on what stands above the diagonal", () => {
  const a = positiveDefinite(100);
  const broken = matrix(100, 100, a.data.slice());
  for (let i = 0; i < 100; i++) broken.data.fill(Number.NaN, i * 100 + i + 1, (i + 1) * 100);
  assert.deepEqual(cholesky(broken).data, cholesky(a).data);
});

test("triangular systems are solved for both triangles, vectors and matrices", () => {
  for (const n of sizes) {
    const l = cholesky(positiveDefinite(n));
    const x = random(n, 7);
    close(solveTriangular(l, product(l, x)), x, 1e-11 * n);
    close(solveTriangular(l, product(transpose(l), x), { transpose: true }), x, 1e-11 * n);
    const v = random(n, 1);
    const forward = solveTriangular(l, product(l, v).data);
    close(matrix(n, 1, forward), v, 1e-11 * n);
    const backward = solveTriangular(l, product(transpose(l), v).data, { transpose: true });
    close(matrix(n, 1, backward), v, 1e-11 * n);
  }
});

test("solving with the factor inverts A, and so does the inverse", () => {
  for (const n of sizes) {
    const a = positiveDefinite(n);
    const l = cholesky(a);
    const x = random(n, 3);
    close(choleskySolve(l, product(a, x)), x, 1e-10 * n);
    const inverse = choleskyInverse(l);
    const identity = matrix(n, n);
    for (let i = 0; i < n; i++) identity.data[i * n + i] = 1;
    close(product(a, inverse), identity, 1e-11 * n);
    assert.deepEqual(transpose(inverse).data, inverse.data);
  }
});

test("the logarithm of the determinant of the Hilbert matrix of order 4 is -log 6048000", () => {
  // Source: det H_4 = 1 / 6048000 (OEIS A005249).
  const hilbert = matrixOf([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => 1 / (i + j + 1))));
  assert.ok(Math.abs(logDeterminant(cholesky(hilbert)) + Math.log(6048000)) < 1e-12);
});

test("a matrix that is not positive definite is refused with the pivot, or repaired in the open", () => {
  const n = 40;
  const a = positiveDefinite(n);
  for (let j = 0; j < n; j++) a.data[21 * n + j] = a.data[20 * n + j];
  for (let i = 0; i < n; i++) a.data[i * n + 21] = a.data[i * n + 20];
  a.data[21 * n + 21] = a.data[20 * n + 20] - 1e-9;
  assert.throws(
    () => cholesky(a),
    (error: unknown) => {
      assert.ok(error instanceof NumericalError);
      assert.match(error.message, /pivot 21 of 40/);
      return true;
    },
  );
  const { factor, jitter } = choleskyWithJitter(a);
  assert.ok(jitter > 0 && jitter < 1e-5, `${jitter}`);
  const shifted = matrix(n, n, a.data.slice());
  for (let i = 0; i < n; i++) shifted.data[i * n + i] += jitter;
  close(multiply(factor, factor, { transposeB: true }), shifted, 1e-11);
  assert.equal(choleskyWithJitter(positiveDefinite(5)).jitter, 0);
  assert.throws(
    () =>
      choleskyWithJitter(
        matrixOf([
          [1, 0],
          [0, -1],
        ]),
      ),
    NumericalError,
  );
  assert.throws(() => cholesky(matrixOf([[Number.NaN]])), NumericalError);
});

test("sizes that do not fit are refused", () => {
  assert.throws(() => multiply(random(2, 3), random(2, 3)), ShapeError);
  assert.throws(() => cholesky(random(2, 3)), ShapeError);
  assert.throws(() => solveTriangular(random(2, 2), new Float64Array(3)), ShapeError);
});

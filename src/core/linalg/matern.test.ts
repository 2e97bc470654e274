import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../errors.ts";
import { matrix, matrixOf, type Matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import { maternCovariance, maternGradient, squaredDistances } from "./matern.ts";

const rng = createRng("matern");
const random = (rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.uniform()),
  );

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("one distance of one length scale gives variance times (1 + sqrt 5 + 5/3) exp(-sqrt 5)", () => {
  const k = maternCovariance(matrixOf([[0], [2]]), [2], 3);
  // The last number is (1 + sqrt 5 + 5/3) exp(-sqrt 5), evaluated with 30 digits.
  near(k.data[1], 3 * 0.5239941088318203, 1e-15);
  assert.deepEqual([k.data[0], k.data[3], k.data[2]], [3, 3, k.data[1]]);
});

test("covariances and distances follow the formula for odd and even sizes", () => {
  const lengthScales = [0.3, 2, 0.7];
  for (const [n, m] of [
    [1, 1],
    [4, 7],
    [5, 6],
    [17, 17],
  ] as const) {
    const x = random(n, 3);
    const y = random(m, 3);
    const k = maternCovariance(x, lengthScales, 1.7, y);
    const distances = squaredDistances(x, y, lengthScales);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let r2 = 0;
        for (let c = 0; c < 3; c++) {
          r2 += ((x.data[i * 3 + c] - y.data[j * 3 + c]) / lengthScales[c]) ** 2;
        }
        const s = Math.sqrt(5 * r2);
        near(distances.data[i * m + j], r2, 1e-13);
        near(k.data[i * m + j], 1.7 * (1 + s + (s * s) / 3) * Math.exp(-s), 1e-14);
      }
    }
  }
});

test("the covariance of points with themselves is exactly symmetric and equals the general one", () => {
  for (const n of [2, 9, 32]) {
    const x = random(n, 4);
    const own = maternCovariance(x, [1, 2, 3, 4], 2);
    const copy = matrix(n, 4, x.data.slice());
    assert.deepEqual(own.data, maternCovariance(x, [1, 2, 3, 4], 2, copy).data);
  }
});

test("the gradient agrees with central differences", () => {
  for (const n of [2, 7, 12]) {
    const x = random(n, 3);
    const lengthScales = [0.4, 0.9, 1.6];
    const w = matrix(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) w.data[i * n + j] = w.data[j * n + i] = rng.normal();
    }
    const total = (scales: number[]): number =>
      maternCovariance(x, scales, 1.3).data.reduce((sum, k, at) => sum + k * w.data[at], 0);
    maternGradient(x, lengthScales, 1.3, w).forEach((derivative, k) => {
      const moved = (factor: number): number[] =>
        lengthScales.map((scale, at) => (at === k ? scale * factor : scale));
      const h = 1e-5;
      const difference = (total(moved(Math.exp(h))) - total(moved(Math.exp(-h)))) / (2 * h);
      near(derivative, difference, 1e-8 * Math.max(1, Math.abs(difference)));
    });
  }
});

test("sizes that do not fit are refused", () => {
  assert.throws(() => maternCovariance(random(3, 2), [1], 1), ShapeError);
  assert.throws(() => maternGradient(random(3, 2), [1, 1], 1, matrix(2, 2)), ShapeError);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../errors.ts";
import { matrix, matrixOf, type Matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import {
  correlationGradient,
  correlationMatrix,
  correlations,
  squaredDistances,
  type Correlation,
  type CorrelationName,
} from "./covariance.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

const rng = createRng("matern");
const random = (rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.uniform()),
  );

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const shape = 1.7;
const formulas: Record<CorrelationName, (r: number) => number> = {
  "matern-1/2": (r) => Math.exp(-r),
  "matern-3/2": (r) => (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r),
  "matern-5/2": (r) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r),
  rbf: (r) => Math.exp(-0.5 * r * r),
  "rational-quadratic": (r) => (1 + (r * r) / (2 * shape)) ** -shape,
};
const all = (Object.keys(correlations) as CorrelationName[]).map((name): Correlation => ({
  name,
  ...(correlations[name].hasShape ? { shape } : {}),
}));

test("one distance of one length scale gives (1 + sqrt 5 + 5/3) exp(-sqrt 5) for nu = 5/2", () => {
  const k = correlationMatrix({ name: "matern-5/2" }, matrixOf([[0], [2]]), [2]);
  // Evaluated with 30 digits.
  near(k.data[1], 0.5239941088318203, 3e-16);
  assert.deepEqual([k.data[0], k.data[3], k.data[2]], [1, 1, k.data[1]]);
});

test("correlations and distances follow their formulas for odd and even sizes", () => {
  const lengthScales = [0.3, 2, 0.7];
  for (const [n, m] of [
    [1, 1],
    [4, 7],
    [5, 6],
    [17, 17],
  ] as const) {
    const x = random(n, 3);
    const y = random(m, 3);
    const distances = squaredDistances(x, y, lengthScales);
    for (const correlation of all) {
      const k = correlationMatrix(correlation, x, lengthScales, y);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) {
          let r2 = 0;
          for (let c = 0; c < 3; c++) {
            r2 += ((x.data[i * 3 + c] - y.data[j * 3 + c]) / lengthScales[c]) ** 2;
          }
          near(distances.data[i * m + j], r2, 1e-13);
          near(k.data[i * m + j], formulas[correlation.name](Math.sqrt(r2)), 1e-14);
        }
      }
    }
  }
});

test("the correlation of points with themselves is exactly symmetric and equals the general one", () => {
  for (const n of [2, 9, 32]) {
    const x = random(n, 4);
    const copy = matrix(n, 4, x.data.slice());
    for (const correlation of all) {
      const own = correlationMatrix(correlation, x, [1, 2, 3, 4]);
      assert.deepEqual(own.data, correlationMatrix(correlation, x, [1, 2, 3, 4], copy).data);
    }
  }
});

test("correlations of distinct points are positive definite", () => {
  const x = random(25, 3);
  for (const correlation of all) {
    const { values } = symmetricEigen(correlationMatrix(correlation, x, [0.3, 0.3, 0.3]));
    assert.ok(values[0] > 0, `${correlation.name}: ${values[0]}`);
  }
});

test("the gradients agree with central differences, between points and themselves and others", () => {
  const lengthScales = [0.4, 0.9, 1.6];
  const h = 1e-5;
  for (const [n, m] of [
    [2, 0],
    [7, 0],
    [12, 0],
    [5, 3],
    [4, 8],
  ] as const) {
    const x = random(n, 3);
    const y = m === 0 ? x : random(m, 3);
    const w = matrix(n, y.rows);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < y.rows; j++) w.data[i * y.rows + j] = rng.normal();
    }
    if (m === 0) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) w.data[j * n + i] = w.data[i * n + j];
      }
    }
    for (const correlation of all) {
      const total = (scales: number[], at: Correlation = correlation): number =>
        correlationMatrix(at, x, scales, y).data.reduce((sum, k, e) => sum + k * w.data[e], 0);
      const found = correlationGradient(correlation, x, lengthScales, w, y);
      found.lengthScales.forEach((derivative, k) => {
        const moved = (factor: number): number[] =>
          lengthScales.map((scale, at) => (at === k ? scale * factor : scale));
        const difference = (total(moved(Math.exp(h))) - total(moved(Math.exp(-h)))) / (2 * h);
        near(derivative, difference, 1e-8 * Math.max(1, Math.abs(difference)));
      });
      const shaped = (by: number) => ({ name: correlation.name, shape: shape * Math.exp(by) });
      const difference = correlations[correlation.name].hasShape
        ? (total(lengthScales, shaped(h)) - total(lengthScales, shaped(-h))) / (2 * h)
        : 0;
      near(found.shape, difference, 1e-8 * Math.max(1, Math.abs(difference)));
    }
  }
});

test("sizes that do not fit are refused", () => {
  const rbf = { name: "rbf" } as const;
  assert.throws(() => correlationMatrix(rbf, random(3, 2), [1]), ShapeError);
  assert.throws(() => correlationGradient(rbf, random(3, 2), [1, 1], matrix(2, 2)), ShapeError);
});

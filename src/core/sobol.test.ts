import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { InputError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import { createRng } from "./rng.ts";
import { createSobol, maxSobolDimension } from "./sobol.ts";
import { chiSquareCdf } from "./gamma-function.ts";

/** From scipy.stats.qmc.Sobol; made by sobol.py. */
const reference = JSON.parse(
  readFileSync(new URL("../../test/reference/sobol.json", import.meta.url), "utf8"),
) as { columns: number[]; first: number[][]; skip: number; later: number[][] };

const columnsOf = (points: Matrix): number[][] =>
  Array.from({ length: points.rows }, (_, i) =>
    reference.columns.map((j) => points.data[i * points.columns + j]),
  );

test("the plain sequence equals that of scipy in all dimensions that were compared", () => {
  const sequence = createSobol(maxSobolDimension);
  assert.ok(maxSobolDimension >= 1000);
  assert.deepEqual(columnsOf(sequence.take(64)), reference.first);
});

test("skipping gives the points that taking would have reached", () => {
  const sequence = createSobol(maxSobolDimension);
  sequence.skip(reference.skip);
  assert.deepEqual(columnsOf(sequence.take(4)), reference.later);
  const rng = createRng(4);
  const whole = createSobol(3, { scramble: rng }).take(10).data;
  const part = createSobol(3, { scramble: rng });
  part.take(2);
  part.skip(5);
  assert.deepEqual(part.take(3).data, whole.slice(21));
});

test("the last points of the sequence can be reached, and no more", () => {
  const sequence = createSobol(2);
  sequence.skip(2 ** 32 - 2);
  assert.equal(sequence.take(2).rows, 2);
  assert.throws(() => sequence.take(1), InputError);
});

test("scrambling keeps one point in every elementary interval", () => {
  const m = 8;
  for (const seed of [1, 2, 3]) {
    const { data } = createSobol(2, { scramble: createRng(seed) }).take(2 ** m);
    for (let a = 0; a <= m; a++) {
      const cells = new Set<number>();
      for (let i = 0; i < 2 ** m; i++) {
        const x = Math.floor(data[2 * i] * 2 ** a);
        const y = Math.floor(data[2 * i + 1] * 2 ** (m - a));
        cells.add(x * 2 ** (m - a) + y);
      }
      assert.equal(cells.size, 2 ** m, `intervals 2^-${a} x 2^-${m - a}`);
    }
  }
});

test("every dimension of a scrambled sequence is stratified", () => {
  const dimension = 1200;
  const n = 64;
  const points = createSobol(dimension, { scramble: createRng("strata") }).take(n);
  for (let j = 0; j < dimension; j++) {
    const cells = new Set<number>();
    for (let i = 0; i < n; i++) cells.add(Math.floor(points.data[i * dimension + j] * n));
    assert.equal(cells.size, n);
  }
});

test("over many seeds a scrambled point is uniform and its coordinates independent", () => {
  const bins = 8;
  const count = 4096;
  const cells = new Float64Array(bins * bins);
  for (let seed = 0; seed < count; seed++) {
    const sequence = createSobol(7, { scramble: createRng(seed) });
    sequence.skip(5);
    const { data } = sequence.take(1);
    assert.ok(data.every((x) => x > 0 && x < 1));
    cells[Math.floor(data[2] * bins) * bins + Math.floor(data[6] * bins)]++;
  }
  const expected = count / cells.length;
  const chiSquare = cells.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
  const p = chiSquareCdf(chiSquare, cells.length - 1);
  assert.ok(p > 0.001 && p < 0.999, `p = ${p}`);
});

test("averages of a smooth function are far closer than those of independent points", () => {
  const d = 5;
  const n = 1024;
  let squares = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { data } = createSobol(d, { scramble: createRng(seed) }).take(n);
    let total = 0;
    for (let i = 0; i < n; i++) {
      let product = 1;
      for (let j = 0; j < d; j++) product *= 1 + (data[i * d + j] - 0.5) / 2;
      total += product;
    }
    squares += (total / n - 1) ** 2 / 20;
  }
  // Independent points have the variance ((1 + 1/48)^5 - 1) / n.
  const independent = ((1 + 1 / 48) ** d - 1) / n;
  assert.ok(squares < independent / 1000, `${squares} against ${independent}`);
});

test("dimensions without direction numbers are refused", () => {
  for (const dimension of [0, 1.5, maxSobolDimension + 1]) {
    assert.throws(() => createSobol(dimension), InputError);
  }
});

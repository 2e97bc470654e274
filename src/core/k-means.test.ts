import assert from "node:assert/strict";
import { test } from "node:test";
import { kMeans } from "./k-means.ts";
import { matrix, matrixOf } from "./matrix.ts";
import { createRng } from "./rng.ts";

/** Points around (0, 0), (10, 0) and (0, 10), a third each, in turn. */
function threeHeaps(n: number) {
  const rng = createRng(4);
  const x = matrix(n, 2);
  for (let i = 0; i < n; i++) {
    const at = [0, 0];
    if (i % 3 > 0) at[(i % 3) - 1] = 10;
    x.data.set([at[0] + rng.normal(), at[1] + rng.normal()], 2 * i);
  }
  return x;
}

test("k-means finds heaps that lie apart, whatever the seed", () => {
  const x = threeHeaps(90);
  for (let seed = 0; seed < 5; seed++) {
    const { cluster, centres } = kMeans(x, 3, createRng(seed));
    for (let i = 3; i < 90; i++) assert.equal(cluster[i], cluster[i % 3]);
    assert.equal(new Set(cluster).size, 3);
    assert.ok(Math.abs(centres.data[2 * cluster[1]] - 10) < 1);
  }
});

test("k-means of four points on a line splits them in the middle, with the spread known by hand", () => {
  const x = matrixOf([[0], [1], [10], [11]]);
  const { cluster, centres, spread } = kMeans(x, 2, createRng(1));
  assert.equal(cluster[0], cluster[1]);
  assert.equal(cluster[2], cluster[3]);
  assert.deepEqual(
    [...centres.data].sort((a, b) => a - b),
    [0.5, 10.5],
  );
  assert.equal(spread, 1);
});

test("as many clusters as rows leave every row alone, and the same seed gives the same", () => {
  const x = threeHeaps(12);
  assert.equal(new Set(kMeans(x, 12, createRng(2)).cluster).size, 12);
  assert.deepEqual(kMeans(x, 4, createRng(2)), kMeans(x, 4, createRng(2)));
});

test("more clusters than different rows are refused", () => {
  const x = matrixOf([[1], [1], [2], [2]]);
  assert.throws(() => kMeans(x, 3, createRng(0)), /3 different rows/);
  assert.throws(() => kMeans(x, 5, createRng(0)), /1 to 4 clusters/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "./errors.ts";
import { chiSquareCdf, gammaP } from "./gamma-function.ts";
import { createRng, type Rng } from "./rng.ts";
import { normalCdf } from "./special.ts";
import { mean, sorted, variance } from "./statistics.ts";

const draws = (count: number, draw: (rng: Rng) => number, seed = "draws"): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => draw(rng));
};

/**
 * Probability of a Kolmogorov-Smirnov distance this large, by the leading terms of its series.
 * Source: N. Smirnov, Ann. Math. Stat. 19, 279 (1948), doi:10.1214/aoms/1177730256.
 */
const fitsDistribution = (values: Float64Array, cdf: (x: number) => number): void => {
  const ascending = sorted(values);
  const n = ascending.length;
  let distance = 0;
  ascending.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
  });
  const scaled = distance * Math.sqrt(n);
  const p = 2 * (Math.exp(-2 * scaled ** 2) - Math.exp(-8 * scaled ** 2));
  assert.ok(p > 0.001, `p = ${p}`);
};

test("the first numbers of a seed never change", () => {
  // Made by test/reference/rng.py.
  const rng = createRng(7);
  assert.deepEqual(
    [rng.bits(), rng.bits(), rng.uniform(), rng.integer(10), rng.normal()],
    [3021532159, 2852955513, 0.11318561952792039, 2, 0.7412552171541775],
  );
  assert.deepEqual(
    [createRng(7).fork("tree 1").uniform(), createRng("text").uniform(), createRng(-1).uniform()],
    [0.005416505896255752, 0.3571959033409252, 0.36779397837956185],
  );
  assert.deepEqual([...createRng(7).permutation(8)], [3, 5, 1, 4, 6, 0, 2, 7]);
});

test("a fork depends on its name and not on what was drawn before", () => {
  const fresh = createRng(1);
  const used = createRng(1);
  for (let i = 0; i < 100; i++) used.normal();
  assert.equal(used.fork("a").bits(), fresh.fork("a").bits());
  assert.notEqual(fresh.fork("a").bits(), fresh.fork("b").bits());
  assert.notEqual(fresh.fork("a").fork("b").bits(), fresh.fork("b").fork("a").bits());
  assert.notEqual(fresh.fork("a/1:b").bits(), fresh.fork("a").fork("b").bits());
  fresh.fork("a");
  assert.equal(fresh.bits(), createRng(1).bits());
});

test("streams of neighbouring seeds and names are not correlated", () => {
  const first = Float64Array.from({ length: 4000 }, (_, seed) => createRng(seed).uniform());
  fitsDistribution(first, (x) => x);
  const rng = createRng(1);
  fitsDistribution(
    first.map((_, i) => rng.fork(`tree ${i}`).uniform()),
    (x) => x,
  );
});

test("uniform, normal, exponential and gamma numbers follow their distributions", () => {
  const n = 20_000;
  fitsDistribution(
    draws(n, (rng) => rng.uniform()),
    (x) => x,
  );
  fitsDistribution(
    draws(n, (rng) => rng.normal()),
    normalCdf,
  );
  fitsDistribution(
    draws(n, (rng) => rng.exponential()),
    (x) => -Math.expm1(-x),
  );
  for (const shape of [0.05, 0.5, 1, 2.5, 40]) {
    fitsDistribution(
      draws(n, (rng) => rng.gamma(shape)),
      (x) => gammaP(shape, x),
    );
  }
});

test("normal numbers have mean 0, variance 1 and no correlation from one to the next", () => {
  const values = draws(50_000, (rng) => rng.normal());
  const error = 1 / Math.sqrt(values.length);
  assert.ok(Math.abs(mean(values)) < 4 * error);
  assert.ok(Math.abs(variance(values) - 1) < 4 * Math.SQRT2 * error);
  let product = 0;
  for (let i = 1; i < values.length; i++) product += values[i] * values[i - 1];
  assert.ok(Math.abs(product / values.length) < 4 * error);
});

test("whole numbers are equally likely, also for bounds that do not divide 2^32", () => {
  for (const bound of [3, 10, 257]) {
    const counts = new Float64Array(bound);
    for (const value of draws(40_000, (rng) => rng.integer(bound))) counts[value]++;
    const expected = 40_000 / bound;
    const chiSquare = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
    const p = chiSquareCdf(chiSquare, bound - 1);
    assert.ok(p > 0.001 && p < 0.999, `bound ${bound}: p = ${p}`);
  }
  assert.equal(createRng(1).integer(1), 0);
  assert.ok(createRng(1).integer(2 ** 32) < 2 ** 32);
});

test("Dirichlet points lie on the simplex with the means and variances of the distribution", () => {
  // Mean a_i / A and variance a_i (A - a_i) / (A^2 (A + 1)) with A the sum of all.
  const alpha = [0.5, 1, 3];
  const total = 4.5;
  const rng = createRng("dirichlet");
  const points = Array.from({ length: 20_000 }, () => rng.dirichlet(alpha));
  for (const point of points) {
    assert.ok(point.every((x) => x >= 0));
    assert.ok(Math.abs(point.reduce((a, b) => a + b) - 1) < 1e-14);
  }
  alpha.forEach((a, i) => {
    const values = points.map((point) => point[i]);
    const expected = (a * (total - a)) / (total * total * (total + 1));
    assert.ok(Math.abs(mean(values) - a / total) < 4 * Math.sqrt(expected / points.length));
    assert.ok(Math.abs(variance(values) / expected - 1) < 0.05);
  });
  fitsDistribution(
    draws(5000, (stream) => stream.dirichlet([1, 1])[0], "two"),
    (x) => x,
  );
});

test("Dirichlet points with tiny parameters stay points, near the corners", () => {
  const rng = createRng("corners");
  for (let i = 0; i < 200; i++) {
    const point = rng.dirichlet([0.001, 0.001, 0.002, 0.001]);
    assert.ok(Math.abs(point.reduce((a, b) => a + b) - 1) < 1e-14);
  }
});

test("permutations and shuffles keep every item and give every order", () => {
  const rng = createRng("orders");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = rng.shuffle(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 130, `${count}`);
  assert.deepEqual(
    [...rng.permutation(50)].sort((a, b) => a - b),
    [...Array(50).keys()],
  );
});

test("seeds and arguments without meaning are refused", () => {
  assert.throws(() => createRng(0.5), InputError);
  assert.throws(() => createRng(1).integer(0), InputError);
  assert.throws(() => createRng(1).gamma(0), InputError);
  assert.throws(() => createRng(1).dirichlet([1, 0]), InputError);
});

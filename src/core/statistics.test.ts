import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as fc from "fast-check";
import { covarianceMatrix, histogram, pearson, ranks, spearman } from "./correlation.ts";
import { InputError, ShapeError } from "./errors.ts";
import { matrixOf } from "./matrix.ts";
import {
  mean,
  median,
  medianAbsoluteDeviation,
  quantile,
  standardDeviation,
  sum,
  variance,
  weightedMean,
  weightedQuantile,
} from "./statistics.ts";

/** From numpy and scipy; made by descriptive-statistics.py. */
const reference = JSON.parse(
  readFileSync(
    new URL("../../test/reference/descriptive-statistics.json", import.meta.url),
    "utf8",
  ),
);
const { x, y, w } = reference as Record<string, number[]>;

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-13): void => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const limit = tolerance * Math.max(1, Math.abs(expected[i]));
    assert.ok(Math.abs(actual[i] - expected[i]) <= limit, `${actual[i]} is not ${expected[i]}`);
  }
};

test("moments, quantiles and spreads agree with numpy and scipy", () => {
  near([mean(x)], [reference.mean]);
  near([variance(x)], [reference.variance]);
  near([variance(x, 0)], [reference.populationVariance]);
  near([standardDeviation(x)], [Math.sqrt(reference.variance)]);
  near(
    reference.shares.map((share: number) => quantile(x, share)),
    reference.quantiles,
  );
  near([medianAbsoluteDeviation(x)], [reference.mad]);
  near([weightedMean(x, w)], [reference.weightedMean]);
});

test("correlations, ranks, covariances and histograms agree with numpy and scipy", () => {
  near([pearson(x, y)], [reference.pearson]);
  near([spearman(x, y)], [reference.spearman]);
  near(ranks(y), reference.ranks, 0);
  near(covarianceMatrix(matrixOf(x.map((_, i) => [x[i], y[i], w[i]]))).data, reference.covariance);
  const { edges, counts } = histogram(x, 7);
  near(edges, reference.edges);
  assert.deepEqual([...counts], reference.counts);
});

test("a large common offset costs the variance no digits beyond those of the data", () => {
  near([variance(x.map((v) => v + 1e9))], [reference.shiftedVariance], 1e-6);
  // Powers of two keep every deviation exact.
  assert.equal(variance([2 ** 40 + 1, 2 ** 40 + 2, 2 ** 40 + 3]), 1);
});

test("a compensated sum keeps small terms beside large ones", () => {
  assert.equal(sum([1, 1e100, 1, -1e100]), 2);
  assert.equal(sum([Infinity, 1]), Infinity);
});

test("a weighted quantile with whole weights is that of the repeated values", () => {
  const small = fc.array(
    fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 4 })),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(small, fc.double({ min: 0.01, max: 1, noNaN: true }), (pairs, share) => {
      const repeated = pairs.flatMap(([value, weight]) => Array<number>(weight).fill(value));
      fc.pre(repeated.length > 0);
      repeated.sort((a, b) => a - b);
      const expected = repeated[Math.ceil(share * repeated.length) - 1];
      const values = pairs.map(([value]) => value);
      const weights = pairs.map(([, weight]) => weight);
      assert.equal(weightedQuantile(values, weights, share), expected);
    }),
  );
});

test("every number inside the range is in the bin whose edges hold it", () => {
  const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, bins) => {
      const { edges, counts } = histogram(values, bins);
      assert.equal(
        counts.reduce((a, b) => a + b),
        values.length,
      );
      counts.forEach((count, bin) => {
        const isLast = bin === bins - 1;
        const inside = values.filter(
          (v) => v >= edges[bin] && (isLast ? v <= edges[bin + 1] : v < edges[bin + 1]),
        );
        assert.equal(count, inside.length);
      });
    }),
  );
});

test("a range of a few subnormal numbers, whose edges coincide, still counts every number once", () => {
  const { counts } = histogram([0, 5e-324, 5e-324], 20);
  assert.equal(counts[19], 2);
  assert.equal(
    counts.reduce((a, b) => a + b),
    3,
  );
});

test("what has no value is refused", () => {
  assert.throws(() => mean([]), InputError);
  assert.throws(() => median([1, Number.NaN]), InputError);
  assert.throws(() => variance([1]), InputError);
  assert.throws(() => quantile([1], 2), InputError);
  assert.throws(() => pearson([1, 1], [1, 2]), InputError);
  assert.throws(() => pearson([1, 2], [1]), ShapeError);
  assert.throws(() => weightedMean([1, 2], [0, 0]), InputError);
  assert.throws(() => histogram([], 3), InputError);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { InputError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import { buildTable } from "./build-table.ts";
import type { Split } from "./split.ts";
import {
  chronologicalSplits,
  extrapolationSplit,
  groupedHoldout,
  groupedKFold,
  holdout,
  kFold,
  leaveOneGroupOut,
  publishedSplit,
  stratifiedHoldout,
  stratifiedKFold,
} from "./split.ts";

/** Fails unless train and test together are exactly the n rows. */
function partitions({ train, test }: Split, n: number): void {
  assert.deepEqual(
    [...train, ...test].sort((a, b) => a - b),
    [...Array(n).keys()],
  );
}

test("every way of splitting divides the rows, tests each row once over the folds", () => {
  const labels = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 6, maxLength: 60 });
  fc.assert(
    fc.property(labels, fc.integer({ min: 2, max: 5 }), fc.nat(), (words, k, seed) => {
      const rng = createRng(seed);
      const n = words.length;
      partitions(holdout(n, 0.3, rng), n);
      partitions(stratifiedHoldout(words, 0.3, rng), n);
      for (const folds of [kFold(n, k, rng), stratifiedKFold(words, k, rng)]) {
        for (const fold of folds) partitions(fold, n);
        const tested = folds.flatMap((fold) => [...fold.test]).sort((a, b) => a - b);
        assert.deepEqual(tested, [...Array(n).keys()]);
        const sizes = folds.map((fold) => fold.test.length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }
    }),
  );
});

test("stratified splits keep the share of each label to within a row", () => {
  const labels = [...Array(90).keys()].map((i) => (i % 3 === 0 ? 1 : 0));
  const count = (rows: Int32Array) => rows.filter((row) => labels[row] === 1).length;
  const { test: held } = stratifiedHoldout(labels, 0.2, createRng(3));
  assert.deepEqual([held.length, count(held)], [18, 6]);
  for (const fold of stratifiedKFold(labels, 7, createRng(3))) {
    assert.ok(Math.abs(count(fold.test) - 30 / 7) <= 1);
  }
});

test("grouped splits never part a group", () => {
  const keys = fc.array(fc.constantFrom("Al-Ni", "Co-Cr", "Fe", "Ti-V", "Nb", "W"), {
    minLength: 8,
    maxLength: 60,
  });
  fc.assert(
    fc.property(keys, fc.nat(), (systems, seed) => {
      const groups = new Set(systems);
      fc.pre(groups.size >= 3);
      const splits = [
        ...groupedKFold(systems, 3, createRng(seed)),
        groupedHoldout(systems, 0.3, createRng(seed)),
      ];
      for (const split of splits) {
        partitions(split, systems.length);
        assert.ok(split.train.length > 0 && split.test.length > 0);
        const tested = new Set([...split.test].map((row) => systems[row]));
        for (const row of split.train) assert.ok(!tested.has(systems[row]));
      }
    }),
  );
});

test("grouped folds are of nearly equal size, a grouped hold-out is near its share", () => {
  const keys = [...Array(600).keys()].map((i) => `system ${(i * i) % 97}`);
  const sizes = groupedKFold(keys, 5, createRng(1)).map((fold) => fold.test.length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 15, sizes.join());
  const held = groupedHoldout(keys, 0.2, createRng(1)).test.length;
  assert.ok(Math.abs(held - 120) <= 10, String(held));
});

test("leaving one group out tests every group once, by all others", () => {
  const keys = ["a", "b", "a", "c", "b"];
  const splits = leaveOneGroupOut(keys);
  assert.deepEqual(
    splits.map((split) => [...split.test]),
    [[0, 2], [1, 4], [3]],
  );
  for (const split of splits) partitions(split, 5);
});

test("splits in time learn from the past only, and keep rows of one time together", () => {
  const years = fc.array(fc.integer({ min: 2000, max: 2015 }), { minLength: 10, maxLength: 80 });
  fc.assert(
    fc.property(years, fc.integer({ min: 1, max: 4 }), (times, k) => {
      fc.pre(new Set(times).size > k);
      const splits = chronologicalSplits(times, k);
      assert.equal(splits.length, k);
      for (const { train, test: tested } of splits) {
        const newest = Math.max(...[...train].map((row) => times[row]));
        assert.ok(tested.length > 0 && [...tested].every((row) => times[row] > newest));
      }
      const all = [...splits[0].train, ...splits.flatMap((split) => [...split.test])];
      assert.deepEqual(
        all.sort((a, b) => a - b),
        [...Array(times.length).keys()],
      );
    }),
  );
  const even = chronologicalSplits([...Array(60).keys()], 5);
  assert.deepEqual(
    even.map(({ train, test: tested }) => [train.length, tested.length]),
    [10, 20, 30, 40, 50].map((size) => [size, 10]),
  );
});

test("extrapolation holds out the best, ties together, and always leaves both sides rows", () => {
  const y = [5, 1, 9, 7, 9, 3, 2, 8, 4, 6];
  assert.deepEqual([...extrapolationSplit(y, 0.1, "high").test], [2, 4]);
  assert.deepEqual([...extrapolationSplit(y, 0.3, "high").test], [2, 4, 7]);
  assert.deepEqual([...extrapolationSplit(y, 0.2, "low").test], [1, 6]);
  assert.deepEqual([...extrapolationSplit([1, 1, 1, 2], 0.5, "high").test], [3]);
});

test("the same seed splits alike, another seed otherwise", () => {
  assert.deepEqual(holdout(100, 0.2, createRng(7)), holdout(100, 0.2, createRng(7)));
  assert.notDeepEqual(holdout(100, 0.2, createRng(7)), holdout(100, 0.2, createRng(8)));
});

test("a published split is read from its column", () => {
  const table = buildTable({
    source: "a.csv",
    headers: ["formula", "split"],
    rows: ["train", "test", "hidden", "train"].map((word) => ["Ni", word]),
    place: String,
    notes: [],
  });
  assert.deepEqual(publishedSplit(table, "split", ["test"]), {
    train: Int32Array.of(0, 2, 3),
    test: Int32Array.of(1),
  });
  assert.deepEqual([...publishedSplit(table, "split", ["test"], ["train"]).train], [0, 3]);
  assert.throws(() => publishedSplit(table, "split", ["tset"]), /has no "tset"/);
});

test("impossible numbers of folds, groups and shares are refused", () => {
  const rng = createRng(0);
  const bad = [
    () => kFold(3, 4, rng),
    () => kFold(3, 1, rng),
    () => holdout(1, 0.5, rng),
    () => holdout(10, 0, rng),
    () => holdout(10, 1, rng),
    () => groupedKFold(["a", "a", "b"], 3, rng),
    () => groupedHoldout(["a", "a"], 0.5, rng),
    () => leaveOneGroupOut(["a", "a"]),
    () => chronologicalSplits([1, 1, 2], 2),
    () => chronologicalSplits([1, Number.NaN, 2], 1),
    () => extrapolationSplit([3, 3, 3], 0.5, "low"),
  ];
  for (const call of bad) assert.throws(call, InputError);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import * as fc from "fast-check";
import { matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { dealFolds, rowsOfFold } from "./folds.ts";

const numbers = { kind: "regression" } as const;
const classes = { kind: "classification", classes: ["a", "b", "c"] } as const;

it("uses every fold, and keeps rows of equal inputs in one fold where that is possible", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })), {
        minLength: 4,
        maxLength: 40,
      }),
      fc.integer({ min: 2, max: 4 }),
      (rows, k) => {
        const x = matrix(rows.length, 2, Float64Array.from(rows.flat()));
        const y = new Float64Array(rows.length);
        const { fold } = dealFolds({ x, y, task: numbers }, k, createRng(1));
        assert.equal(new Set(fold).size, k);
        const foldsOfKey = new Map<string, Set<number>>();
        rows.forEach((row, i) => {
          const key = row.join();
          foldsOfKey.set(key, (foldsOfKey.get(key) ?? new Set()).add(fold[i]));
        });
        if (foldsOfKey.size < k) return;
        for (const folds of foldsOfKey.values()) assert.equal(folds.size, 1);
      },
    ),
  );
});

it("deals each class evenly", () => {
  const n = 60;
  const x = matrix(
    n,
    1,
    Float64Array.from({ length: n }, (_, i) => i),
  );
  const y = Float64Array.from({ length: n }, (_, i) => (i < 40 ? 0 : i < 55 ? 1 : 2));
  const { fold } = dealFolds({ x, y, task: classes }, 5, createRng(2));
  for (let f = 0; f < 5; f++) {
    const { inside, outside } = rowsOfFold(fold, f);
    assert.equal(inside.length + outside.length, n);
    const count = (label: number) => inside.filter((row) => y[row] === label).length;
    assert.deepEqual([count(0), count(1), count(2)], [8, 3, 1]);
  }
});

it("deals the same when the classes are numbered otherwise", () => {
  const x = matrix(
    30,
    1,
    Float64Array.from({ length: 30 }, (_, i) => i),
  );
  const y = Float64Array.from({ length: 30 }, (_, i) => i % 3);
  const turned = y.map((label) => (label + 1) % 3);
  const deal = (labels: Float64Array) =>
    dealFolds({ x, y: labels, task: classes }, 4, createRng(3));
  assert.deepEqual(deal(turned), deal(y));
});

it("keeps rows of one group in one fold, with fewer folds than asked where there are fewer groups", () => {
  const x = matrix(
    30,
    1,
    Float64Array.from({ length: 30 }, (_, i) => i),
  );
  for (const count of [2, 3, 12]) {
    const groups = Array.from({ length: 30 }, (_, i) => `source ${i % count}`);
    const input = { x, y: new Float64Array(30), task: numbers, groups };
    const { fold, folds } = dealFolds(input, 5, createRng(4));
    assert.equal(folds, Math.min(5, count));
    assert.equal(new Set(fold).size, folds);
    groups.forEach((group, i) => assert.equal(fold[i], fold[groups.indexOf(group)]));
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrix, matrixOf, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { createArchive } from "./archive.ts";
import type { Evaluation } from "./contract.ts";
import { nonDominatedSort, paretoFront } from "./pareto/sort.ts";
import { createRowSet } from "./row-set.ts";

/** Row i is the number i; scores are random and coarse so that ties are common. */
function stream(seed: number, n: number, m: number): { rows: Matrix; evaluation: Evaluation } {
  const rng = createRng(seed);
  const objectives = matrix(n, m);
  for (let k = 0; k < objectives.data.length; k++) objectives.data[k] = rng.integer(50);
  const violation = Float64Array.from({ length: n }, () => Math.max(0, rng.integer(10) - 7));
  return {
    rows: matrixOf(Array.from({ length: n }, (_, i) => [i])),
    evaluation: { objectives, violation },
  };
}

function part(
  { rows, evaluation }: { rows: Matrix; evaluation: Evaluation },
  from: number,
  to: number,
): [Matrix, Evaluation] {
  const cut = (m: Matrix): Matrix =>
    matrix(to - from, m.columns, m.data.slice(from * m.columns, to * m.columns));
  return [
    cut(rows),
    { objectives: cut(evaluation.objectives), violation: evaluation.violation.slice(from, to) },
  ];
}

describe("createArchive", () => {
  it("keeps the best of one objective, whatever its capacity", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, capacity) => {
        const given = stream(seed, 200, 1);
        const archive = createArchive({ dimension: 1, objectives: 1, capacity });
        archive.offer(given.rows, given.evaluation);
        const rank = nonDominatedSort(given.evaluation.objectives, given.evaluation.violation);
        const kept = Int32Array.from(archive.contents().rows.data, (i) => rank[i]).sort();
        assert.deepEqual(kept, rank.slice().sort().subarray(0, capacity));
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it("keeps the whole front while fronts fit, and nothing that misses a requirement beside enough that do not", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 3 }), (seed, m) => {
        const given = stream(seed, 400, m);
        const archive = createArchive({ dimension: 1, objectives: m, capacity: 80 });
        archive.offer(given.rows, given.evaluation);
        const kept = archive.contents();
        const { objectives, violation } = given.evaluation;
        const front = paretoFront(objectives, violation);
        assert.deepEqual(
          Int32Array.from(kept.rows.data).filter((_, k) => kept.rank[k] === 1),
          front,
        );
        assert.equal(kept.rows.rows, 80);
        assert.ok(kept.evaluation.violation.every((x) => x === 0));
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it("keeps the same however the stream is cut", () => {
    const given = stream(3, 1000, 2);
    const whole = createArchive({ dimension: 1, objectives: 2, capacity: 20 });
    whole.offer(given.rows, given.evaluation);
    const cut = createArchive({ dimension: 1, objectives: 2, capacity: 20 });
    for (let from = 0; from < 1000; from += 37) {
      cut.offer(...part(given, from, Math.min(1000, from + 37)));
    }
    assert.deepEqual(cut.contents(), whole.contents());
  });

  it("keeps equal rows once and excluded ones never", () => {
    const archive = createArchive({
      dimension: 1,
      objectives: 1,
      capacity: 3,
      isExcluded: ([x]) => x === 1,
    });
    const rows = matrixOf([[0], [-0], [1], [2], [0], [2]]);
    archive.offer(rows, { objectives: rows, violation: new Float64Array(6) });
    assert.deepEqual([...archive.contents().rows.data], [0, 2]);
  });

  it("keeps the best design of each cell, so that other regions stay", () => {
    const archive = createArchive({
      dimension: 1,
      objectives: 1,
      capacity: 5,
      cell: Float64Array.of(0.1),
    });
    const rows = matrixOf(Array.from(createRng(4).permutation(1000), (k) => [k / 1000 + 0.0003]));
    // Smallest near 0.5.
    const objectives = matrix(
      1000,
      1,
      rows.data.map((x) => Math.abs(x - 0.5)),
    );
    archive.offer(rows, { objectives, violation: new Float64Array(1000) });
    const kept = [...archive.contents().rows.data].sort((a, b) => a - b);
    const wanted = [0.3993, 0.4993, 0.5003, 0.6003, 0.7003];
    assert.equal(kept.length, 5);
    wanted.forEach((x, k) => assert.ok(Math.abs(kept[k] - x) < 1e-9, kept.join(" ")));
  });

  it("keeps the exact front with cells of any size", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (seed, width) => {
        const given = stream(seed, 400, 2);
        const archive = createArchive({
          dimension: 1,
          objectives: 2,
          capacity: 80,
          cell: Float64Array.of(width),
        });
        archive.offer(given.rows, given.evaluation);
        const kept = archive.contents();
        const { objectives, violation } = given.evaluation;
        const scores = (rows: Iterable<number>): Set<string> =>
          new Set(Array.from(rows, (i) => rowOf(objectives, i).join()));
        assert.deepEqual(
          scores(kept.rows.data.filter((_, k) => kept.rank[k] === 1)),
          scores(paretoFront(objectives, violation)),
        );
      }),
      { numRuns: 100, seed: 12 },
    );
  });

  it("keeps the ends and an even spread of a front longer than itself", () => {
    const archive = createArchive({ dimension: 1, objectives: 2, capacity: 11 });
    const order = createRng(1).permutation(2001);
    const rows = matrixOf(Array.from(order, (k) => [k / 2000]));
    const objectives = matrixOf(Array.from(order, (k) => [k / 2000, 1 - k / 2000]));
    archive.offer(rows, { objectives, violation: new Float64Array(2001) });
    const kept = [...archive.contents().rows.data].sort((a, b) => a - b);
    assert.equal(kept.length, 11);
    assert.deepEqual([kept[0], kept[10]], [0, 1]);
    // Even spacing would be 0.1.
    for (let k = 1; k < 11; k++) assert.ok(kept[k] - kept[k - 1] < 0.2, kept.join(" "));
  });
});

describe("createRowSet", () => {
  it("remembers exactly what was added, beyond its first size", () => {
    const rng = createRng(2);
    const rows = matrix(20000, 3);
    for (let k = 0; k < rows.data.length; k++) rows.data[k] = rng.integer(30);
    const set = createRowSet(3);
    const order = new Map<string, number>();
    for (let i = 0; i < rows.rows; i++) {
      const key = rowOf(rows, i).join();
      const isNew = !order.has(key);
      if (isNew) order.set(key, order.size);
      assert.equal(set.has(rowOf(rows, i)), !isNew);
      if (i % 2 === 0) assert.equal(set.add(rowOf(rows, i)), isNew);
      assert.equal(set.place(rowOf(rows, i)), order.get(key));
    }
    assert.equal(set.size, order.size);
    set.clear();
    assert.ok(set.add(rowOf(rows, 0)));
  });
});

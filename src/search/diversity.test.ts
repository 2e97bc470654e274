import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrixOf } from "../core/matrix.ts";
import { selectDiverse } from "./diversity.ts";
import type { RankedDesigns } from "./archive.ts";
import { nonDominatedSort } from "./pareto/sort.ts";

function designs(rows: number[][], objectives: number[][], violation?: number[]): RankedDesigns {
  const evaluation = {
    objectives: matrixOf(objectives),
    violation: Float64Array.from(violation ?? rows.map(() => 0)),
  };
  return {
    rows: matrixOf(rows),
    evaluation,
    rank: nonDominatedSort(evaluation.objectives, evaluation.violation),
  };
}

describe("selectDiverse", () => {
  it("walks a front from its knee to its ends and leaves near copies out", () => {
    const front = designs(
      [[0], [0.5], [0.501], [1]],
      [
        [0, 10],
        [1, 1],
        [1.001, 0.999],
        [10, 0],
      ],
    );
    const weights = Float64Array.of(1);
    assert.deepEqual([...selectDiverse(front, { count: 3, tolerance: 0.01, weights })], [1, 0, 3]);
  });

  it("fills up with near copies, best rank first, when the list would stay short", () => {
    const line = designs([[0], [0.001], [0.002], [1]], [[1], [2], [3], [4]]);
    assert.deepEqual([...selectDiverse(line, { count: 2, tolerance: 0.1 })], [0, 3]);
    assert.deepEqual([...selectDiverse(line, { count: 3, tolerance: 0.1 })], [0, 1, 3]);
  });

  it("takes designs that miss a requirement last, least miss first", () => {
    const mixed = designs([[0], [1], [2], [2.001]], [[5], [0], [0], [9]], [0, 3, 1, 0]);
    assert.deepEqual([...selectDiverse(mixed, { count: 4, tolerance: 0.1 })], [0, 3, 2, 1]);
  });

  it("spreads over the designs where the objectives are all equal", () => {
    const flat = designs([[0], [0.1], [0.2], [1]], [[1], [1], [1], [1]]);
    const chosen = selectDiverse(flat, { count: 2, tolerance: 0.01 });
    assert.deepEqual([...chosen], [0, 3]);
  });

  it("gives as many different rows as asked for whenever there are, ordered by rank, the same each time", () => {
    const small = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 1 }),
      ),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(
        small,
        fc.integer({ min: 0, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (points, count, tolerance) => {
          // The scores follow from the row, as they do in a search.
          const given = designs(
            points.map(([x, y]) => [x, y]),
            points.map(([x, y]) => [x + y, (x - y) * (x - y)]),
            points.map(([x, , z]) => x * z),
          );
          const chosen = [...selectDiverse(given, { count, tolerance })];
          const key = (i: number): string => `${points[i][0]} ${points[i][1]}`;
          const different = new Set(points.map((_, i) => key(i))).size;
          assert.equal(chosen.length, Math.min(count, different));
          assert.equal(new Set(chosen.map(key)).size, chosen.length);
          for (let k = 1; k < chosen.length; k++) {
            assert.ok(given.rank[chosen[k - 1]] <= given.rank[chosen[k]]);
          }
          assert.deepEqual([...selectDiverse(given, { count, tolerance })], chosen);
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });

  it("refuses counts and tolerances that are no sizes", () => {
    const one = designs([[0]], [[0]]);
    assert.throws(() => selectDiverse(one, { count: 1.5, tolerance: 0 }), { code: "input" });
    assert.throws(() => selectDiverse(one, { count: 1, tolerance: -1 }), { code: "input" });
  });
});

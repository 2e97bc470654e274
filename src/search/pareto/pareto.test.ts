import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrix, matrixOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { crowdingDistance, pruneByCrowding } from "./crowding.ts";
import { invertedGenerationalDistance } from "./distance.ts";
import { dominates } from "./dominance.ts";
import { additiveEpsilon, epsilonFront } from "./epsilon.ts";
import { hypervolume } from "./hypervolume.ts";
import { kneePoint } from "./knee.ts";
import { sortByKey } from "./sort-by-key.ts";
import { nonDominatedSort, paretoFront } from "./sort.ts";

const all = (m: Matrix): Int32Array => Int32Array.from({ length: m.rows }, (_, i) => i);

/** Small whole numbers, so that ties and equal rows are common. */
const pointSets = fc
  .integer({ min: 1, max: 5 })
  .chain((m) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: m, maxLength: m }), {
      minLength: 1,
      maxLength: 40,
    }),
  )
  .map(matrixOf);

function ranksByPeeling(objectives: Matrix): Int32Array {
  const rank = new Int32Array(objectives.rows);
  const left = new Set(all(objectives));
  for (let r = 1; left.size > 0; r++) {
    const front = [...left].filter(
      (i) => ![...left].some((j) => dominates(objectives.data, objectives.columns, j, i)),
    );
    for (const i of front) {
      rank[i] = r;
      left.delete(i);
    }
  }
  return rank;
}

describe("nonDominatedSort", () => {
  it("gives the ranks of peeling front by front, for one to five objectives", () => {
    fc.assert(
      fc.property(pointSets, (points) => {
        assert.deepEqual(nonDominatedSort(points), ranksByPeeling(points));
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it("puts rows that miss a requirement behind all others, by violation alone", () => {
    const points = matrixOf([
      [5, 5],
      [1, 1],
      [0, 0],
      [6, 6],
      [0, 1],
    ]);
    const violation = Float64Array.of(0, 2, 1, 0, 2);
    assert.deepEqual([...nonDominatedSort(points, violation)], [1, 4, 3, 2, 4]);
  });

  it("refuses violations of another length", () => {
    assert.throws(() => nonDominatedSort(matrix(3, 2), new Float64Array(2)), { code: "shape" });
  });

  it("ranks no rows and rows without objectives", () => {
    assert.equal(nonDominatedSort(matrix(0, 2)).length, 0);
    assert.deepEqual([...nonDominatedSort(matrix(2, 0))], [1, 1]);
  });
});

describe("sortByKey", () => {
  it("orders like the built-in stable sort", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (keys) => {
        const key = Float64Array.from(keys);
        const order = Int32Array.from(keys, (_, i) => i);
        const wanted = Array.from(order).sort((i, j) => key[i] - key[j]);
        assert.deepEqual([...sortByKey(order, key)], wanted);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

describe("crowding distance", () => {
  it("is the perimeter of neighbours over the range, infinite at the ends", () => {
    // Neighbours of (1, 2): (0, 4) and (4, 0); of (0, 4) and (4, 0): none on one side.
    const points = matrixOf([
      [1, 2],
      [0, 4],
      [4, 0],
    ]);
    assert.deepEqual([...crowdingDistance(points, all(points))], [2, Infinity, Infinity]);
  });

  it("counts a duplicate's gaps to its twin as zero on that side", () => {
    const points = matrixOf([
      [0, 4],
      [2, 2],
      [2, 2],
      [4, 0],
    ]);
    assert.deepEqual([...crowdingDistance(points, all(points))].slice(1, 3), [1, 1]);
  });

  it("prunes one at a time, so that a cluster keeps a member", () => {
    const points = matrixOf([
      [0, 10],
      [5, 5],
      [5.1, 4.9],
      [5.2, 4.8],
      [10, 0],
    ]);
    const kept = pruneByCrowding(points, all(points), 3);
    assert.equal(kept.length, 3);
    assert.ok(kept.includes(0) && kept.includes(4));
  });
});

describe("hypervolume", () => {
  it("is that of boxes and staircases", () => {
    assert.equal(hypervolume(matrixOf([[1, 1]]), [3, 4]), 6);
    const steps = matrixOf([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
    assert.equal(hypervolume(steps, [4, 4]), 6);
    assert.equal(hypervolume(steps, [1, 1]), 0);
    assert.equal(hypervolume(matrix(0, 2), [1, 1]), 0);
  });

  it("tends to 120 + 2/3 for the front of ZDT1 and 120 + 1/3 for ZDT2 to the reference (11, 11)", () => {
    const front = (f: (x: number) => number): Matrix =>
      matrixOf(Array.from({ length: 20001 }, (_, i) => [i / 20000, f(i / 20000)]));
    const first = hypervolume(
      front((x) => 1 - Math.sqrt(x)),
      [11, 11],
    );
    const second = hypervolume(
      front((x) => 1 - x * x),
      [11, 11],
    );
    assert.ok(Math.abs(first - (120 + 2 / 3)) < 1e-4, `${first}`);
    assert.ok(Math.abs(second - (120 + 1 / 3)) < 1e-4, `${second}`);
  });

  it("counts the cells of a lattice that are dominated, for one to five objectives", () => {
    fc.assert(
      fc.property(pointSets, (points) => {
        const m = points.columns;
        const side = 5;
        let cells = 0;
        for (let cell = 0; cell < side ** m; cell++) {
          // Lower corner of the cell with this number.
          const corner = Array.from({ length: m }, (_, k) => Math.floor(cell / side ** k) % side);
          const covered = Array.from(all(points)).some((i) =>
            corner.every((c, k) => points.data[i * m + k] <= c),
          );
          if (covered) cells++;
        }
        assert.equal(
          hypervolume(
            points,
            Array.from({ length: m }, () => side),
          ),
          cells,
        );
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  it("agrees between the sweep for three and the recursion when a constant fourth is added", () => {
    const rng = createRng(5);
    const three = matrix(60, 3);
    const four = matrix(60, 4);
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 3; k++) {
        const x = rng.uniform();
        three.data[i * 3 + k] = x;
        four.data[i * 4 + k] = x;
      }
    }
    const volume = hypervolume(three, [1, 1, 1]);
    assert.ok(Math.abs(hypervolume(four, [1, 1, 1, 2]) - 2 * volume) < 1e-12);
  });
});

describe("knee, thinning and indicators", () => {
  it("finds the bend of a front", () => {
    const points = matrixOf([
      [0, 100],
      [1, 20],
      [5, 15],
      [10, 0],
    ]);
    assert.equal(kneePoint(points, all(points)), 1);
  });

  it("keeps one row a box and loses no row of the front by more than a box", () => {
    fc.assert(
      fc.property(pointSets, fc.double({ min: 0.3, max: 3, noNaN: true }), (points, size) => {
        const m = points.columns;
        const kept = epsilonFront(
          points,
          Array.from({ length: m }, () => size),
        );
        const boxes = Array.from(kept, (i) =>
          Array.from({ length: m }, (_, k) => Math.floor(points.data[i * m + k] / size)).join(),
        );
        assert.equal(new Set(boxes).size, kept.length);
        for (const j of paretoFront(points)) {
          const near = Array.from(kept).some((i) =>
            Array.from({ length: m }, (_, k) => k).every(
              (k) => points.data[i * m + k] <= points.data[j * m + k] + size,
            ),
          );
          assert.ok(near);
        }
      }),
      { numRuns: 200, seed: 3 },
    );
    assert.throws(() => epsilonFront(matrix(1, 2), [1, 0]), { code: "input" });
    assert.throws(() => epsilonFront(matrix(1, 2), [1]), { code: "shape" });
  });

  it("measures the shift by which a set falls short of another", () => {
    const reference = matrixOf([
      [0, 1],
      [1, 0],
    ]);
    assert.equal(additiveEpsilon(reference, reference), 0);
    assert.equal(additiveEpsilon(matrixOf([[0.5, 0.75]]), reference), 0.75);
    assert.equal(invertedGenerationalDistance(matrixOf([[0, 0]]), reference), 1);
  });
});

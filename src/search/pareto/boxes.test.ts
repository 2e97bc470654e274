import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { nonDominatedBoxes, type Boxes } from "./boxes.ts";
import { hypervolume } from "./hypervolume.ts";

/** Small whole numbers, so that ties and equal rows are common, up to the reference and beyond. */
const pointSets = fc
  .integer({ min: 1, max: 5 })
  .chain((m) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: m, maxLength: m }), {
      minLength: 1,
      maxLength: 14,
    }),
  )
  .map(matrixOf);

const largest = 6;

/** Volume that a point adds: over all boxes, the part above it. */
function gainOf({ lower, upper }: Boxes, point: ArrayLike<number>): number {
  let sum = 0;
  for (let b = 0; b < lower.rows; b++) {
    let product = 1;
    rowOf(lower, b).forEach((low, k) => {
      product *= Math.max(0, rowOf(upper, b)[k] - Math.max(low, point[k]));
    });
    sum += product;
  }
  return sum;
}

const withPoint = (points: Matrix, point: Float64Array): Matrix =>
  matrix(points.rows + 1, points.columns, Float64Array.of(...points.data, ...point));

describe("nonDominatedBoxes", () => {
  it("gives the volume that any further point adds, for one to five objectives", () => {
    const rng = createRng("further points");
    fc.assert(
      fc.property(pointSets, (points) => {
        const m = points.columns;
        const reference = new Float64Array(m).fill(largest);
        const boxes = nonDominatedBoxes(points, reference);
        const before = hypervolume(points, reference);
        for (let i = 0; i < 5; i++) {
          const point = Float64Array.from({ length: m }, () =>
            i === 0 ? -1 : 8 * rng.uniform() - 1,
          );
          const added = hypervolume(withPoint(points, point), reference) - before;
          assert.ok(Math.abs(gainOf(boxes, point) - added) <= 1e-9 * (1 + before + added));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("covers every point that nothing dominates by one box, and no other point", () => {
    const rng = createRng("single points");
    fc.assert(
      fc.property(pointSets, (points) => {
        const m = points.columns;
        const { lower, upper } = nonDominatedBoxes(points, new Float64Array(m).fill(largest));
        for (let i = 0; i < 20; i++) {
          const y = Float64Array.from({ length: m }, () => 8 * rng.uniform() - 1);
          let dominated = false;
          for (let p = 0; p < points.rows; p++) {
            dominated ||=
              rowOf(points, p).every((value, k) => value <= y[k]) &&
              rowOf(points, p).every((value) => value < largest);
          }
          const free = !dominated && y.every((value) => value < largest);
          let holding = 0;
          for (let b = 0; b < lower.rows; b++) {
            const inside = y.every(
              (value, k) => value >= rowOf(lower, b)[k] && value < rowOf(upper, b)[k],
            );
            if (inside) holding++;
          }
          assert.equal(holding, free ? 1 : 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("needs n + 1 boxes for a front of n in two objectives, 2 n + 1 in three", () => {
    const rng = createRng("general position");
    for (const [m, most] of [
      [2, 41],
      [3, 81],
    ] as const) {
      const points = matrix(40, m);
      for (let i = 0; i < 40; i++)
        points.data.set(rng.dirichlet(new Float64Array(m).fill(1)), i * m);
      const { lower } = nonDominatedBoxes(points, new Float64Array(m).fill(2));
      assert.equal(lower.rows, most);
    }
  });

  it("is one open box without points", () => {
    const { lower, upper } = nonDominatedBoxes(matrix(0, 3), [1, 2, 3]);
    assert.deepEqual([...lower.data], [...new Float64Array(3).fill(Number.NEGATIVE_INFINITY)]);
    assert.deepEqual([...upper.data], [1, 2, 3]);
  });

  it("refuses a reference of another length", () => {
    assert.throws(() => nonDominatedBoxes(matrix(1, 3), [1, 2]), { code: "shape" });
  });
});

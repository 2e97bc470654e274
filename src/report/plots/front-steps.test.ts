import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { frontSteps } from "./front-steps.ts";

test("the staircase joins the points that no other beats", () => {
  const points = [
    [1, 1],
    [2, 3],
    [3, 2],
    [4, 5],
  ];
  assert.deepEqual(frontSteps(points, "low", "high"), [
    [1, 1],
    [2, 1],
    [2, 3],
    [4, 3],
    [4, 5],
  ]);
  assert.deepEqual(frontSteps(points, "low", "low"), [[1, 1]]);
  assert.deepEqual(frontSteps(points, null, "high"), []);
});

test("no point lies beyond the staircase", () => {
  const coordinate = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1 }), (points) => {
      const steps = frontSteps(points, "low", "low");
      for (const [x, y] of points) {
        assert.ok(steps.some(([fx, fy]) => fx <= x && fy <= y));
      }
    }),
  );
});

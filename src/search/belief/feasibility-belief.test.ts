import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { fitFeasibility } from "./feasibility-belief.ts";

const space = await unitBox(2);
const { columns } = space;

const isPossible = (row: ArrayLike<number>): boolean => row[0] + 0.3 * row[1] < 0.7;
const draws = Array.from({ length: 40 }, (_, i) => rowOf(space.sample(40, createRng(3)), i));
const rowsWhere = (wanted: boolean) => {
  const kept = draws.filter((row) => isPossible(row) === wanted);
  const rows = matrix(kept.length, 2);
  kept.forEach((row, i) => rows.data.set(row, 2 * i));
  return rows;
};
const options = { rng: createRng(1) };
const belief = await fitFeasibility(columns, rowsWhere(true), rowsWhere(false), options);

describe("a belief of what can be made", () => {
  it("tells possible designs from impossible ones", () => {
    const fresh = space.sample(300, createRng(4));
    const right = belief
      .probability(fresh)
      .filter((p, i) => p > 0.5 === isPossible(rowOf(fresh, i))).length;
    assert.ok(right >= 270, `${right} of 300`);
  });

  it("has gradients that central differences confirm", () => {
    const fresh = space.sample(6, createRng(5));
    for (let i = 0; i < 6; i++) {
      const row = rowOf(fresh, i);
      const { logProbability, gradient } = belief.slope(row);
      const chance = belief.probability(matrix(1, 2, row))[0];
      assert.ok(Math.abs(Math.exp(logProbability) - chance) < 1e-12);
      for (let k = 0; k < 2; k++) {
        const moved = (by: number): number =>
          belief.slope(row.map((v, j) => (j === k ? v + by : v))).logProbability;
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert.ok(Math.abs(gradient[k] - difference) < 1e-5 * Math.max(1, Math.abs(difference)));
      }
    }
  });

  it("holds everything for unlikely where all failed, and less so far away", async () => {
    const corner = matrix(3, 2, Float64Array.of(0, 0, 0.05, 0, 0, 0.05));
    const failed = await fitFeasibility(columns, matrix(0, 2), corner, options);
    const [near, far] = failed.probability(matrix(2, 2, Float64Array.of(0.02, 0.02, 1, 1)));
    assert.ok(near < far && far <= 0.5 && near > 0.01);
  });
});

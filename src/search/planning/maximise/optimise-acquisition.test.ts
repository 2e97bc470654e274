import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import type { Acquisition } from "../../acquisition/contract.ts";
import { freeSpace, levels, unitBox } from "../../fixtures/spaces.ts";
import { bestOfPool, optimiseAcquisition } from "./optimise-acquisition.ts";
import { rawDesigns } from "./raw-designs.ts";

/** Minus the weighted squared distance to a point. */
const hill = (
  centre: readonly number[],
  weights = centre.map(() => 1),
  points = 1,
): Acquisition => {
  const d = centre.length;
  const slope = (row: ArrayLike<number>, gradient?: Float64Array): number => {
    let value = 0;
    for (let k = 0; k < row.length; k++) {
      const gap = row[k] - centre[k % d];
      value -= weights[k % d] * gap * gap;
      if (gradient !== undefined) gradient[k] = -2 * weights[k % d] * gap;
    }
    return value;
  };
  return {
    points,
    values: (rows) => Float64Array.from({ length: rows.rows }, (_, i) => slope(rowOf(rows, i))),
    slope,
  };
};

const best = async (
  space: SearchSpace,
  acquisition: Acquisition,
  isOpen = (row: ArrayLike<number>): boolean => space.isFeasible(row),
): Promise<Float64Array> => {
  const raw = rawDesigns(
    space,
    matrix(0, space.dimension),
    { spread: 64, nearby: 0 },
    createRng(1),
  );
  const found = await optimiseAcquisition({ space, acquisition, raw, isOpen });
  assert.ok(found !== undefined);
  for (let i = 0; i < found.rows.rows; i++) assert.ok(space.isFeasible(rowOf(found.rows, i)));
  return found.rows.data;
};
const near = (found: ArrayLike<number>, wanted: readonly number[], within: number): void =>
  wanted.forEach((value, k) =>
    assert.ok(Math.abs(found[k] - value) <= within, `${found[k]} is not ${value}`),
  );

describe("the largest acquisition value", () => {
  it("of a box is found to rounding, inside and on its faces", async () => {
    const space = await unitBox(3);
    near(await best(space, hill([0.2, 0.5, 0.9], [1, 30, 0.1])), [0.2, 0.5, 0.9], 1e-4);
    near(await best(space, hill([-1, 0.5, 2])), [0, 0.5, 1], 1e-6);
  });

  it("of fractions under limits is where the multipliers say", async () => {
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "mixture",
          elements: ["A", "B", "C"].map((symbol) => ({ symbol, min: 0.05, max: 1 })),
          count: { min: 3, max: 3 },
        },
      ],
      constraints: [
        { kind: "linear", text: "A <= 0.3", coefficients: { A: 1 }, relation: "<=", bound: 0.3 },
      ],
      quantities: [],
    });
    // The nearest point to (0.6, 0.3, 0.3) with a sum of one and A <= 0.3 shares the rest evenly.
    near(await best(space, hill([0.6, 0.3, 0.3])), [0.3, 0.35, 0.35], 1e-4);
  });

  it("of n-choose-k is found by exchanging components", async () => {
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "mixture",
          elements: ["A", "B", "C", "D", "E", "F", "G", "H"].map((symbol) => ({
            symbol,
            min: 0.1,
            max: 0.8,
          })),
          count: { min: 2, max: 2 },
        },
      ],
      constraints: [],
      quantities: [],
    });
    const centre = [0, 0, 0.7, 0, 0, 0, 0.3, 0];
    near(await best(space, hill(centre)), centre, 1e-4);
  });

  it("of 10^12 listed designs is found without listing them", async () => {
    const space = await freeSpace(Array.from({ length: 12 }, (_, k) => levels(`x${k}`, 10)));
    const centre = Array.from({ length: 12 }, (_, k) => (7 * k) % 10);
    near(await best(space, hill(centre)), centre, 0);
  });

  it("leaves out designs that are taken", async () => {
    const space = await freeSpace([levels("a", 5), levels("b", 5)]);
    const isOpen = (row: ArrayLike<number>): boolean => row[0] !== 2 || row[1] !== 2;
    const found = await best(space, hill([2, 2.1]), isOpen);
    near(found, [2, 3], 0);
    const none = await optimiseAcquisition({
      space,
      acquisition: hill([2, 2]),
      raw: matrix(1, 2),
      isOpen: () => false,
    });
    assert.equal(none, undefined);
  });

  it("of a batch has rows that differ", async () => {
    const space = await unitBox(2);
    const found = await best(space, hill([0.5, 0.5], [1, 1], 2));
    assert.equal(found.length, 4);
    assert.ok(Math.max(Math.abs(found[0] - found[2]), Math.abs(found[1] - found[3])) > 1e-6);
  });

  it("of a pool is its best open design", async () => {
    const pool = matrix(5, 1, Float64Array.of(0, 1, 2, 3, 4));
    const found = await bestOfPool(hill([3.2]), pool, (row) => row[0] !== 3);
    assert.deepEqual(found?.rows.data, Float64Array.of(4));
  });
});

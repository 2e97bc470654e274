import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { dialled } from "../acquisition/dial.ts";
import { freeSpace } from "../fixtures/spaces.ts";
import type { Belief } from "./contract.ts";
import { fitBelief } from "./fit-belief.ts";

const space = await freeSpace([
  { kind: "continuous", name: "t", unit: "K", min: 300, max: 900 },
  { kind: "continuous", name: "x", unit: "1", min: 0, max: 1 },
  { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
]);
const measured = space.sample(14, createRng("measured"));
const values = Float64Array.from({ length: 14 }, (_, i) => {
  const [t, x, route] = rowOf(measured, i);
  return 40 * Math.sin(t / 150) + 30 * x * x + 10 * route;
});
const { belief } = await fitBelief(space.columns, measured, values, { rng: createRng(1) });
const fixed = space.sample(5, createRng("fixed"));
const others = space.sample(4, createRng("others"));

/** Covariances of one row with the fixed ones, from all of them together. */
function jointly(of: Belief, row: Float64Array): Float64Array {
  const all = matrix(6, 3, Float64Array.of(...row, ...fixed.data));
  return rowOf(of.joint(all).covariance, 0).slice(1);
}

const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, relative: number): void => {
  const size = Math.max(...Array.from(wanted, Math.abs), 1e-9);
  for (let k = 0; k < wanted.length; k++) {
    assert.ok(Math.abs(found[k] - wanted[k]) <= relative * size, `${found[k]} ${wanted[k]}`);
  }
};

const rowsOf = (rows: Matrix): Float64Array[] =>
  Array.from({ length: rows.rows }, (_, i) => rowOf(rows, i));

describe("covariances with fixed rows", () => {
  const told = belief.condition(matrix(1, 3, Float64Array.of(500, 0.5, 1)), Float64Array.of(3));

  it("are those of all rows together, also after further measurements", () => {
    for (const one of [belief, told, dialled(belief, 0.8)]) {
      const cross = one.against(fixed);
      for (const row of rowsOf(others)) near(cross.at(row), jointly(one, row), 1e-9);
    }
  });

  it("have the derivatives of central differences, and none by a category", () => {
    for (const one of [told, dialled(belief, 0.2)]) {
      const cross = one.against(fixed);
      for (const row of rowsOf(others)) {
        const gradient = new Float64Array(15);
        cross.at(row, gradient);
        [600, 1].forEach((range, k) => {
          const h = 1e-5 * range;
          const moved = (by: number): Float64Array =>
            cross.at(row.map((value, j) => (j === k ? value + by : value)));
          const [up, down] = [moved(h), moved(-h)];
          const wanted = up.map((value, j) => ((value - down[j]) * range) / (2 * h));
          near(
            wanted.map((_, j) => gradient[3 * j + k] * range),
            wanted,
            1e-5,
          );
        });
        for (let j = 0; j < 5; j++) assert.equal(gradient[3 * j + 2], 0);
      }
    }
  });
});

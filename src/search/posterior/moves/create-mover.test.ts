import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf, takeRows } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import { levels } from "../../fixtures/spaces.ts";
import { createMover } from "./create-mover.ts";

const elements = ["Al", "Ti", "V"].map((symbol) => ({ symbol, min: 0.2, max: 0.8 }));

/** 3 elements on a grid of fifths, a list and a category, with a limit: a few dozen designs. */
const lattice = await createSpace({
  parameters: [
    { kind: "composition", name: "composition", elements, step: 0.2 },
    levels("passes", 3),
    { kind: "categorical", name: "route", values: ["cast", "wrought"] },
  ],
  constraints: [
    {
      kind: "linear",
      text: "Al + V <= 0.8",
      coefficients: { Al: 1, V: 1 },
      relation: "<=",
      bound: 0.8,
    },
  ],
  quantities: [],
});

const blend = await createSpace({
  parameters: [
    {
      kind: "composition",
      name: "composition",
      elements: elements.map((e) => ({ ...e, min: 0.1 })),
    },
    { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
  ],
  constraints: [
    {
      kind: "linear",
      text: "Al + V <= 0.7",
      coefficients: { Al: 1, V: 1 },
      relation: "<=",
      bound: 0.7,
    },
  ],
  quantities: [],
});

describe("moves", () => {
  it("propose y from x as often as x from y, each kind by itself", () => {
    const rows = [...lattice.enumerate()];
    const n = rows.length;
    assert.equal(BigInt(n), lattice.count());
    const places = new Map(rows.map((row, i) => [row.join(" "), i]));
    const mover = createMover(lattice);
    const reference = takeRows(lattice.sample(40, createRng("reference")), [...Array(40).keys()]);
    const all = matrix(n, lattice.dimension);
    rows.forEach((row, i) => rowOf(all, i).set(row));
    const rng = createRng("moves");
    const counts = mover.kinds.map(() => new Float64Array(n * n));
    for (let round = 0; round < 6000; round++) {
      const { rows: moved, kind, isInside } = mover.propose(all, reference, rng);
      for (let i = 0; i < n; i++) {
        if (isInside[i] === 0) continue;
        const to = places.get(rowOf(moved, i).join(" "));
        assert.ok(to !== undefined, "a proposal that is called inside is a design of the space");
        counts[kind[i]][i * n + to]++;
      }
    }
    mover.kinds.forEach((kind, k) => {
      let moves = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const [forth, back] = [counts[k][i * n + j], counts[k][j * n + i]];
          moves += forth + back;
          // Five and a half standard deviations of a fair coin: about 1 in 10^7 for each pair.
          const limit = 5.5 * Math.sqrt(forth + back) + 1;
          assert.ok(Math.abs(forth - back) <= limit, `${kind}: ${forth} forth, ${back} back`);
        }
      }
      assert.ok(moves > 1000, `${kind} moves`);
    });
  });

  it("stay in the space where numbers and fractions are continuous", () => {
    const mover = createMover(blend);
    const rows = blend.sample(200, createRng(1));
    const reference = blend.sample(100, createRng(2));
    const rng = createRng(3);
    for (let round = 0; round < 50; round++) {
      const { rows: moved, isInside } = mover.propose(rows, reference, rng);
      for (let i = 0; i < rows.rows; i++) {
        if (isInside[i] === 1) assert.ok(blend.isFeasible(rowOf(moved, i)));
        else assert.deepEqual(rowOf(moved, i), rowOf(rows, i));
      }
    }
  });

  it("leave a uniform sample of a blend uniform", () => {
    const mover = createMover(blend);
    const reference = blend.sample(300, createRng("reference"));
    let rows = blend.sample(4000, createRng("start"));
    const rng = createRng("moves");
    for (let round = 0; round < 60; round++) {
      rows = takeMoved(rows, mover.propose(rows, reference, rng));
    }
    const fresh = blend.sample(4000, createRng("fresh"));
    for (let j = 0; j < blend.dimension; j++) {
      const distance = largestGap(column(rows, j), column(fresh, j));
      // Kolmogorov-Smirnov for two samples of 4000: 0.0436 is exceeded with a chance of 0.1 %.
      assert.ok(distance < 0.0436, `${blend.columns[j].label}: ${distance}`);
    }
  });
});

function takeMoved(
  rows: ReturnType<SearchSpace["sample"]>,
  { rows: moved, isInside }: ReturnType<ReturnType<typeof createMover>["propose"]>,
): ReturnType<SearchSpace["sample"]> {
  const next = matrix(rows.rows, rows.columns, rows.data.slice());
  isInside.forEach((inside, i) => {
    if (inside === 1) rowOf(next, i).set(rowOf(moved, i));
  });
  return next;
}

const column = ({ data, rows, columns }: ReturnType<SearchSpace["sample"]>, j: number) =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]).sort();

/** Largest difference of the cumulative distributions of two ascending samples. */
function largestGap(a: Float64Array, b: Float64Array): number {
  let [i, j, most] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return most;
}

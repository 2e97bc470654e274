import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { Condition, Parameter, SearchSpace } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import { levels } from "../../fixtures/spaces.ts";
import type { Mover } from "./contract.ts";
import { createMover } from "./create-mover.ts";

const when = (text: string, ...conditions: Condition[]) => ({
  when: { text, alternatives: [conditions] },
});
const isWrought = when("route is wrought", {
  kind: "is",
  parameter: "route",
  values: ["wrought"],
});
const route: Parameter = { kind: "categorical", name: "route", values: ["cast", "wrought"] };

/** Passes only of wrought alloys, an atmosphere only from one pass on, a flux only with aluminium. */
const listed = await createSpace({
  parameters: [
    {
      kind: "composition",
      name: "composition",
      elements: ["Al", "Ti"].map((symbol) => ({ symbol, min: 0.2, max: 1 })),
      step: 0.2,
    },
    route,
    { ...levels("passes", 3), ...isWrought },
    {
      kind: "categorical",
      name: "atmosphere",
      values: ["argon", "vacuum"],
      ...when("passes >= 1", { kind: "compare", column: "passes", relation: ">=", bound: 1 }),
    },
    { ...levels("flux", 2), ...when("Al", { kind: "present", element: "Al" }) },
  ],
  constraints: [],
  quantities: [],
});

/** Numbers that may be absent or go with a category, and a limit that makes some choices rarer. */
const numbers = await createSpace({
  parameters: [
    route,
    { kind: "continuous", name: "rolling", unit: "1", min: 0, max: 1, ...isWrought },
    { kind: "continuous", name: "dopant", unit: "1", min: 0.2, max: 1, zeroOr: true },
    {
      kind: "continuous",
      name: "binder",
      unit: "1",
      min: 0.1,
      max: 0.9,
      zeroOr: true,
      ...isWrought,
    },
    { kind: "continuous", name: "heat", unit: "1", min: 0, max: 1 },
  ],
  constraints: [
    {
      kind: "linear",
      text: "rolling + dopant + heat <= 1.2",
      coefficients: { rolling: 1, dopant: 1, heat: 1 },
      relation: "<=",
      bound: 1.2,
    },
  ],
  quantities: [],
});

/** Every set of elements counts the same, though limits leave them different room. */
const blend = await createSpace({
  parameters: [
    {
      kind: "composition",
      name: "composition",
      elements: ["Al", "Ti", "V", "Cr"].map((symbol) => ({ symbol, min: 0.1, max: 0.8 })),
      count: { min: 2, max: 4 },
    },
    route,
    { kind: "continuous", name: "rolling", unit: "1", min: 0, max: 1, ...isWrought },
    { kind: "continuous", name: "dopant", unit: "1", min: 0.2, max: 1, zeroOr: true },
  ],
  constraints: [
    {
      kind: "linear",
      text: "Al + Cr + dopant <= 0.9",
      coefficients: { Al: 1, Cr: 1, dopant: 1 },
      relation: "<=",
      bound: 0.9,
    },
  ],
  quantities: [],
});

/** Rows after rounds of moves under the prior alone, without the fresh draws among them. */
function moved(space: SearchSpace, mover: Mover, from: Matrix, rounds: number): Matrix {
  const reference = space.sample(200, createRng("reference"));
  const rng = createRng("moves");
  const now = matrix(from.rows, from.columns, from.data.slice());
  for (let round = 0; round < rounds; round++) {
    const { rows, kind, isInside, balance } = mover.propose(now, reference, rng);
    for (let i = 0; i < now.rows; i++) {
      if (mover.kinds[kind[i]] === "prior" || isInside[i] === 0) continue;
      if (rng.uniform() < exp(balance[i])) rowOf(now, i).set(rowOf(rows, i));
    }
  }
  return now;
}

/** Which choices a row makes: its words, and which of its other columns are not zero. */
const choices = (space: SearchSpace, row: Float64Array): string =>
  space.columns.map(({ kind }, k) => (kind === "category" ? row[k] : Number(row[k] > 0))).join("");

/** How often each choice comes, sorted by name. */
function countChoices(space: SearchSpace, rows: Matrix): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows.rows; i++) {
    const key = choices(space, rowOf(rows, i));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Largest difference of the cumulative distributions of two samples. */
function largestGap(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a.toSorted(), b.toSorted()];
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i], y[j]);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    most = Math.max(most, Math.abs(i / x.length - j / y.length));
  }
  return most;
}

describe("moves between cells", () => {
  it("propose and take y from x as often as x from y where parameters are conditional", () => {
    const rows = [...listed.enumerate()];
    const n = rows.length;
    // Two elements on fifths: one without Al, four with Al and Ti, one without Ti; each with Al has two fluxes.
    // One cast route, and wrought with no pass or with one or two in two atmospheres: 11 x 6.
    assert.equal(n, 66);
    const places = new Map(rows.map((row, i) => [row.join(" "), i]));
    const mover = createMover(listed);
    const reference = listed.sample(40, createRng("reference"));
    const all = matrix(n, listed.dimension, Float64Array.from(rows.flatMap((row) => [...row])));
    const rng = createRng("moves");
    const counts = mover.kinds.map(() => new Float64Array(n * n));
    for (let round = 0; round < 4000; round++) {
      const { rows: next, kind, isInside, balance } = mover.propose(all, reference, rng);
      for (let i = 0; i < n; i++) {
        if (isInside[i] === 0 || !(rng.uniform() < exp(balance[i]))) continue;
        const to = places.get(rowOf(next, i).join(" "));
        assert.ok(to !== undefined, "a proposal that is called inside is a design of the space");
        counts[kind[i]][i * n + to]++;
      }
    }
    let between = 0;
    mover.kinds.forEach((kind, k) => {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const [forth, back] = [counts[k][i * n + j], counts[k][j * n + i]];
          if (kind === "flip") between += forth;
          // Five and a half standard deviations of a fair coin: about 1 in 10^7 for each pair.
          const limit = 5.5 * Math.sqrt(forth + back) + 1;
          assert.ok(Math.abs(forth - back) <= limit, `${kind}: ${forth} forth, ${back} back`);
        }
      }
    });
    assert.ok(between > 1000, "routes change");
  });

  for (const [name, space, areEqual] of [
    ["numbers that may be absent", numbers, false],
    ["continuous fractions", blend, true],
  ] as const) {
    describe(`with ${name}`, () => {
      const mover = createMover(space);
      const n = 6000;
      const fresh = space.sample(n, createRng("fresh"));
      const expected = countChoices(space, fresh);

      it("weigh cells as documented", () => {
        assert.equal(space.cells().areEqual, areEqual);
        assert.ok(expected.size >= 6, `${expected.size} cells`);
      });

      it("leave a sample of the prior what it is, without fresh draws", () => {
        const rows = moved(space, mover, space.sample(n, createRng("start")), 40);
        for (const [key, count] of expected) {
          const found = countChoices(space, rows).get(key) ?? 0;
          // Five standard deviations of the difference of two counts.
          const limit = 5 * Math.sqrt(count + found) + 1;
          assert.ok(Math.abs(found - count) <= limit, `${key}: ${found} for ${count}`);
        }
        for (let j = 0; j < space.dimension; j++) {
          const own = [rows, fresh].map(({ data, columns }) =>
            Float64Array.from({ length: n }, (_, i) => data[i * columns + j]),
          );
          // Kolmogorov-Smirnov for two samples of 6000: 0.0356 is exceeded with a chance of 0.1 %.
          const gap = largestGap(own[0], own[1]);
          assert.ok(gap < 0.0356, `${space.columns[j].label}: ${gap}`);
        }
      });

      it("lead from a single design to all cells with their weights, without fresh draws", () => {
        const few = n / 4;
        const start = matrix(few, space.dimension);
        for (let i = 0; i < few; i++) rowOf(start, i).set(rowOf(fresh, 0));
        const rows = moved(space, mover, start, 200);
        for (const [key, count] of expected) {
          const found = 4 * (countChoices(space, rows).get(key) ?? 0);
          const limit = 5 * Math.sqrt(count + 4 * found) + 1;
          assert.ok(Math.abs(found - count) <= limit, `${key}: ${found} for ${count}`);
        }
      });
    });
  }
});

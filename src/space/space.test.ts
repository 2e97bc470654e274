import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InfeasibleError, InputError, UnsupportedError } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { Parameter, Quantity, SearchSpace } from "./contract.ts";
import { createSpace } from "./create-space.ts";
import type { SpaceSpec } from "./model/model.ts";
import {
  bruteForce,
  composition,
  gridSpec,
  heat,
  isDesign,
  price,
  ranges,
  routes,
  spaceOf,
  specOf,
  texts,
} from "./small-spaces.test.ts";

test("five elements at 1 % make 4,598,126 compositions, C(104, 4)", async () => {
  assert.equal((await spaceOf([composition("A,B,C,D,E", { step: 0.01 })])).count(), 4598126n);
});

test("eight elements at 0.1 % make 204,032,533,091,695,451 compositions", async () => {
  const binomial = (n: bigint, k: bigint): bigint =>
    k === 0n ? 1n : (binomial(n - 1n, k - 1n) * n) / k;
  const space = await spaceOf([composition("A,B,C,D,E,F,G,H", { step: 0.001 })]);
  assert.equal(binomial(1007n, 7n), 204032533091695451n);
  assert.equal(space.count(), 204032533091695451n);
});

test("five required elements of 5 to 35 % make 553,401 compositions, 5 of 10 such 139,457,052", async () => {
  const range = { min: 0.05, max: 0.35, step: 0.01 };
  const five = await spaceOf([composition("A,B,C,D,E", { ...range, required: true })]);
  assert.equal(five.count(), 553401n);
  const ten = await spaceOf([composition("A,B,C,D,E,F,G,H,I,J", { ...range, count: [5, 5] })]);
  assert.equal(ten.count(), 252n * 553401n);
  assert.equal(ten.count(), 139457052n);
});

test("limits with real coefficients are counted as nested loops count them", async () => {
  const space = await spaceOf(
    [composition("A,B,C,D,F", { step: 0.01 })],
    ["price <= 60 USD/kg", "A + B <= 0.8"],
  );
  const { numerator, denominator } = price.ratio!;
  const cost = ["A", "B", "C", "D", "F"].map((name) => numerator[name]);
  const mass = ["A", "B", "C", "D", "F"].map((name) => denominator![name]);
  let expected = 0;
  const place = (i: number, left: number, above: number, below: number): void => {
    if (i === 4) {
      if (above + (left / 100) * cost[4] <= 60 * (below + (left / 100) * mass[4])) expected++;
      return;
    }
    if (i === 2 && left < 20) return;
    for (let k = 0; k <= left; k++) {
      place(i + 1, left - k, above + (k / 100) * cost[i], below + (k / 100) * mass[i]);
    }
  };
  place(0, 100, 0, 0);
  assert.equal(space.count(), BigInt(expected));
});

test("process parameters multiply the count", async () => {
  const space = await spaceOf([composition("A,B,C", { step: 0.1 }), routes, heat]);
  assert.equal(space.count(), 66n * 9n);
});

test("a continuous space is uncountable and says why, and cannot be listed", async () => {
  const space = await spaceOf([composition("A,B,C")]);
  assert.equal(space.count(), "uncountable");
  assert.match(space.countReason()!, /alloy.*continuous/);
  assert.throws(() => space.enumerate().next(), UnsupportedError);
});

test("count, enumeration and nested loops find the same designs, or all find none", async () => {
  await fc.assert(
    fc.asyncProperty(gridSpec, async (spec) => {
      const expected = bruteForce(spec);
      const space = await createSpace(spec, { allowEmpty: true });
      const listed = [...space.enumerate()].map((row) => row.join(","));
      assert.equal(listed.length, expected.length);
      assert.deepEqual(new Set(listed), new Set(expected.map((row) => row.join(","))));
      assert.equal(space.count(), BigInt(expected.length));
      assert.equal(space.explainInfeasible().length > 0, expected.length === 0);
    }),
    { numRuns: 60, seed: 11 },
  );
});

test("sampled, repaired and mapped designs on a grid are feasible; a feasible row is its own repair", async () => {
  await fc.assert(
    fc.asyncProperty(gridSpec, fc.integer({ min: 0, max: 1e6 }), async (spec, seed) => {
      const space = await createSpace(spec, { allowEmpty: true });
      if (space.count() === 0n) {
        assert.throws(() => space.sample(1, createRng(seed)), InfeasibleError);
        return;
      }
      const rng = createRng(seed);
      const drawn = space.sample(20, rng);
      for (let i = 0; i < 20; i++) {
        const row = rowOf(drawn, i);
        assert.ok(isDesign(spec, row), `drawn ${row.join(" ")}`);
        assert.deepEqual(space.repair(row), Float64Array.from(row));
        assert.deepEqual(space.encode(space.decode(row)), Float64Array.from(row));
        assert.ok(space.check(row).every(({ satisfied }) => satisfied));
        const wild = Float64Array.from({ length: space.dimension }, () => rng.normal());
        const repaired = space.repair(wild);
        assert.ok(isDesign(spec, repaired), `repaired ${wild.join(" ")} to ${repaired.join(" ")}`);
        const point = Float64Array.from({ length: space.unitDimension }, () => rng.uniform());
        assert.ok(isDesign(spec, space.fromUnit(point)));
      }
    }),
    { numRuns: 60, seed: 12 },
  );
});

test("repair on a grid stays within 1.3 times the distance of the nearest design, and mostly finds it", async () => {
  let exact = 0;
  let total = 0;
  await fc.assert(
    fc.asyncProperty(gridSpec, fc.integer({ min: 0, max: 1e6 }), async (spec, seed) => {
      const designs = bruteForce(spec);
      if (designs.length === 0) return;
      const space = await createSpace(spec);
      const rng = createRng(seed);
      for (let i = 0; i < 5; i++) {
        const wish = Float64Array.from([...rng.dirichlet([1, 1, 1, 1]), rng.integer(3)]);
        const distance = (row: ArrayLike<number>): number =>
          wish.reduce(
            (sum, x, j) => sum + (j === 4 ? (x === row[j] ? 0 : 1) : (x - row[j]) ** 2),
            0,
          );
        const best = Math.min(...designs.map(distance));
        const found = distance(space.repair(wish));
        total++;
        if (found <= best + 1e-9) exact++;
        assert.ok(Math.sqrt(found) <= 1.3 * Math.sqrt(best) + 0.15, `${found} against ${best}`);
      }
    }),
    { numRuns: 60, seed: 13 },
  );
  assert.ok(exact >= 0.85 * total, `${exact} of ${total}`);
});

const freeSpec = fc
  .tuple(
    ranges,
    texts,
    fc.option(fc.constantFrom<[number, number]>([2, 3], [1, 4]), { nil: undefined }),
  )
  .map(([range, list, count]) =>
    specOf(
      [
        composition("A,B,C,D", { ...range, ...(count === undefined ? {} : { count }) }),
        routes,
        { kind: "continuous", name: "time", unit: "h", min: 1, max: 10 },
      ],
      list,
    ),
  );

test("sampled, repaired and mapped designs with continuous fractions are feasible", async () => {
  await fc.assert(
    fc.asyncProperty(freeSpec, fc.integer({ min: 0, max: 1e6 }), async (spec, seed) => {
      let space: SearchSpace;
      try {
        space = await createSpace(spec);
      } catch (error) {
        assert.ok(error instanceof InfeasibleError);
        return;
      }
      const rng = createRng(seed);
      for (let i = 0; i < 10; i++) {
        const wild = Float64Array.from({ length: space.dimension }, () => rng.normal());
        const repaired = space.repair(wild);
        assert.ok(isDesign(spec, repaired), `repaired ${wild.join(" ")} to ${repaired.join(" ")}`);
        assert.ok(space.isFeasible(repaired));
      }
      const drawn = space.sample(20, rng);
      for (let i = 0; i < 20; i++) {
        const row = rowOf(drawn, i);
        assert.ok(isDesign(spec, row), `drawn ${row.join(" ")}`);
        const point = Float64Array.from({ length: space.unitDimension }, () => rng.uniform());
        assert.ok(isDesign(spec, space.fromUnit(point)));
      }
    }),
    { numRuns: 60, seed: 14 },
  );
});

test("draws on a grid are uniform: chi squared over all designs", async () => {
  const spec = specOf(
    [composition("A,B,C,D", { min: 0.1, max: 0.6, step: 0.1, count: [2, 3] }), routes],
    ["A + B <= 0.7", "price <= 90 USD/kg", "not (A and route is CAST)"],
  );
  const designs = bruteForce(spec);
  const space = await createSpace(spec);
  const seen = new Map(designs.map((row) => [row.join(","), 0]));
  const n = 200 * designs.length;
  const drawn = space.sample(n, createRng(5));
  for (let i = 0; i < n; i++) {
    const key = rowOf(drawn, i).join(",");
    seen.set(key, seen.get(key)! + 1);
  }
  const chi = [...seen.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  const freedom = designs.length - 1;
  // Five standard deviations of chi squared.
  assert.ok(Math.abs(chi - freedom) < 5 * Math.sqrt(2 * freedom), `${chi} for ${freedom}`);
});

test("a walk in a thin polytope has the mean of the polytope", async () => {
  // The triangle A + B <= 0.02 on the simplex of three: A and B have the mean 0.02 / 3.
  const space = await spaceOf([composition("A,B,C")], ["A + B <= 0.02"]);
  const n = 20_000;
  const drawn = space.sample(n, createRng(3));
  let mean = 0;
  for (let i = 0; i < n; i++) mean += rowOf(drawn, i)[0] / n;
  assert.ok(Math.abs(mean - 0.02 / 3) < 2e-4, `${mean}`);
});

test("fractions print cleanly and sum to one", async () => {
  const space = await spaceOf([
    composition("A,B,C,D,E", { min: 0.05, max: 0.35, step: 0.01, count: [3, 5] }),
  ]);
  const drawn = space.sample(500, createRng(9));
  for (let i = 0; i < 500; i++) {
    for (const x of rowOf(drawn, i)) assert.equal(x, Number(x.toFixed(2)));
    assert.ok(Math.abs(rowOf(drawn, i).reduce((a, b) => a + b, 0) - 1) < 1e-12);
  }
});

test("the same seed gives the same draws", async () => {
  const parameters = [composition("A,B,C,D"), routes];
  const one = (await spaceOf(parameters, ["A + B <= 0.1"])).sample(50, createRng(4));
  const other = (await spaceOf(parameters, ["A + B <= 0.1"])).sample(50, createRng(4));
  assert.deepEqual(one, other);
});

test("draws depend on the random numbers alone, not on earlier draws", async () => {
  const number: Parameter = { kind: "continuous", name: "T", unit: "K", min: 0, max: 1e6 };
  const specs = [
    // Blind draws, walks, a walk beside a grid, and a list of the few that are feasible.
    specOf([composition("A,B,C,D"), routes], ["A + B <= 0.6"]),
    specOf([composition("A,B,C,D"), routes], ["A + B <= 0.02", "price <= 40 USD/kg"]),
    specOf([composition("A,B", { step: 0.1 }), number], ["T <= 0.5 K", "T - A <= 0.1"]),
    specOf([composition("A,B,C,D,E,F", { step: 0.01 })], ["price <= 1.426 USD/kg"]),
  ];
  for (const spec of specs) {
    const used = await createSpace(spec);
    used.sample(300, createRng(1));
    for (const n of [1, 40]) {
      const fresh = await createSpace(spec);
      const expected = fresh.sample(n, createRng(7));
      assert.deepEqual(used.sample(n, createRng(7)), expected);
      assert.deepEqual(used.sample(n, createRng(7)), expected);
    }
    for (let i = 0; i < 40; i++) {
      assert.ok(used.isFeasible(rowOf(used.sample(40, createRng(7)), i)));
    }
  }
});

test("a list of ten million and more designs streams one by one", async () => {
  const space = await spaceOf([composition("A,B,C,D,E,F,G,H,I,J", { step: 0.01 })]);
  let n = 0;
  for (const row of space.enumerate()) {
    assert.equal(row.length, 10);
    if (++n === 10_000) break;
  }
  assert.equal(n, 10_000);
});

test("repair projects exactly on the continuous polytope", async () => {
  // Nearest point of { A + B = 0.3, C + D = 0.7 } to the corner (1, 0, 0, 0), by hand.
  const space = await spaceOf([composition("A,B,C,D")], ["A + B <= 0.3"]);
  const found = space.repair([1, 0, 0, 0]);
  [0.3, 0, 0.35, 0.35].forEach((x, j) => assert.ok(Math.abs(found[j] - x) < 1e-8, found.join(" ")));
});

test("repair clamps in a box of numbers, into the memory that is given", async () => {
  const space = await createSpace({
    parameters: ["x", "y", "z"].map((name) => ({
      kind: "continuous",
      name,
      unit: "1",
      min: 1,
      max: 2,
    })),
    constraints: [],
    quantities: [],
  });
  const row = Float64Array.of(0.5, 1.5, 2 + 1e-12);
  // What is outside by rounding alone is feasible, and stays.
  assert.deepEqual(space.repair(row), Float64Array.of(1, 1.5, 2 + 1e-12));
  assert.deepEqual(row, Float64Array.of(0.5, 1.5, 2 + 1e-12));
  assert.equal(space.repair(row, row), row);
  assert.deepEqual(row, Float64Array.of(1, 1.5, 2 + 1e-12));
});

test("repair refuses what is not a row", async () => {
  const space = await spaceOf([composition("A,B,C", { step: 0.1 })]);
  assert.throws(() => space.repair([Number.NaN, 0, 0]), InputError);
  assert.throws(() => space.repair([1, 0]), /expected 3 numbers/);
});

/** Sum of the squared fractions, which no linear program knows. */
const order: Quantity = {
  name: "order",
  title: "sum of squares",
  unit: "1",
  source: "made up for tests",
  evaluate: ({ data, rows, columns }) =>
    Float64Array.from({ length: rows }, (_, i) =>
      data.subarray(i * columns, (i + 1) * columns).reduce((sum, x) => sum + x * x, 0),
    ),
};
const ordered = (parameter: Parameter, bound: number): SpaceSpec => ({
  parameters: [parameter],
  constraints: [
    { kind: "quantity", text: `order <= ${bound}`, quantity: "order", relation: "<=", bound },
  ],
  quantities: [order],
});

test("a limit on a quantity given by a function holds for draws, repairs and counts", async () => {
  const spec = ordered(composition("A,B,C", { step: 0.05 }), 0.5);
  const space = await createSpace(spec);
  const squares = (row: ArrayLike<number>): number =>
    Array.from(row).reduce((sum, x) => sum + x * x, 0);
  let expected = 0;
  for (let a = 0; a <= 20; a++)
    for (let b = 0; a + b <= 20; b++)
      if (squares([a / 20, b / 20, (20 - a - b) / 20]) <= 0.5 + 1e-9) expected++;
  assert.equal(space.count(), BigInt(expected));
  assert.ok(squares(space.repair([1, 0, 0])) <= 0.5 + 1e-9);
  const drawn = space.sample(100, createRng(1));
  for (let i = 0; i < 100; i++) assert.ok(squares(rowOf(drawn, i)) <= 0.5 + 1e-9);
});

test("a limit by a function that no draw keeps is refused with the nearest value", async () => {
  // The least sum of squares of three fractions is 1/3, at equal parts.
  for (const parameter of [composition("A,B,C", { step: 0.01 }), composition("A,B,C")]) {
    await assert.rejects(createSpace(ordered(parameter, 0.3)), (error) => {
      assert.ok(error instanceof InfeasibleError);
      assert.match(error.message, /no design was found that satisfies "order <= 0.3"/);
      const stated = /from 0.3 to (0\.\d+), the nearest/.exec(error.conflicts[0].relaxations[0])!;
      assert.ok(Math.abs(Number(stated[1]) - 1 / 3) < 1e-3, stated[0]);
      return true;
    });
    const empty = await createSpace(ordered(parameter, 0.3), { allowEmpty: true });
    assert.deepEqual(empty.explainInfeasible()[0].constraints, ["order <= 0.3"]);
  }
});

test("a set of elements that leaves a single point is drawn as that point", async () => {
  const space = await spaceOf(
    [composition("A,B,C,D", { min: 0.1, max: 0.35, count: [3, 3] })],
    ["A <= 0.3"],
  );
  const drawn = space.sample(300, createRng(2));
  for (let i = 0; i < 300; i++) {
    const row = rowOf(drawn, i);
    assert.ok(space.isFeasible(row), row.join(" "));
    if (row[0] > 0) assert.ok(Math.abs(row[0] - 0.3) < 1e-8, row.join(" "));
  }
});

test("numbers below zero are drawn, mapped and walked to as often as those above", async () => {
  const x = { kind: "continuous", name: "x", unit: "1", min: -1, max: 1 } as const;
  const y = { kind: "continuous", name: "y", unit: "1", min: -3, max: -2 } as const;
  const parts = { parameters: [x, y], quantities: [] };
  const limit = {
    kind: "linear",
    text: "x + y <= -1.5",
    coefficients: { x: 1, y: 1 },
    relation: "<=",
    bound: -1.5,
  } as const;
  for (const constraints of [[], [limit]]) {
    const space = await createSpace({ ...parts, constraints });
    const drawn = space.sample(2000, createRng(1));
    const below = Array.from({ length: 2000 }, (_, i) => rowOf(drawn, i)[0]).filter((v) => v < 0);
    // Without the limit a half, with it 1 / 1.875; three standard deviations are 0.034.
    const share = constraints.length === 0 ? 0.5 : 8 / 15;
    assert.ok(Math.abs(below.length / 2000 - share) < 0.034, `${below.length}`);
    assert.ok(space.fromUnit([0, 0.5])[0] < -0.9);
  }
});

test("numbers below zero are drawn like any others, alone and beside a mixture under a limit", async () => {
  const wide = (name: string): Parameter => ({
    kind: "continuous",
    name,
    unit: "1",
    min: -5,
    max: 10,
  });
  const spaces = [
    await createSpace({ parameters: [wide("x")], constraints: [], quantities: [] }),
    await createSpace({
      parameters: [composition("A,B,C", { min: 0.1, max: 0.6 }), wide("x")],
      constraints: [
        {
          kind: "linear",
          text: "x + 10 A <= 3",
          coefficients: { x: 1, A: 10 },
          relation: "<=",
          bound: 3,
        },
      ],
      quantities: [],
    }),
  ];
  for (const space of spaces) {
    const column = space.columns.findIndex(({ label }) => label === "x");
    const drawn = space.sample(200, createRng(1));
    const values = Array.from({ length: 200 }, (_, i) => rowOf(drawn, i)[column]);
    assert.ok(Math.min(...values) < -4.5, `${Math.min(...values)}`);
    assert.ok(values.filter((value) => value < 0).length > 40);
    const low = space.fromUnit(new Float64Array(space.unitDimension).fill(0.01));
    const high = space.fromUnit(new Float64Array(space.unitDimension).fill(0.99));
    assert.ok(Math.min(low[column], high[column]) < -4);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InfeasibleError } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Parameter } from "../contract.ts";
import { createSpace } from "../create-space.ts";
import { specOf } from "../fixtures/any-space.ts";

const reactor: readonly Parameter[] = [
  { kind: "continuous", name: "T", unit: "K", min: 300, max: 900 },
  { kind: "continuous", name: "t", unit: "h", min: 1, max: 10 },
];
const spaceOf = (texts: readonly string[], parameters = reactor) =>
  createSpace(specOf(parameters, texts));

test("a product with units is kept by draws, which fill the region uniformly", async () => {
  const space = await spaceOf(["T * t <= 3000 K h"]);
  const n = 4000;
  const { data } = space.sample(n, createRng(1));
  let left = 0;
  for (let i = 0; i < n; i++) {
    assert.ok(data[2 * i] * data[2 * i + 1] <= 3000 * (1 + 1e-9));
    if (data[2 * i] <= 450) left++;
  }
  // Share of the area left of 450 K: below 10 h everywhere up to 300 K, t <= 3000 / T - 1 beyond.
  const area = (a: number, b: number) => 3000 * Math.log(b / a) - (b - a);
  const share = area(300, 450) / area(300, 900);
  // Four standard deviations of a binomial share.
  assert.ok(
    Math.abs(left / n - share) < 4 * Math.sqrt((share * (1 - share)) / n),
    String(left / n),
  );
});

test("repair finds the nearest point of a nonlinear limit, as calculus does", async () => {
  const square: readonly Parameter[] = ["x", "y"].map((name) => ({
    kind: "continuous",
    name,
    unit: "1",
    min: 0,
    max: 1,
  }));
  const disc = await spaceOf(["pow(x, 2) + pow(y, 2) <= 0.25"], square);
  const [x, y] = disc.repair([0.9, 0.6]);
  // The radius 0.5 along the direction of the wish.
  const length = Math.hypot(0.9, 0.6);
  assert.ok(Math.abs(x - (0.5 * 0.9) / length) < 1e-4 && Math.abs(y - (0.5 * 0.6) / length) < 1e-4);
  assert.ok(x * x + y * y <= 0.25 * (1 + 1e-9));
  const inside = Float64Array.of(0.3, 0.2);
  assert.deepEqual(disc.repair(inside), inside);
});

test("sums of numbers with units are linear, and conflict as linear limits do", async () => {
  await assert.rejects(
    spaceOf(["2 J/K * T + 10 J/h * t <= 700 J", "T >= 400 K"]),
    (error: unknown) => {
      assert.ok(error instanceof InfeasibleError);
      assert.deepEqual(error.conflicts[0].constraints, [
        "t: 1 to 10 h",
        "2 J/K * T + 10 J/h * t <= 700 J",
        "T >= 400 K",
      ]);
      return true;
    },
  );
});

test("a refused set of limits by functions is the smallest, with the nearest values", async () => {
  const refused = spaceOf(["t >= 2 h", "T <= 880 K", "T * t <= 500 K h", "T * t >= 320 K h"]);
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof InfeasibleError);
    // 300 K * 2 h = 600 K h: only these two exclude each other.
    const [{ constraints, relaxations }] = error.conflicts;
    assert.deepEqual(constraints.toSorted(), ["T * t <= 500 K h", "t >= 2 h"]);
    assert.match(relaxations.join(), /from 500 to 6\d\d/);
    return true;
  });
});

test("a thin curved region is walked along, not only hit", async () => {
  const space = await spaceOf(["T * t in [1199, 1201] K h"]);
  const { data } = space.sample(300, createRng(2));
  const seen = Array.from({ length: 300 }, (_, i) => data[2 * i]);
  assert.ok(Math.min(...seen) < 350 && Math.max(...seen) > 850);
});

test("where a limit has no value it does not hold", async () => {
  const space = await spaceOf(["log((T - 500 K) / 100 K) <= 1"]);
  assert.equal(space.isFeasible([400, 5]), false);
  assert.equal(space.isFeasible([600, 5]), true);
  assert.ok(rowOf(space.sample(1, createRng(3)), 0)[0] > 500);
});

test("the left side is shown in the unit of its limit", async () => {
  const space = await spaceOf(["T * t <= 3000 K h"]);
  const check = space.check([600, 4]).at(-1);
  assert.deepEqual(check, {
    text: "T * t <= 3000 K h",
    value: check?.value,
    unit: "K h",
    satisfied: true,
  });
  assert.ok(Math.abs((check?.value ?? 0) - 2400) < 1e-9);
});

test("discrete numbers under products are drawn and repaired among a million million designs", async () => {
  const lists: Parameter[] = Array.from({ length: 12 }, (_, i) => ({
    kind: "discrete",
    name: `d${i}`,
    unit: "1",
    values: Array.from({ length: 10 }, (_v, k) => k),
  }));
  const space = await spaceOf(["d0 * d1 + d2 * d3 <= 30", "d4 * d5 * d6 >= 20"], lists);
  const rng = createRng(4);
  const isDesign = (d: ArrayLike<number>) =>
    d[0] * d[1] + d[2] * d[3] <= 30 && d[4] * d[5] * d[6] >= 20;
  const draws = space.sample(100, rng.fork("draws"));
  for (let i = 0; i < 100; i++) assert.ok(isDesign(rowOf(draws, i)));
  for (let k = 0; k < 50; k++) {
    const wish = Float64Array.from(lists, () => rng.integer(10));
    const row = space.repair(wish);
    assert.ok(isDesign(row));
    if (isDesign(wish)) assert.deepEqual(row, wish);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InfeasibleError, InputError, UnsupportedError } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { Parameter } from "./contract.ts";
import { createSpace } from "./create-space.ts";
import { specOf } from "./fixtures/any-space.ts";
import { parseWhen } from "./language/parse-condition.ts";

const catalysts: Parameter = {
  kind: "categorical",
  name: "catalyst",
  values: ["none", "Pd", "Ni"],
};
const context = {
  elements: [],
  parameters: [{ name: "catalyst", kind: "categorical", values: ["none", "Pd", "Ni"] } as const],
  quantities: [],
  properties: [],
};
const when = parseWhen("catalyst in [Pd, Ni]", context);
const loading: Parameter = { kind: "continuous", name: "loading", unit: "%", min: 1, max: 5, when };
const stages: Parameter = { kind: "discrete", name: "stages", unit: "1", values: [3, 1, 2], when };
const additive: Parameter = {
  kind: "continuous",
  name: "additive",
  unit: "%",
  min: 2,
  max: 6,
  zeroOr: true,
};
const spaceOf = (parameters: readonly Parameter[], texts: readonly string[] = []) =>
  createSpace(specOf(parameters, texts));

test("designs without a parameter differ in nothing else: one of none, three of each catalyst", async () => {
  const space = await spaceOf([catalysts, stages]);
  assert.equal(space.count(), 7n);
  const listed = Array.from(space.enumerate(), (row) => space.decode(row));
  assert.deepEqual(
    listed.filter((design) => design["catalyst"] === "none"),
    [{ catalyst: "none" }],
  );
});

test("what an absent parameter says is not kept, what a present one lacks is missed", async () => {
  const space = await spaceOf([catalysts, loading, stages]);
  const row = space.encode({ catalyst: "none" });
  assert.deepEqual(row, space.encode({ catalyst: "none", loading: 4, stages: 2 }));
  assert.deepEqual(space.decode(row), { catalyst: "none" });
  assert.deepEqual(space.repair([0, 4, 2]), row);
  assert.throws(() => space.encode({ catalyst: "Pd", stages: 1 }), /no "loading"/);
});

test("a limit on a conditional parameter binds only the designs that have it", async () => {
  const space = await spaceOf([catalysts, loading], ["loading >= 3 %"]);
  const seen = new Set<string>();
  const rows = space.sample(200, createRng(1));
  for (let i = 0; i < 200; i++) {
    const { catalyst, loading: amount } = space.decode(rowOf(rows, i));
    seen.add(JSON.stringify(catalyst));
    assert.ok(catalyst === "none" ? amount === undefined : (amount as number) >= 3);
  }
  assert.equal(seen.size, 3);
});

test("a condition may name a conditional parameter, and not itself", async () => {
  const deep = parseWhen("loading > 0", {
    ...context,
    parameters: [{ name: "loading", kind: "discrete", unit: "%" }],
  });
  const list: Parameter = { kind: "discrete", name: "loading", unit: "%", values: [1, 2], when };
  const third: Parameter = { kind: "categorical", name: "ligand", values: ["a", "b"], when: deep };
  // none; two catalysts with two loadings and two ligands each.
  assert.equal((await spaceOf([catalysts, list, third])).count(), 9n);
  const itself: Parameter = { ...list, when: deep };
  await assert.rejects(spaceOf([itself]), /depends on itself/);
  const real: Parameter = { kind: "continuous", name: "loading", unit: "%", min: 1, max: 2 };
  await assert.rejects(spaceOf([real, third]), UnsupportedError);
});

test("a number is absent or at least its smallest value", async () => {
  const space = await spaceOf([additive], ["additive <= 4 %"]);
  const { data } = space.sample(200, createRng(2));
  assert.ok(data.every((x) => x === 0 || (x >= 2 && x <= 4)));
  const absent = data.filter((x) => x === 0).length;
  assert.ok(absent > 50 && absent < 150, `${absent} of 200`);
  const repaired = [0.4, 1.7, 3, 5].map((x) => space.repair([x])[0]);
  assert.deepEqual(repaired.slice(0, 3), [0, 2, 3]);
  // At a limit, to the relative tolerance of 1e-9.
  assert.ok(Math.abs(repaired[3] - 4) <= 6e-9);
  assert.deepEqual(
    [0, 1, 2, 3].map((x) => space.isFeasible([x])),
    [true, false, true, true],
  );
  await assert.rejects(spaceOf([{ ...additive, min: 0 }]), /min above 0 beside zeroOr/);
});

test("a fixed value holds in every row, which is encoded as before", async () => {
  const space = await spaceOf([catalysts, loading, additive], ["loading + additive <= 6 %"]);
  const held = space.withFixed({ catalyst: "Ni", additive: 2 });
  const rows = held.sample(50, createRng(3));
  for (let i = 0; i < 50; i++) {
    const row = rowOf(rows, i);
    assert.ok(row[0] === 2 && row[2] === 2 && row[1] <= 4 && space.isFeasible(row));
  }
  assert.equal(held.repair([0, 3, 0])[0], 2);
  assert.equal(held.withFixed({ loading: 3 }).sample(1, createRng(4)).data[1], 3);
  assert.throws(() => space.withFixed({ catalyst: "Pt" }), /"Pt"/);
  assert.throws(() => space.withFixed({ additive: 1 }), InputError);
  assert.throws(() => space.withFixed({ addtive: 1 }), /"addtive"/);
  assert.throws(
    () => space.withFixed({ catalyst: "Pd", loading: 5, additive: 6 }),
    InfeasibleError,
  );
});

test("neighbours change one choice, and fill what a choice brings", async () => {
  const space = await spaceOf([catalysts, loading, stages, additive]);
  const near = space.neighbours(space.encode({ catalyst: "none", additive: 0 }));
  const designs = Array.from({ length: near.rows }, (_, i) => space.decode(rowOf(near, i)));
  assert.deepEqual(designs, [
    { catalyst: "Pd", loading: 1, stages: 1, additive: 0 },
    { catalyst: "Pd", loading: 3, stages: 2, additive: 0 },
    { catalyst: "Ni", loading: 1, stages: 1, additive: 0 },
    { catalyst: "Ni", loading: 3, stages: 2, additive: 0 },
    { catalyst: "none", additive: 2 },
  ]);
});

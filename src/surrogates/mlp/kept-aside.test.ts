import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Task } from "../contract.ts";
import { divideRows } from "./kept-aside.ts";
import { fitMlp } from "./mlp.ts";

const regression: Task = { kind: "regression" };
const y = Float64Array.from({ length: 200 }, (_, i) => i);

describe("rows kept aside", () => {
  it("and rows to train on are all rows once", () => {
    const groups = [...y].map((i) => `${Math.floor(i / 7)}`);
    for (const traits of [{}, { groups }]) {
      const { training, heldOut } = divideRows(y, regression, traits, 0.15, createRng(1));
      assert.deepEqual(
        [...training, ...heldOut].toSorted((a, b) => a - b),
        [...y],
      );
      assert.ok(Math.abs(heldOut.length - 30) <= 4, `${heldOut.length}`);
    }
  });

  it("are the same share of every class and source", () => {
    const task: Task = { kind: "classification", classes: ["a", "b"] };
    const labels = y.map((i) => (i < 40 ? 1 : 0));
    const heads = Int32Array.from(y, (i) => (i < 100 ? 0 : 1));
    const { heldOut } = divideRows(labels, task, { heads }, 0.1, createRng(1));
    const count = (from: number, to: number) =>
      heldOut.filter((row) => row >= from && row < to).length;
    assert.deepEqual([count(0, 40), count(40, 100), count(100, 200)], [4, 6, 10]);
  });

  it("share no group with rows to train on, and are none where all rows are one group", () => {
    const groups = [...y].map((i) => `paper ${i % 23}`);
    const { training, heldOut } = divideRows(y, regression, { groups }, 0.2, createRng(4));
    const seen = new Set([...training].map((row) => groups[row]));
    assert.ok(heldOut.length > 20);
    assert.ok(heldOut.every((row) => !seen.has(groups[row])));
    const same = divideRows(y, regression, { groups: [...y].map(() => "a") }, 0.2, createRng(4));
    assert.equal(same.heldOut.length, 0);
  });

  it("must have a group each when groups are given", async () => {
    const input = { x: matrix(200, 1, y), y, task: regression, rng: createRng(1) };
    await assert.rejects(fitMlp({ ...input, groups: ["a"] }, { epochs: 1 }), ShapeError);
  });
});

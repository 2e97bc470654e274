import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { splitsOf, type SplitInput } from "./protocol.ts";

/** Two inputs in units a thousandfold apart; three heaps in the small one. */
function heaps(): SplitInput {
  const draw = createRng(5);
  const x = matrix(60, 2);
  for (let i = 0; i < 60; i++)
    x.data.set([1000 * draw.normal(), (i % 3) + 0.02 * draw.normal()], 2 * i);
  return {
    x,
    y: Float64Array.from({ length: 60 }, (_, i) => i),
    task: { kind: "regression" },
    times: Float64Array.from({ length: 60 }, (_, i) => 2000 + Math.floor(i / 6)),
  };
}

const rng = () => createRng(1);

describe("protocols", () => {
  it("leave out clusters of standardised inputs, each once", () => {
    const input = heaps();
    const narrow = {
      ...input,
      x: matrix(
        60,
        2,
        input.x.data.map((v, k) => (k % 2 === 0 ? v / 1e6 : v)),
      ),
    };
    const { splits, keys } = splitsOf(narrow, { protocol: "cluster", clusters: 3 }, rng());
    const tested = splits.flatMap((split) => [...split.test]).sort((a, b) => a - b);
    assert.deepEqual(tested, [...Array(60).keys()]);
    for (const { train, test } of splits) {
      const own = new Set([...test].map((row) => keys![row]));
      assert.equal(own.size, 1);
      assert.ok([...train].every((row) => !own.has(keys![row])));
    }
    // Scaling a column changes nothing, because columns are standardised.
    assert.deepEqual(splitsOf(input, { protocol: "cluster", clusters: 3 }, rng()).splits, splits);
  });

  it("in time judge later rows only, extrapolation the best ones", () => {
    const input = heaps();
    const past = splitsOf(input, { protocol: "chronological", folds: 4 }, rng()).splits;
    assert.equal(past.length, 4);
    for (const { train, test } of past) assert.ok(Math.max(...train) < Math.min(...test));
    const settings = { protocol: "extrapolation", testFraction: 0.1 } as const;
    const [high] = splitsOf(input, settings, rng()).splits;
    assert.deepEqual([...high.test], [54, 55, 56, 57, 58, 59]);
    const [low] = splitsOf(input, { ...settings, best: "low" }, rng()).splits;
    assert.deepEqual([...low.test], [0, 1, 2, 3, 4, 5]);
  });

  it("refuse more clusters than there are points, missing times and classes to extrapolate", () => {
    const input = heaps();
    const classes = { kind: "classification", classes: ["a", "b"] } as const;
    const cases: [SplitInput, Parameters<typeof splitsOf>[1], RegExp][] = [
      [input, { protocol: "cluster", clusters: 61 }, /61/],
      [{ ...input, times: undefined }, { protocol: "chronological" }, /a time for every row/],
      [input, { protocol: "chronological", folds: 10 }, /10 different times/],
      [{ ...input, task: classes }, { protocol: "extrapolation" }, /not for classes/],
      [{ ...input, y: new Float64Array(60) }, { protocol: "extrapolation" }, /all are equal/],
    ];
    for (const [given, settings, says] of cases) {
      assert.throws(
        () => splitsOf(given, settings, rng()),
        (error) => {
          assert.ok(error instanceof InputError);
          assert.match(error.message, says);
          return true;
        },
      );
    }
  });

  it("refuse a training part with a single class or a single row, naming the fold", () => {
    const input = heaps();
    const task = { kind: "classification", classes: ["no", "yes"] } as const;
    const y = input.y.map((_, i) => (i < 30 ? 0 : 1));
    const groups = Array.from(y, (label) => (label === 0 ? "left" : "right"));
    assert.throws(
      () => splitsOf({ ...input, task, y, groups }, { protocol: "grouped", folds: 2 }, rng()),
      /fold 1 has rows of "(no|yes)" only/,
    );
    const split = { train: Int32Array.of(3), test: Int32Array.of(4, 5) };
    assert.throws(() => splitsOf({ ...input, split }, { protocol: "published" }, rng()), /1 rows/);
  });
});

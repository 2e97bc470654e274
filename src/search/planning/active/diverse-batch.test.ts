import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cholesky, logDeterminant } from "../../../core/linalg/cholesky.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { diverseBatch, type BatchChoice } from "./diverse-batch.ts";

const rng = createRng("points");
const points = matrix(60, 2);
for (let k = 0; k < points.data.length; k++) points.data[k] = rng.uniform();
const scores = Float64Array.from({ length: 60 }, () => 0.2 + rng.uniform());
const choice: BatchChoice = { points, scores, known: matrix(0, 2), count: 6, rng: createRng(1) };

const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1]);

describe("diverseBatch", () => {
  it("gives different designs, the best first, for every method", () => {
    for (const method of ["k-means", "dpp", "core-set"] as const) {
      const chosen = diverseBatch(method, choice);
      assert.equal(new Set(chosen).size, 6);
      if (method !== "core-set") assert.equal(scores[chosen[0]], Math.max(...scores));
      assert.deepEqual(chosen, diverseBatch(method, { ...choice, rng: createRng(1) }));
    }
  });

  it("goes on from designs that are in the batch already", () => {
    for (const method of ["dpp", "core-set"] as const) {
      const all = diverseBatch(method, choice);
      assert.deepEqual(diverseBatch(method, { ...choice, first: all.slice(0, 2) }), all);
    }
    const first = [7, 11];
    const drawn = diverseBatch("k-means", { ...choice, first });
    assert.deepEqual(drawn.slice(0, 2), first);
    assert.equal(new Set(drawn).size, 6);
  });

  it("grows the determinant of scores and similarities as much as any one design could", () => {
    const chosen = diverseBatch("dpp", choice);
    // The kernel's width is the root mean square distance to the centre, for each of two coordinates.
    const centre = [0, 1].map(
      (k) => points.data.reduce((s, v, at) => s + (at % 2 === k ? v : 0), 0) / 60,
    );
    let spread = 0;
    for (let i = 0; i < 60; i++) spread += gap(rowOf(points, i), centre) ** 2 / 60;
    const width = Math.sqrt(spread / 2);
    const kernel = (ids: readonly number[]): Matrix => {
      const k = matrix(ids.length, ids.length);
      ids.forEach((i, a) => {
        ids.forEach((j, b) => {
          const distance = gap(rowOf(points, i), rowOf(points, j)) / width;
          k.data[a * ids.length + b] = scores[i] * scores[j] * Math.exp(-0.5 * distance * distance);
        });
      });
      return k;
    };
    const size = (ids: readonly number[]): number => logDeterminant(cholesky(kernel(ids)));
    for (let step = 1; step < chosen.length; step++) {
      const before = chosen.slice(0, step);
      const reached = size(chosen.slice(0, step + 1));
      for (let i = 0; i < 60; i++) {
        if (!before.includes(i)) assert.ok(size([...before, i]) <= reached + 1e-9);
      }
    }
  });

  it("takes for a core-set the design of the best that is farthest from what is known", () => {
    const known = matrix(1, 2, Float64Array.of(0, 0));
    const equal = new Float64Array(60).fill(1);
    const [first] = diverseBatch("core-set", { ...choice, scores: equal, known, count: 1 });
    const best = Array.from({ length: 10 }, (_, i) => gap(rowOf(points, i), [0, 0]));
    assert.equal(first, best.indexOf(Math.max(...best)));
  });

  it("never draws designs without worth beside others, and gives all when more are asked for", () => {
    const few = Float64Array.from(scores, (_, i) => (i < 8 ? 1 : 0));
    for (let seed = 0; seed < 20; seed++) {
      const chosen = diverseBatch("k-means", { ...choice, scores: few, rng: createRng(seed) });
      assert.ok(chosen.every((i) => i < 8));
    }
    for (const method of ["k-means", "dpp", "core-set"] as const) {
      assert.equal(new Set(diverseBatch(method, { ...choice, count: 100 })).size, 60);
    }
  });

  it("refuses scores below 0", () => {
    const wrong = { ...choice, scores: new Float64Array(60).fill(-1) };
    assert.throws(() => diverseBatch("dpp", wrong), { code: "input" });
  });
});

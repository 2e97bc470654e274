import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf, rowOf, takeRows } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { createNiches } from "./niches.ts";
import { referenceDirections, simplexLattice } from "./reference-directions.ts";

describe("simplexLattice", () => {
  it("has (divisions + m - 1 choose m - 1) different points that sum to one", () => {
    // The counts of K. Deb, H. Jain (2014), table I.
    for (const [m, divisions, count] of [
      [3, 12, 91],
      [5, 6, 210],
      [8, 3, 120],
      [2, 99, 100],
    ]) {
      const points = simplexLattice(m, divisions);
      assert.equal(points.rows, count);
      const texts = new Set<string>();
      for (let i = 0; i < count; i++) {
        const row = rowOf(points, i);
        texts.add(row.map((x) => Math.round(x * divisions)).join());
        assert.ok(Math.abs(row.reduce((sum, x) => sum + x, 0) - 1) < 1e-12);
      }
      assert.equal(texts.size, count);
    }
  });
});

describe("referenceDirections", () => {
  it("is the finest lattice that fits, and two where that has no inner point", () => {
    assert.equal(referenceDirections(3, 92).rows, 91);
    assert.equal(referenceDirections(5, 212).rows, 210);
    // Two layers with 3 and 2 divisions, as in the same table.
    assert.equal(referenceDirections(8, 156).rows, 120 + 36);
    assert.equal(referenceDirections(2, 200).rows, 200);
  });
});

describe("createNiches", () => {
  it("keeps one design near each direction of a flat front, whatever its scales", () => {
    const directions = simplexLattice(3, 3);
    const rng = createRng(1);
    // Designs on the plane through (1, 0, 0), (0, 100, 0), (0, 0, 0.01): lattice points and others.
    const fine = simplexLattice(3, 12);
    const stretched = matrix(fine.rows, 3);
    const unit = [1, 100, 0.01];
    for (let k = 0; k < fine.data.length; k++) stretched.data[k] = fine.data[k] * unit[k % 3];
    const order = rng.permutation(fine.rows);
    const niches = createNiches(directions, createRng(2));
    const shuffled = takeRows(stretched, order);
    const { chosen, rank } = niches.choose(shuffled, new Float64Array(fine.rows), 10);
    assert.ok(rank.every((r) => r === 1));
    const kept = Array.from(chosen, (i) => rowOf(fine, order[i]).map((x) => Math.round(12 * x)));
    const wanted = Array.from({ length: 10 }, (_, j) =>
      rowOf(directions, j).map((x) => Math.round(12 * x)),
    );
    assert.deepEqual(new Set(kept.map(String)), new Set(wanted.map(String)));
  });

  it("takes whole fronts first, and what misses requirements last, by its violation", () => {
    const objectives = matrixOf([
      [0, 1],
      [1, 0],
      [1, 2],
      [0, 0],
      [0, 0],
    ]);
    const niches = createNiches(simplexLattice(2, 1), createRng(1));
    const choose = (keep: number) => [
      ...niches.choose(objectives, Float64Array.of(0, 0, 0, 2, 1), keep).chosen,
    ];
    assert.deepEqual(choose(2), [0, 1]);
    assert.deepEqual(choose(3), [0, 1, 2]);
    assert.deepEqual(choose(4), [0, 1, 2, 4]);
  });
});

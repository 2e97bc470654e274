import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { createSpace } from "./create-space.ts";
import { anyFeasibleSpace, anyRow, objectionTo, valuesOf } from "./fixtures/any-space.ts";

test("draws, points of the cube, repairs and neighbours are designs of any mixed space", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const rng = createRng(seed);
      const any = await anyFeasibleSpace(rng.fork("space"));
      const space = await createSpace(any.spec);
      const check = (what: string, row: ArrayLike<number>): void => {
        const wrong = objectionTo(any, valuesOf(any.parameters, space.columns, row));
        const texts = any.rules.map(({ text }) => text).join("; ");
        assert.equal(wrong, null, `${what}: ${wrong} (${texts})`);
        assert.ok(space.isFeasible(row), `${what} is not feasible`);
      };
      const draws = space.sample(5, rng.fork("draws"));
      for (let i = 0; i < draws.rows; i++) check("sample", rowOf(draws, i));
      const wild = rng.fork("wild");
      for (let k = 0; k < 4; k++) {
        check("repair", space.repair(anyRow(wild, space.columns)));
        const point = Float64Array.from({ length: space.unitDimension }, () => wild.uniform());
        check("fromUnit", space.fromUnit(point));
      }
      const first = rowOf(draws, 0);
      assert.deepEqual(space.repair(first), first);
      assert.deepEqual(space.encode(space.decode(first)), first);
      const near = space.neighbours(first);
      for (let i = 0; i < near.rows; i++) {
        check("neighbour", rowOf(near, i));
        assert.notDeepEqual(rowOf(near, i), first);
      }
    }),
    { numRuns: 150 },
  );
});

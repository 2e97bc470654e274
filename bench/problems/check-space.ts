import { rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { createSpace } from "../../src/space/create-space.ts";
import {
  anyFeasibleSpace,
  anyRow,
  objectionTo,
  valuesOf,
} from "../../src/space/fixtures/any-space.ts";
import type { SetReport } from "./check-strategies.ts";

/**
 * Tests every row that the space of one random feasible constraint set hands out (draws, neighbours, repaired rows,
 * places in the unit cube) by arithmetic apart from the space. A set that is refused is broken too.
 */
export async function checkSpace(seed: number): Promise<SetReport> {
  const rng = createRng(seed);
  const any = await anyFeasibleSpace(rng.fork("space"));
  try {
    const space = await createSpace(any.spec);
    const wild = rng.fork("wild");
    const draws = space.sample(5, rng.fork("draws"));
    const near = space.neighbours(rowOf(draws, 0));
    const rows = [
      ...Array.from({ length: draws.rows }, (_, i) => rowOf(draws, i)),
      ...Array.from({ length: near.rows }, (_, i) => rowOf(near, i)),
      ...Array.from({ length: 4 }, () => space.repair(anyRow(wild, space.columns))),
      ...Array.from({ length: 4 }, () =>
        space.fromUnit(Float64Array.from({ length: space.unitDimension }, () => wild.uniform())),
      ),
    ];
    const broken = rows.flatMap((row) => {
      const objection = objectionTo(any, valuesOf(any.parameters, space.columns, row));
      if (objection === null && space.isFeasible(row)) return [];
      return [`set ${seed}: ${objection ?? "isFeasible says no"} in ${row.join(" ")}`];
    });
    return { isFeasible: true, candidates: rows.length, broken };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { isFeasible: true, candidates: 1, broken: [`set ${seed}: ${what}`] };
  }
}

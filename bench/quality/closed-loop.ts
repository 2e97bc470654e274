import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { createSobol } from "../../src/core/sobol.ts";
import type { TargetGoal } from "../../src/search/objectives.ts";
import type { PlannerSpec } from "../../src/search/planning/contract.ts";
import type { SearchSpace } from "../../src/space/contract.ts";

/** A loop of proposals and measurements on a function without noise. */
export interface LoopSpec {
  readonly space: SearchSpace;
  readonly goals: readonly TargetGoal[];
  /** One outcome per goal. */
  measure(row: ArrayLike<number>): readonly number[];
  /** Designs of a scrambled Sobol sequence to begin with. */
  readonly initial: number;
  /** Designs after those, and how many come at once. */
  readonly budget: number;
  readonly batchSize: number;
}

/** Everything that was measured, in order. */
export interface LoopResult {
  readonly rows: Matrix;
  readonly outcomes: Matrix;
}

/** Runs the loop; the same seed begins with the same designs for every planner. */
export async function closeLoop(
  loop: LoopSpec,
  planner: PlannerSpec,
  seed: number,
): Promise<LoopResult> {
  const { space, goals, initial, budget, batchSize } = loop;
  const rng = createRng(`loop ${seed}`);
  let rows = startingDesigns(space, initial, seed);
  const outcomes: number[] = [];
  for (let i = 0; i < initial; i++) outcomes.push(...loop.measure(rowOf(rows, i)));
  const total = initial + budget;
  while (rows.rows < total) {
    const plan = await planner.plan(
      { space, goals },
      { rows, outcomes: matrix(rows.rows, goals.length, Float64Array.from(outcomes)) },
      {
        batchSize: Math.min(batchSize, total - rows.rows),
        rng: rng.fork(`round ${rows.rows}`),
      },
    );
    const more = matrix(rows.rows + plan.proposals.length, space.dimension);
    more.data.set(rows.data);
    plan.proposals.forEach(({ row }, k) => {
      rowOf(more, rows.rows + k).set(row);
      outcomes.push(...loop.measure(row));
    });
    rows = more;
  }
  return { rows, outcomes: matrix(rows.rows, goals.length, Float64Array.from(outcomes)) };
}

function startingDesigns(space: SearchSpace, n: number, seed: number): Matrix {
  const rng = createRng(`start ${seed}`);
  const points = createSobol(space.unitDimension, { scramble: rng }).take(n);
  const rows = matrix(n, space.dimension);
  for (let i = 0; i < n; i++) rowOf(rows, i).set(space.fromUnit(rowOf(points, i)));
  return rows;
}

/** A goal without limits. */
export const minimise = (label: string): TargetGoal => ({
  label,
  kind: "minimise",
  low: null,
  high: null,
  scale: 1,
});

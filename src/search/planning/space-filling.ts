import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createSobol, maxSobolDimension } from "../../core/sobol.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { columnWeights } from "../similarity.ts";
import { beginPlanning } from "./begin-planning.ts";
import type { Observations, PlannerSpec, PlanOptions } from "./contract.ts";
import { fillFrom, fillFromList } from "./fresh-rows.ts";
import { blindSupport } from "./random.ts";

export interface SpaceFillingSettings {
  /** Points of a Sobol sequence to choose from, where no pool is given. */
  readonly candidates: number;
}

/**
 * Designs far from each other and from all that is measured or pending: one after the other the
 * candidate whose nearest neighbour is farthest, with distances scaled by the range of each column and
 * categories 1 apart. Candidates are a pool or a scrambled Sobol sequence; the very first is its first.
 * Source: R. W. Kennard, L. A. Stone, Technometrics 11, 137 (1969), doi:10.1080/00401706.1969.10490666.
 */
export const spaceFilling: PlannerSpec<SpaceFillingSettings> = {
  name: "space-filling",
  title: "Space-filling designs",
  supports: blindSupport,
  defaults: { candidates: 512 },
  async plan(problem, observations, options, settings) {
    const { candidates } = resolveSettings(spaceFilling.name, spaceFilling.defaults, settings);
    requireWhole(spaceFilling.name, "candidates", candidates, 1);
    const run = beginPlanning(spaceFilling, problem, observations, options);
    const { space } = problem;
    const rng = options.rng.fork("space-filling planner");
    const rows =
      run.pool === undefined
        ? streamRows(space, Math.max(candidates, 4 * options.batchSize), rng)
        : run.pool;
    const open = Array.from({ length: rows.rows }, (_, i) => i).filter((i) =>
      run.isOpen(rowOf(rows, i)),
    );
    // A pool has no order of its own; a sequence begins well.
    const order = run.pool === undefined ? open : rng.shuffle([...open]);
    const taken = takenRows(observations, options);
    fillFromList(run, rows, farthestFirst(space, rows, order, taken, options.batchSize));
    // Copies of measured designs, where replicates are welcome and nothing else is left.
    fillFromList(run, rows, order);
    if (run.pool === undefined) fillFrom(run, space, () => rowOf(space.sample(1, rng), 0));
    return run.finish([]);
  },
};

function streamRows(space: SearchSpace, count: number, rng: Rng): Matrix {
  if (space.unitDimension < 1 || space.unitDimension > maxSobolDimension) {
    return space.sample(count, rng.fork("candidates"));
  }
  const points = createSobol(space.unitDimension, { scramble: rng.fork("candidates") }).take(count);
  const rows = matrix(count, space.dimension);
  for (let i = 0; i < count; i++) {
    rows.data.set(space.fromUnit(rowOf(points, i)), i * space.dimension);
  }
  return rows;
}

function takenRows(observations: Observations, { pending, exclude }: PlanOptions): Matrix[] {
  return [observations.rows, observations.infeasible, pending, exclude].filter(
    (rows) => rows !== undefined,
  );
}

/** Up to `count` of the candidates, each as far as possible from all before it and from `taken`. */
function farthestFirst(
  space: SearchSpace,
  rows: Matrix,
  candidates: readonly number[],
  taken: readonly Matrix[],
  count: number,
): number[] {
  const gap = squaredGap(space);
  const nearest = new Float64Array(candidates.length).fill(Number.POSITIVE_INFINITY);
  const approach = (row: Float64Array): void => {
    candidates.forEach((i, c) => {
      nearest[c] = Math.min(nearest[c], gap(rowOf(rows, i), row));
    });
  };
  for (const some of taken) for (let i = 0; i < some.rows; i++) approach(rowOf(some, i));
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, candidates.length)) {
    let best = -1;
    for (let c = 0; c < candidates.length; c++) {
      if (nearest[c] > 0 && (best < 0 || nearest[c] > nearest[best])) best = c;
    }
    if (best < 0) break;
    chosen.push(candidates[best]);
    approach(rowOf(rows, candidates[best]));
  }
  return chosen;
}

/** Squared distance of two rows, each column over its range; two categories are 1 apart. */
function squaredGap(space: SearchSpace) {
  const weights = columnWeights(space.columns);
  const isCategory = space.columns.map(({ kind }) => kind === "category");
  return (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const step = isCategory[k] ? (a[k] === b[k] ? 0 : 1) : Math.abs(a[k] - b[k]) * weights[k];
      sum += step * step;
    }
    return sum;
  };
}

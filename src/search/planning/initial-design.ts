import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { FeasibilityBelief } from "../belief/contract.ts";
import { squaredDistance } from "../similarity.ts";
import { blindProposal, type PlanningRun } from "./begin-planning.ts";
import { spreadDesigns } from "./maximise/raw-designs.ts";
import { stacked } from "./outcome-beliefs.ts";

/** Designs to choose from, for every design that is asked for. */
const choices = 64;
const mostChoices = 2048;

/**
 * Fills the plan with designs far from what is measured or pending and from each other: of a Sobol sequence (or
 * the pool) always the one whose nearest neighbour is farthest, distances counting the more the more probable it
 * is that the design can be made.
 * Source: M. E. Johnson, L. M. Moore, D. Ylvisaker, J. Stat. Plan. Inference 26, 131 (1990) (maximin distance).
 */
export function fillSpace(
  run: PlanningRun,
  known: Matrix,
  rng: Rng,
  feasibility?: FeasibilityBelief,
): void {
  const { space } = run;
  const count = Math.min(mostChoices, Math.max(256, choices * run.remaining));
  const rows = run.pool ?? spreadDesigns(space, count, rng);
  const { columns } = space;
  const chance = feasibility?.probability(rows);
  // Nothing known: all designs are equally far, and the first of the sequence is taken.
  const distance = new Float64Array(rows.rows).fill(columns.length);
  const see = (other: ArrayLike<number>): void => {
    for (let i = 0; i < rows.rows; i++) {
      distance[i] = Math.min(distance[i], squaredDistance(columns, rowOf(rows, i), other));
    }
  };
  for (let i = 0; i < known.rows; i++) see(rowOf(known, i));
  const isLeft = new Uint8Array(rows.rows).fill(1);
  while (run.remaining > 0) {
    let best = -1;
    let most = -1;
    for (let i = 0; i < rows.rows; i++) {
      const score = (chance?.[i] ?? 1) * distance[i];
      if (isLeft[i] === 0 || score <= most) continue;
      if (!run.isOpen(rowOf(rows, i))) isLeft[i] = 0;
      else [best, most] = [i, score];
    }
    if (best < 0) return;
    isLeft[best] = 0;
    const row = Float64Array.from(rowOf(rows, best));
    const proposal = blindProposal(row);
    run.choose(
      feasibility === undefined
        ? proposal
        : { ...proposal, feasibility: feasibility.probability(matrix(1, row.length, row))[0] },
    );
    see(row);
    if (run.space !== space) {
      // The rest of the batch shares a value with the first design.
      const seen = stacked([known, run.chosen()], space.dimension);
      fillSpace(run, seen, rng.fork("rest of the batch"), feasibility);
      return;
    }
  }
}

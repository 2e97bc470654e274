import { rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { blindProposal, type PlanningRun } from "./begin-planning.ts";

/** Draws in a row that bring nothing new before a space that can be listed is listed. */
const patience = 200;
/** Largest space that is gone through design by design for what is left. */
const mostListed = 200_000n;

/**
 * Fills the plan with uniform draws as long as that brings new designs; then, where the space can be listed, with
 * what is left of it.
 */
export function fillWithDraws(run: PlanningRun, rng: Rng): void {
  for (let idle = 0; run.remaining > 0 && idle < patience; idle++) {
    const row = rowOf(run.space.sample(1, rng), 0);
    if (!run.isOpen(row)) continue;
    run.choose(blindProposal(row));
    idle = 0;
  }
  if (run.remaining === 0) return;
  const { space } = run;
  const count = space.count();
  if (count === "uncountable" || count > mostListed) return;
  for (const row of space.enumerate()) {
    if (run.remaining === 0) return;
    if (run.isOpen(row)) run.choose(blindProposal(Float64Array.from(row)));
  }
}

/** Fills the plan from the rows of a list, in the order given. */
export function fillFromList(run: PlanningRun, rows: Matrix, order: ArrayLike<number>): void {
  for (let k = 0; k < order.length && run.remaining > 0; k++) {
    const row = rowOf(rows, order[k]);
    if (run.isOpen(row)) run.choose(blindProposal(Float64Array.from(row)));
  }
}

import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { stage } from "../../../core/work.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { Acquisition, AcquisitionSpec } from "../../acquisition/contract.ts";
import { isObjective, requirementsOf } from "../../acquisition/requirements.ts";
import { singleObjective } from "../../acquisition/utility.ts";
import type { PlanningRun } from "../begin-planning.ts";
import type { ExperimentProblem, Observations, PlanOptions } from "../contract.ts";
import { describeProposal } from "../describe-proposal.ts";
import { bestOfPool, optimiseAcquisition } from "../maximise/optimise-acquisition.ts";
import { rawDesigns } from "../maximise/raw-designs.ts";
import { believing, stacked, type OutcomeBeliefs } from "../outcome-beliefs.ts";
import { awayFrom } from "./local-penalisation.ts";
import { perCost, weighed } from "./weighed-acquisition.ts";

/** How the designs of a batch know of each other. */
export type BatchMode = "fantasies" | "local-penalisation" | "joint";

export interface Choice {
  readonly run: PlanningRun;
  readonly spec: AcquisitionSpec;
  /** Designs that the acquisition function is looked up at before the best are improved. */
  readonly raw: number;
  readonly batch: BatchMode;
  /** What is believed from the measurements alone. */
  readonly fitted: OutcomeBeliefs;
  readonly rng: Rng;
}

/** Rows that integrals over the space are taken at. */
const referenceRows = 64;
/** Best measured designs around which is searched. */
const nearRows = 5;

/** Fills the plan with designs of largest acquisition value; fewer when nothing that was looked at is open. */
export async function chooseDesigns(
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
  { run, spec, raw, batch, fitted, rng }: Choice,
): Promise<void> {
  const { space } = problem;
  const { goals } = fitted;
  const { work = {}, exploration = 0.5, pending = matrix(0, space.dimension) } = options;
  const rows = stacked([observations.rows, pending], space.dimension);
  const withPending = believing(fitted, pending);
  const near = bestRows(space, withPending, rows);
  const counts = { spread: raw, nearby: Math.ceil(raw / 4) };
  const designs = run.pool ?? rawDesigns(space, near, counts, rng.fork("raw"));
  const reference = evenly(designs, referenceRows);
  const isOpen = (row: ArrayLike<number>): boolean => run.isOpen(row);
  const cost =
    problem.cost === undefined ? undefined : perCost("bayesian", (of) => problem.cost!(of));

  const total = run.remaining;
  while (run.remaining > 0) {
    const done = total - run.remaining;
    const part = stage(work, done / total, (done + 1) / total);
    const chosen = run.chosen();
    const penalises = batch === "local-penalisation";
    const current = penalises ? fitted : believing(withPending, chosen);
    const seen = penalises ? observations.rows : stacked([rows, chosen], space.dimension);
    let acquisition: Acquisition = spec.create({
      beliefs: current.beliefs,
      goals,
      rows: seen,
      ...(current.feasibility === undefined ? {} : { feasibility: current.feasibility }),
      points: batch === "joint" && run.pool === undefined ? run.remaining : 1,
      exploration,
      measured: run.completed,
      rng: rng.fork(`design ${done}`),
      reference,
    });
    if (cost !== undefined) acquisition = weighed(acquisition, cost, space);
    if (penalises) {
      const awaited = stacked([pending, chosen], space.dimension);
      const away = awayFrom(awaited, fitted, observations.rows, reference, space);
      if (away !== undefined) acquisition = weighed(acquisition, away, space);
    }
    const best =
      run.pool === undefined
        ? await optimiseAcquisition({ space, acquisition, raw: designs, isOpen, work: part })
        : await bestOfPool(acquisition, run.pool, isOpen, part);
    if (best === undefined) return;
    for (let k = 0; k < best.rows.rows; k++) {
      const row = Float64Array.from(rowOf(best.rows, k));
      const known = believing(withPending, run.chosen());
      run.choose(
        describeProposal(row, best.value, {
          outcomes: withPending,
          current: known,
          rows,
          reference,
        }),
      );
    }
  }
}

/** Some rows of a matrix, evenly spaced. */
function evenly(rows: Matrix, count: number): Matrix {
  const every = Math.max(1, Math.floor(rows.rows / count));
  return takeRows(
    rows,
    Array.from({ length: Math.min(count, rows.rows) }, (_, k) => k * every),
  );
}

/** The best measured and pending designs, made feasible; of several objectives all that meet the requirements. */
function bestRows(
  space: SearchSpace,
  { goals, beliefs, feasibility }: OutcomeBeliefs,
  rows: Matrix,
): Matrix {
  const chances = requirementsOf({
    beliefs,
    goals,
    ...(feasibility === undefined ? {} : { feasibility }),
  }).logChances(rows);
  const objectives = goals.filter(isObjective).length;
  const objective = objectives === 1 ? singleObjective("bayesian", { goals, beliefs }) : undefined;
  const mean = objective?.belief.marginal(rows).mean;
  const isMet = chances.map((chance) => Number(exp(chance) >= 0.5));
  const worth = Array.from(chances, (chance, i) =>
    objective === undefined || mean === undefined ? chance : objective.utility(mean[i]),
  );
  // Those that meet the requirements first, each group by its worth, the others by their chance.
  const order = worth
    .map((_, i) => i)
    .sort(
      (a, b) =>
        isMet[b] - isMet[a] || (isMet[a] === 1 ? worth[b] - worth[a] : chances[b] - chances[a]),
    );
  const count = objectives > 1 ? order.length : Math.min(nearRows, order.length);
  const best = matrix(count, space.dimension);
  for (let k = 0; k < count; k++) rowOf(best, k).set(space.repair(rowOf(rows, order[k])));
  return best;
}

import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { stage } from "../../../core/work.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { Acquisition, AcquisitionSpec } from "../../acquisition/contract.ts";
import { lossesOf } from "../../acquisition/hypervolume/losses.ts";
import { isObjective, requirementsOf } from "../../acquisition/requirements.ts";
import { singleObjective } from "../../acquisition/utility.ts";
import { nonDominatedSort } from "../../pareto/sort.ts";
import type { PlanningRun } from "../begin-planning.ts";
import type { ExperimentProblem, Observations, PlanOptions } from "../contract.ts";
import { describeProposal } from "../describe-proposal.ts";
import { bestOfPool, optimiseAcquisition } from "../maximise/optimise-acquisition.ts";
import { evenly, rawDesigns } from "../maximise/raw-designs.ts";
import { believing, stacked, type OutcomeBeliefs } from "../outcome-beliefs.ts";
import { perCost } from "../factors/cost.ts";
import { atTarget, targetFidelity, toldByFidelity } from "../factors/fidelity.ts";
import { weighed } from "../factors/weighed-acquisition.ts";
import { awayFrom } from "./local-penalisation.ts";

/** How the designs of a batch know of each other. */
export type BatchMode = "fantasies" | "local-penalisation" | "joint";

export interface Choice {
  readonly run: PlanningRun;
  readonly spec: AcquisitionSpec;
  readonly acquisitionOptions: object;
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
  { run, spec, acquisitionOptions, raw, batch, fitted, rng }: Choice,
): Promise<void> {
  const { space } = problem;
  const { goals } = fitted;
  const { work = {}, exploration = 0.5, pending = matrix(0, space.dimension) } = options;
  const rows = stacked([observations.rows, pending], space.dimension);
  const withPending = believing(fitted, pending);
  const fidelity = targetFidelity("bayesian", problem);
  /** Designs as they would be at the fidelity that counts. */
  const counted = (of: Matrix): Matrix => fidelity?.rows(of) ?? of;
  const near = bestRows(space, withPending, counted(rows));
  const counts = { spread: raw, nearby: Math.ceil(raw / 4) };
  let designs = run.pool ?? rawDesigns(space, near, counts, rng.fork("raw"));
  let searched = space;
  const reference = counted(evenly(designs, referenceRows));
  const isOpen = (row: ArrayLike<number>): boolean => run.isOpen(row);
  const cost =
    problem.cost === undefined ? undefined : perCost("bayesian", (of) => problem.cost!(of));

  const shares = (problem.perBatch ?? []).length > 0;
  const isPlain = run.pool === undefined && !shares && fidelity === undefined;
  const isJoint = batch === "joint" && isPlain;
  if (batch === "joint" && !isPlain) {
    run.warn(
      "Designs of a pool, with a value that the batch shares, or of several fidelities are not chosen together but one by one.",
    );
  }

  const total = run.remaining;
  while (run.remaining > 0) {
    const done = total - run.remaining;
    const part = stage(work, done / total, (done + 1) / total);
    const chosen = run.chosen();
    if (run.space !== searched && run.pool === undefined) {
      // The rest of the batch shares a value with the first design.
      searched = run.space;
      designs = rawDesigns(searched, repaired(searched, near), counts, rng.fork("raw, shared"));
    }
    const penalises = batch === "local-penalisation";
    const isUntold = penalises || spec.supports.integrates === true;
    const current = isUntold ? fitted : believing(withPending, chosen);
    const seen = penalises ? observations.rows : stacked([rows, chosen], space.dimension);
    let acquisition: Acquisition = spec.create(
      {
        beliefs: current.beliefs,
        goals,
        rows: counted(seen),
        ...(current.feasibility === undefined ? {} : { feasibility: current.feasibility }),
        points: isJoint ? run.remaining : 1,
        exploration,
        measured: run.completed,
        rng: rng.fork(`design ${done}`),
        reference,
      },
      acquisitionOptions,
    );
    if (fidelity !== undefined) {
      const told = toldByFidelity(current.beliefs, fidelity);
      acquisition = weighed(atTarget(acquisition, fidelity), told, space);
    }
    if (cost !== undefined) acquisition = weighed(acquisition, cost, space);
    if (penalises) {
      const awaited = stacked([pending, chosen], space.dimension);
      const away = awayFrom(awaited, fitted, observations.rows, reference, space);
      if (away !== undefined) acquisition = weighed(acquisition, away, space);
    }
    const best =
      run.pool === undefined
        ? await optimiseAcquisition({
            space: searched,
            acquisition,
            raw: designs,
            isOpen,
            work: part,
          })
        : await bestOfPool(acquisition, run.pool, isOpen, part);
    if (best === undefined) return;
    for (let k = 0; k < best.rows.rows; k++) {
      const row = Float64Array.from(rowOf(best.rows, k));
      const known = believing(withPending, run.chosen());
      run.choose(
        describeProposal(row, best.value, {
          outcomes: withPending,
          current: known,
          rows: counted(rows),
          counted,
          reference,
        }),
      );
    }
  }
}

/** The nearest feasible designs. */
function repaired(space: SearchSpace, rows: Matrix): Matrix {
  const result = matrix(rows.rows, rows.columns);
  for (let i = 0; i < rows.rows; i++) rowOf(result, i).set(space.repair(rowOf(rows, i)));
  return result;
}

/** The best measured and pending designs, made feasible; of several objectives the whole front. */
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
  const merit = objectives === 0 ? undefined : meritOf({ goals, beliefs }, rows);
  const isMet = chances.map((chance) => Number(exp(chance) >= 0.5));
  const worth = Array.from(chances, (chance, i) => merit?.[i] ?? chance);
  // Those that meet the requirements first, each group by its worth, the others by their chance.
  const order = worth
    .map((_, i) => i)
    .sort(
      (a, b) =>
        isMet[b] - isMet[a] || (isMet[a] === 1 ? worth[b] - worth[a] : chances[b] - chances[a]),
    );
  const first = objectives > 1 ? worth.filter((value) => value === 0).length : 0;
  const count = Math.min(Math.max(first, nearRows), order.length);
  return repaired(space, takeRows(rows, order.slice(0, count)));
}

/** The utility of the means; of several objectives 0 for their front, -1 for the next one, and so on. */
function meritOf(believed: Pick<OutcomeBeliefs, "goals" | "beliefs">, rows: Matrix): Float64Array {
  const { goals, beliefs } = believed;
  if (goals.filter(isObjective).length === 1) {
    const objective = singleObjective("bayesian", believed)!;
    return objective.belief.marginal(rows).mean.map((value) => objective.utility(value));
  }
  const losses = lossesOf("bayesian", goals, { min: 1, max: goals.length });
  const m = losses.length;
  const means = matrix(rows.rows, m);
  losses.forEach((loss, k) => {
    const { mean } = beliefs[loss.goal].marginal(rows);
    mean.forEach((value, i) => (means.data[i * m + k] = loss.of(value)));
  });
  return Float64Array.from(nonDominatedSort(means), (rank) => 1 - rank);
}

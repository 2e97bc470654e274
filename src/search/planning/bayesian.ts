import { exp } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { stage } from "../../core/work.ts";
import type { AcquisitionSpec } from "../acquisition/contract.ts";
import { lossesOf } from "../acquisition/hypervolume/losses.ts";
import { acquisitions, type AcquisitionName } from "../acquisition/registry.ts";
import { isObjective, requirementsOf } from "../acquisition/requirements.ts";
import { singleObjective } from "../acquisition/utility.ts";
import { nonDominatedSort } from "../pareto/sort.ts";
import { resolveSettings } from "../run.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { beginPlanning, type PlanningRun } from "./begin-planning.ts";
import type { ExperimentProblem, Observations, PlannerSpec, PlanOptions } from "./contract.ts";
import { describeProposal } from "./describe-proposal.ts";
import { fillFrom } from "./fresh-rows.ts";
import { fillSpace } from "./initial-design.ts";
import { bestOfPool, optimiseAcquisition } from "./maximise/optimise-acquisition.ts";
import { rawDesigns } from "./maximise/raw-designs.ts";
import {
  believing,
  fitFailures,
  fitOutcomes,
  stacked,
  unmeasuredGoals,
  type OutcomeBeliefs,
} from "./outcome-beliefs.ts";

export interface BayesianSettings {
  /** What is made large; null = the default for the objectives of the problem. */
  readonly acquisition: string | null;
  /** Measured (or failed, or pending) designs before the model is asked; null = columns + 1, at most 10. */
  readonly initial: number | null;
  /** Designs that the acquisition function is looked up at before the best are improved. */
  readonly raw: number;
}

/**
 * Bayesian optimisation: fits a belief of every outcome, and of what can be made, and chooses the designs of
 * largest acquisition value one after the other, each as if those before it (and pending ones) had given what is
 * expected of them. Until there are enough measurements, designs that fill the space.
 * Sources: B. Shahriari et al., Proc. IEEE 104, 148 (2016), doi:10.1109/JPROC.2015.2494218 (overview); D.
 * Ginsbourger, R. Le Riche, L. Carraro, in Computational Intelligence in Expensive Optimization Problems (2010),
 * 131 (batches of believed results).
 */
export const bayesian: PlannerSpec<BayesianSettings> = {
  name: "bayesian",
  title: "Bayesian optimisation",
  supports: {
    objectives: {
      min: 1,
      max: Math.max(...specs().map(({ supports }) => supports.objectives.max)),
    },
    learns: true,
    least: 0,
    perBatch: false,
    cost: false,
    fidelity: false,
  },
  defaults: { acquisition: null, initial: null, raw: 512 },
  async plan(problem, observations, options, settings) {
    const { acquisition, initial, raw } = resolveSettings(
      bayesian.name,
      bayesian.defaults,
      settings,
    );
    const spec = acquisitionFor(problem, acquisition);
    requireWholeAbove(initial ?? 1, 1, "initial");
    requireWholeAbove(raw, 8, "raw");
    const run = beginPlanning(bayesian, problem, observations, options);
    const rng = options.rng.fork("bayesian planner");
    const { space } = problem;
    const none = matrix(0, space.dimension);
    const { pending = none, work = {} } = options;
    const { infeasible = none } = observations;
    const known = stacked([observations.rows, infeasible, pending], space.dimension);
    const wanted = initial ?? Math.min(10, space.dimension + 1);
    const lacking = unmeasuredGoals(problem, observations);
    if (lacking.length > 0 || run.completed + infeasible.rows + pending.rows < wanted) {
      if (lacking.length > 0 && run.completed > 0) {
        run.warn(`Nothing was measured yet of ${lacking.join(", ")}: the designs fill the space.`);
      }
      const feasibility = await fitFailures(space.columns, observations, rng);
      fillSpace(run, space, known, rng.fork("initial"), feasibility);
      return run.finish([]);
    }
    const fitted = await fitOutcomes(problem, observations, rng, stage(work, 0, 0.3));
    warnOfConstants(problem, observations, run);
    await choose(problem, observations, options, {
      run,
      spec,
      raw,
      fitted,
      outcomes: believing(fitted, pending),
    });
    if (run.remaining > 0)
      fillSpace(run, space, stacked([known, run.chosen()], space.dimension), rng);
    if (run.remaining > 0 && run.pool === undefined) {
      const rest = rng.fork("rest");
      fillFrom(run, space, () => rowOf(space.sample(1, rest), 0));
    }
    return run.finish(fitted.beliefs.map(({ summary }) => summary));
  },
};

interface Choice {
  readonly run: PlanningRun;
  readonly spec: AcquisitionSpec;
  readonly raw: number;
  /** After the measurements. */
  readonly fitted: OutcomeBeliefs;
  /** As if pending designs had given what is expected of them. */
  readonly outcomes: OutcomeBeliefs;
}

/** Rows that integrals over the space are taken at. */
const referenceRows = 64;
/** Best measured designs around which is searched. */
const nearRows = 5;

/** Fills the plan one design after the other. */
async function choose(
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
  { run, spec, raw, fitted, outcomes }: Choice,
): Promise<void> {
  const { space, goals } = problem;
  const {
    rng: given,
    work = {},
    pending = matrix(0, space.dimension),
    exploration = 0.5,
  } = options;
  const rng = given.fork("bayesian planner");
  const rows = stacked([observations.rows, pending], space.dimension);
  const near = bestRows(space, outcomes, rows);
  const designs =
    run.pool ??
    rawDesigns(space, near, { spread: raw, nearby: Math.ceil(raw / 4) }, rng.fork("raw"));
  const every = Math.max(1, Math.floor(designs.rows / referenceRows));
  const reference = takeRows(
    designs,
    Array.from({ length: Math.min(referenceRows, designs.rows) }, (_, k) => k * every),
  );
  let current = outcomes;
  let seen = rows;
  const total = run.remaining;
  while (run.remaining > 0) {
    const done = total - run.remaining;
    const part = stage(work, 0.3 + (0.7 * done) / total, 0.3 + (0.7 * (done + 1)) / total);
    const acquisition = spec.create({
      beliefs: (spec.supports.integrates === true ? fitted : current).beliefs,
      goals,
      rows: seen,
      ...(current.feasibility === undefined ? {} : { feasibility: current.feasibility }),
      points: 1,
      exploration,
      measured: run.completed,
      rng: rng.fork(`design ${done}`),
      reference,
    });
    const isOpen = (row: ArrayLike<number>): boolean => run.isOpen(row);
    const best =
      run.pool === undefined
        ? await optimiseAcquisition({ space, acquisition, raw: designs, isOpen, work: part })
        : await bestOfPool(acquisition, run.pool, isOpen, part);
    if (best === undefined) return;
    const row = Float64Array.from(rowOf(best.rows, 0));
    run.choose(describeProposal(row, best.value, { outcomes, current, rows, reference }));
    if (run.remaining === 0) return;
    const one = matrix(1, row.length, row);
    current = believing(current, one);
    seen = stacked([seen, one], space.dimension);
  }
}

/** The best measured and pending designs, made feasible. */
function bestRows(
  space: SearchSpace,
  { goals, beliefs, feasibility }: OutcomeBeliefs,
  rows: Matrix,
): Matrix {
  const made = feasibility === undefined ? {} : { feasibility };
  const chances = requirementsOf({ beliefs, goals, ...made }).logChances(rows);
  const objectives = goals.filter(isObjective).length;
  const merit =
    objectives > 1 ? frontMerit({ goals, beliefs }, rows) : singleMerit({ goals, beliefs }, rows);
  const worth = Array.from(chances, (chance, i) =>
    exp(chance) >= 0.5 ? merit[i] : merit[i] + 10 * chance,
  );
  const order = worth.map((_, i) => i).sort((a, b) => worth[b] - worth[a]);
  const first = merit.filter((value) => value === 0).length;
  const count = Math.min(order.length, objectives > 1 ? Math.max(nearRows, first) : nearRows);
  const best = matrix(count, space.dimension);
  for (let k = 0; k < count; k++) rowOf(best, k).set(space.repair(rowOf(rows, order[k])));
  return best;
}

type Believed = Pick<OutcomeBeliefs, "goals" | "beliefs">;

/** The mean of the one objective over its spread; 0 for all without an objective. */
function singleMerit({ goals, beliefs }: Believed, rows: Matrix): Float64Array {
  const objective = singleObjective("bayesian", { goals, beliefs });
  if (objective === undefined) return new Float64Array(rows.rows);
  const { mean } = objective.belief.marginal(rows);
  return mean.map((value) => objective.utility(value) / objective.goal.scale);
}

/** 0 for the front of the means, -1 for the next, and so on. */
function frontMerit({ goals, beliefs }: Believed, rows: Matrix): Float64Array {
  const losses = lossesOf("bayesian", goals, bayesian.supports.objectives);
  const means = losses.map(({ goal, of }) => beliefs[goal].marginal(rows).mean.map(of));
  const values = matrix(rows.rows, losses.length);
  means.forEach((mean, k) => {
    mean.forEach((value, i) => (values.data[i * losses.length + k] = value));
  });
  return Float64Array.from(nonDominatedSort(values), (rank) => 1 - rank);
}

function warnOfConstants(
  { goals }: ExperimentProblem,
  { outcomes }: Observations,
  run: PlanningRun,
) {
  goals.forEach(({ label }, g) => {
    const values = Array.from({ length: outcomes.rows }, (_, i) => rowOf(outcomes, i)[g]).filter(
      (value) => !Number.isNaN(value),
    );
    if (values.length > 1 && values.every((value) => value === values[0])) {
      run.warn(`Every measurement of ${label} is ${values[0]}: nothing can be learned of it yet.`);
    }
  });
}

function specs(): readonly AcquisitionSpec[] {
  return Object.values<AcquisitionSpec>(acquisitions);
}

/** The acquisition function that was asked for, or the default for the number of objectives. */
function acquisitionFor({ goals }: ExperimentProblem, name: string | null): AcquisitionSpec {
  const objectives = goals.filter(isObjective).length;
  const takes = ({ supports }: AcquisitionSpec): boolean =>
    objectives >= supports.objectives.min && objectives <= supports.objectives.max;
  if (name === null) return specs().find(takes) ?? specs()[0];
  const known = Object.keys(acquisitions);
  if (!known.includes(name)) {
    throw new InputError(
      `bayesian: expected an acquisition function of ${known.join(", ")}, got "${name}".`,
      { path: "acquisition", hint: suggest(name, known) },
    );
  }
  const spec = acquisitions[name as AcquisitionName] as AcquisitionSpec;
  if (takes(spec)) return spec;
  const { min, max } = spec.supports.objectives;
  throw new InputError(
    `bayesian: ${name} takes ${min} to ${max} objectives, the problem has ${objectives}.`,
    { path: "acquisition" },
  );
}

function requireWholeAbove(value: number, least: number, key: string): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new InputError(
    `bayesian: expected ${key} to be a whole number from ${least}, got ${value}.`,
    {
      path: key,
    },
  );
}

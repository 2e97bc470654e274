import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { stage } from "../../../core/work.ts";
import type { Acquisition, AcquisitionContext } from "../../acquisition/contract.ts";
import type { Belief } from "../../belief/contract.ts";
import { fitBelief } from "../../belief/fit-belief.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import { beginPlanning, type PlanningRun } from "../begin-planning.ts";
import type { ExperimentProblem, Observations, PlannerSpec, PlanOptions } from "../contract.ts";
import { describeProposal } from "../describe-proposal.ts";
import { fillFrom } from "../fresh-rows.ts";
import { fillSpace } from "../initial-design.ts";
import { bestOfPool, optimiseAcquisition } from "../maximise/optimise-acquisition.ts";
import { rawDesigns } from "../maximise/raw-designs.ts";
import {
  believing,
  fitFailures,
  fitOutcomes,
  stacked,
  unmeasuredGoals,
  type OutcomeBeliefs,
} from "../outcome-beliefs.ts";
import { disagreement, learningCriteria } from "./criteria.ts";
import { diversities, type Diversity } from "./diverse-batch.ts";

type Criterion = keyof typeof learningCriteria | "committee";

export interface ActiveLearningSettings {
  /**
   * What a measurement is to teach: where least is known (`uncertainty`), where models contradict each other
   * (`committee`), what changes the model most (`model-change`), what leaves the least uncertainty everywhere
   * (`error-reduction`), or where an outcome crosses a limit (`level-set`).
   */
  readonly criterion: Criterion;
  /**
   * How a batch is kept diverse: each design as if those before it were measured (`fantasies`), or chosen among the
   * best by distance (`k-means++`, `core-set`) or by a determinantal point process (`dpp`).
   */
  readonly batch: "fantasies" | Diversity;
  /** Members of a committee. */
  readonly members: number;
  /** Measured, failed or pending designs before the model is asked; null = columns + 1, at most 10. */
  readonly initial: number | null;
  /** Designs that are looked at first. */
  readonly raw: number;
}

const criteria: readonly string[] = [...Object.keys(learningCriteria), "committee"];
const batches: readonly string[] = ["fantasies", ...Object.keys(diversities)];
const referenceRows = 64;
/** Candidates of a diverse batch: the best share of the designs looked at, at least these times the batch. */
const bestShare = 0.25;
const timesBatch = 8;

/**
 * Active learning: measures what teaches most about the outcomes over the whole space, whatever their targets. For a
 * model of the space rather than its best design.
 * Source: B. Settles, Active learning literature survey, University of Wisconsin-Madison (2009).
 */
export const activeLearning: PlannerSpec<ActiveLearningSettings> = {
  name: "active-learning",
  title: "Active learning",
  supports: {
    objectives: { min: 1, max: 100 },
    learns: true,
    least: 0,
    perBatch: false,
    cost: false,
    fidelity: false,
  },
  defaults: { criterion: "uncertainty", batch: "fantasies", members: 8, initial: null, raw: 512 },
  async plan(problem, observations, options, settings) {
    const { name, defaults } = activeLearning;
    const resolved = resolveSettings(name, defaults, settings);
    requireSettings(resolved);
    const run = beginPlanning(activeLearning, problem, observations, options);
    const { space } = problem;
    const none = matrix(0, space.dimension);
    const { pending = none, work = {} } = options;
    const { infeasible = none } = observations;
    const rng = options.rng.fork("active-learning planner");
    const known = stacked([observations.rows, infeasible, pending], space.dimension);
    const wanted = resolved.initial ?? Math.min(10, space.dimension + 1);
    const started = run.completed + infeasible.rows + pending.rows;
    if (unmeasuredGoals(problem, observations).length > 0 || started < wanted) {
      const feasibility = await fitFailures(space.columns, observations, rng);
      fillSpace(run, space, known, rng.fork("initial"), feasibility);
      return run.finish([]);
    }
    const fitted = await fitOutcomes(problem, observations, rng, stage(work, 0, 0.3), "plain");
    const members =
      resolved.criterion === "committee"
        ? await committeeOf(problem, observations, resolved.members, rng)
        : [];
    await choose(problem, observations, { ...options, work: stage(work, 0.3, 1) }, resolved, {
      run,
      rng,
      outcomes: believing(fitted, pending),
      members,
    });
    if (run.remaining > 0)
      fillSpace(run, space, stacked([known, run.chosen()], space.dimension), rng);
    if (run.remaining > 0 && run.pool === undefined) {
      const rest = rng.fork("last");
      fillFrom(run, space, () => rowOf(space.sample(1, rest), 0));
    }
    return run.finish(fitted.summaries);
  },
};

interface Choice {
  readonly run: PlanningRun;
  readonly rng: Rng;
  readonly outcomes: OutcomeBeliefs;
  /** Of each goal; empty without a committee. */
  readonly members: readonly (readonly Belief[])[];
}

async function choose(
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
  { criterion, batch, raw }: ActiveLearningSettings,
  { run, rng, outcomes, members }: Choice,
): Promise<void> {
  const { space } = problem;
  const { work = {}, exploration = 0.5, pending = matrix(0, space.dimension) } = options;
  const rows = stacked([observations.rows, pending], space.dimension);
  const inside = Array.from({ length: rows.rows }, (_, i) => i).filter((i) =>
    space.isFeasible(rowOf(rows, i)),
  );
  const near = takeRows(rows, inside);
  const designs = run.pool ?? rawDesigns(space, near, { spread: raw, nearby: 0 }, rng.fork("raw"));
  const every = Math.max(1, Math.floor(designs.rows / referenceRows));
  const reference = takeRows(
    designs,
    Array.from({ length: Math.min(referenceRows, designs.rows) }, (_, k) => k * every),
  );
  const acquisitionAfter = (chosen: Matrix): Acquisition => {
    const current = believing(outcomes, chosen);
    const context: AcquisitionContext = {
      beliefs: current.beliefs,
      goals: outcomes.goals,
      rows: stacked([rows, chosen], space.dimension),
      ...(outcomes.feasibility === undefined ? {} : { feasibility: outcomes.feasibility }),
      points: 1,
      exploration,
      measured: run.completed,
      rng: rng.fork(`design ${chosen.rows}`),
      reference,
    };
    if (criterion !== "committee") return learningCriteria[criterion](context);
    // Members agree on what they are told, so that a batch spreads.
    const told = members.map((own, g) => {
      const { mean } = outcomes.beliefs[g].marginal(chosen);
      return own.map((member) => (chosen.rows === 0 ? member : member.condition(chosen, mean)));
    });
    return disagreement(context, told);
  };
  const propose = (row: Float64Array, value: number): void =>
    run.choose(
      describeProposal(row, value, {
        outcomes,
        current: believing(outcomes, run.chosen()),
        rows,
        reference,
      }),
    );

  if (batch !== "fantasies" && run.remaining > 1) {
    const acquisition = acquisitionAfter(run.chosen());
    const values = acquisition.values(designs);
    const open = Array.from(values.keys())
      .filter((i) => run.isOpen(rowOf(designs, i)))
      .sort((a, b) => values[b] - values[a]);
    const kept = open.slice(0, Math.max(timesBatch * run.remaining, bestShare * open.length));
    const chosen = diversities[batch]({
      rows: takeRows(designs, kept),
      values: Float64Array.from(kept, (i) => values[i]),
      known: rows,
      beliefs: outcomes.beliefs,
      columns: space.columns,
      count: run.remaining,
      rng: rng.fork("diverse batch"),
    });
    for (const k of chosen) {
      const row = Float64Array.from(rowOf(designs, kept[k]));
      if (run.isOpen(row)) propose(row, values[kept[k]]);
    }
    return;
  }
  const total = run.remaining;
  while (run.remaining > 0) {
    const done = total - run.remaining;
    const part = stage(work, done / total, (done + 1) / total);
    const acquisition = acquisitionAfter(run.chosen());
    const isOpen = (row: ArrayLike<number>): boolean => run.isOpen(row);
    const best =
      run.pool === undefined
        ? await optimiseAcquisition({ space, acquisition, raw: designs, isOpen, work: part })
        : await bestOfPool(acquisition, run.pool, isOpen, part);
    if (best === undefined) return;
    propose(Float64Array.from(rowOf(best.rows, 0)), best.value);
  }
}

/** Beliefs from measurements drawn with replacement, some for each goal. */
async function committeeOf(
  { space, goals }: ExperimentProblem,
  { rows, outcomes }: Observations,
  count: number,
  rng: Rng,
): Promise<Belief[][]> {
  const committees: Belief[][] = [];
  for (const [g, { scale }] of goals.entries()) {
    const at = (i: number): number => outcomes.data[i * goals.length + g];
    const kept = Array.from({ length: rows.rows }, (_, i) => i).filter((i) => !Number.isNaN(at(i)));
    const members: Belief[] = [];
    for (let m = 0; m < count; m++) {
      const draw = rng.fork(`member ${m} of ${g}`);
      const drawn = kept.map(() => kept[draw.integer(kept.length)]);
      const values = Float64Array.from(drawn, at);
      const fit = { rng: draw, scale, starts: 1 };
      members.push((await fitBelief(space.columns, takeRows(rows, drawn), values, fit)).belief);
    }
    committees.push(members);
  }
  return committees;
}

function requireSettings({
  criterion,
  batch,
  members,
  initial,
  raw,
}: ActiveLearningSettings): void {
  const { name } = activeLearning;
  for (const [key, value, known] of [
    ["criterion", criterion, criteria],
    ["batch", batch, batches],
  ] as const) {
    if (known.includes(value)) continue;
    throw new InputError(`${name}: expected ${key} to be ${known.join(", ")}, got ${value}.`, {
      path: key,
    });
  }
  requireWhole(name, "members", members, 2);
  requireWhole(name, "initial", initial ?? 1, 1);
  requireWhole(name, "raw", raw, 8);
}

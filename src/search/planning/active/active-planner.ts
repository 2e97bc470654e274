import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { checkpoint, stage, type Work } from "../../../core/work.ts";
import { embeddingOf, placeRows } from "../../belief/embedding.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import type { SettingNotes } from "../../settings.ts";
import { beginPlanning, type PlanningRun } from "../begin-planning.ts";
import type {
  ExperimentProblem,
  Observations,
  PlannerSpec,
  PlannerSupport,
  PlanOptions,
} from "../contract.ts";
import { describeProposal } from "../describe-proposal.ts";
import { fillWithDraws } from "../fresh-rows.ts";
import { fillSpace } from "../initial-design.ts";
import { spreadDesigns } from "../maximise/raw-designs.ts";
import {
  believing,
  fitFailures,
  fitOutcomes,
  stacked,
  type OutcomeBeliefs,
} from "../outcome-beliefs.ts";
import { diverseBatch, type DiverseMethod } from "./diverse-batch.ts";

/** How a batch is put together: one by one, each as if those before it had been measured, or all at once. */
export type BatchMethod = "one-by-one" | DiverseMethod;

export interface ActiveSettings {
  /** Designs to choose from where no pool is given: a Sobol sequence over the space. */
  readonly candidates: number;
  readonly batch: BatchMethod;
  /** Measured (or failed, or pending) designs before the model is asked; null = columns + 1, at most 10. */
  readonly initial: number | null;
}

/** What a way to learn may look at when it scores designs. */
export interface ScoreContext {
  readonly problem: ExperimentProblem;
  readonly observations: Observations;
  /** Beliefs after measured, pending and chosen designs, in the outcomes' own units. */
  readonly outcomes: OutcomeBeliefs;
  /** Designs to score, n x dimension. */
  readonly candidates: Matrix;
  /** Measured, pending and chosen designs. */
  readonly seen: Matrix;
  /** Designs over the space, to average over. */
  readonly reference: Matrix;
  readonly rng: Rng;
  readonly work: Work;
}

/** One way to learn. */
export interface ActiveSpec<Options extends object> {
  readonly name: string;
  readonly title: string;
  readonly supports?: Partial<PlannerSupport>;
  /** How batches are put together unless said otherwise. */
  readonly batch: BatchMethod;
  /** Whether scores follow what was believed of chosen designs; else batches are put together all at once. */
  readonly oneByOne: boolean;
  /** Fewest measured values of every goal; 1 when absent. */
  readonly leastMeasured?: number;
  readonly defaults: Options;
  readonly about: SettingNotes<Options>;
  /** What measuring each candidate would teach, 0 or more; only their order and ratios count. */
  score(context: ScoreContext, settings: Options): Float64Array | Promise<Float64Array>;
}

const methods: readonly BatchMethod[] = ["one-by-one", "k-means", "dpp", "core-set"];
const sharedNotes: SettingNotes<ActiveSettings> = {
  candidates: "designs to choose from where no pool is given",
  batch: { text: "how a batch is put together", values: methods },
  initial: "measured or pending designs before the model is asked; null = columns + 1, at most 10",
};
/** Rows that integrals over the space are taken at. */
const referenceRows = 128;

/**
 * A planner that measures what teaches most, not what looks best: it scores candidate designs, by the chance that
 * they can be made, and puts a batch of them together. The dial of exploration has no meaning here. Until there are
 * enough measurements its designs fill the space.
 */
export function activePlanner<Options extends object>(
  spec: ActiveSpec<Options>,
): PlannerSpec<Options & ActiveSettings> {
  const defaults = {
    ...spec.defaults,
    candidates: 512,
    batch: spec.batch,
    initial: null,
  } as Options & ActiveSettings;
  const planner: PlannerSpec<Options & ActiveSettings> = {
    name: spec.name,
    title: spec.title,
    supports: { ...learner, ...spec.supports },
    defaults,
    about: { ...spec.about, ...sharedNotes },
    async plan(problem, observations, options, given) {
      const settings = resolveSettings(spec.name, defaults, given);
      requireSettings(spec, settings);
      const run = beginPlanning(planner, problem, observations, options);
      const { space } = problem;
      const rng = options.rng.fork(spec.name);
      const none = matrix(0, space.dimension);
      const { pending = none, work = {} } = options;
      const { infeasible = none } = observations;
      const known = stacked([observations.rows, infeasible, pending], space.dimension);
      const wanted = settings.initial ?? Math.min(10, space.dimension + 1);
      const isEarly =
        fewestMeasured(observations) < (spec.leastMeasured ?? 1) ||
        run.completed + infeasible.rows + pending.rows < wanted;
      if (isEarly) {
        const feasibility = await fitFailures(space.columns, observations, rng);
        fillSpace(run, known, rng.fork("initial"), feasibility);
      }
      const fitted = isEarly
        ? undefined
        : await fitOutcomes(problem, observations, rng, stage(work, 0, 0.3), { warp: false });
      if (fitted !== undefined) {
        await choose(spec, settings, run, problem, observations, { ...options, rng }, fitted);
        fillSpace(run, stacked([known, run.chosen()], space.dimension), rng);
      }
      if (run.pool === undefined) fillWithDraws(run, rng.fork("rest"));
      return run.finish(fitted?.summaries ?? []);
    },
  };
  return planner;
}

const learner: PlannerSupport = {
  objectives: { min: 1, max: 100 },
  learns: true,
  least: 0,
  perBatch: false,
  cost: false,
  fidelity: false,
};

function requireSettings<Options extends object>(
  { name, oneByOne }: ActiveSpec<Options>,
  { candidates, batch, initial }: ActiveSettings,
): void {
  requireWhole(name, "candidates", candidates, 1);
  requireWhole(name, "initial", initial ?? 1, 1);
  const known = methods.filter((method) => oneByOne || method !== "one-by-one");
  if (known.includes(batch)) return;
  throw new InputError(`${name}: expected a batch of ${known.join(", ")}, got "${batch}".`, {
    path: "batch",
  });
}

/** Fills the plan with the candidates that teach most. */
async function choose<Options extends object>(
  spec: ActiveSpec<Options>,
  settings: Options & ActiveSettings,
  run: PlanningRun,
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
  fitted: OutcomeBeliefs,
): Promise<void> {
  const { space } = problem;
  const { rng, work = {}, pending = matrix(0, space.dimension) } = options;
  const candidates = openOf(
    run,
    run.pool ?? spreadDesigns(space, settings.candidates, rng.fork("candidates")),
  );
  if (candidates.rows === 0) return;
  const every = Math.max(1, Math.floor(candidates.rows / referenceRows));
  const reference = takeRows(
    candidates,
    Array.from({ length: Math.min(referenceRows, candidates.rows) }, (_, k) => k * every),
  );
  const outcomes = believing(fitted, pending);
  const rows = stacked([observations.rows, pending], space.dimension);
  const chances = fitted.feasibility?.probability(candidates);
  const total = run.remaining;

  const score = async (current: OutcomeBeliefs, seen: Matrix): Promise<Float64Array> => {
    const done = total - run.remaining;
    await checkpoint(work, { label: spec.title, done, total });
    const context = { problem, observations, outcomes: current, candidates, seen, reference };
    const stream = rng.fork(`design ${done}`);
    const scores = await spec.score({ ...context, rng: stream, work }, settings);
    return scores.map((value, i) => Math.max(0, value) * (chances?.[i] ?? 1));
  };
  const take = (i: number, value: number, current: OutcomeBeliefs): Matrix => {
    const row = Float64Array.from(rowOf(candidates, i));
    run.choose(describeProposal(row, value, { outcomes, current, rows, reference }));
    return matrix(1, row.length, row);
  };

  let current = outcomes;
  if (settings.batch !== "one-by-one") {
    const scores = await score(current, rows);
    const embedding = embeddingOf(space.columns, candidates);
    const chosen = diverseBatch(settings.batch, {
      points: placeRows(embedding, candidates),
      known: placeRows(embedding, rows),
      scores,
      count: total,
      rng: rng.fork("batch"),
    });
    for (const i of chosen) {
      if (run.isOpen(rowOf(candidates, i)))
        current = believing(current, take(i, scores[i], current));
    }
    return;
  }
  let seen = rows;
  while (run.remaining > 0) {
    const scores = await score(current, seen);
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
    const best = order.find((i) => run.isOpen(rowOf(candidates, i)));
    if (best === undefined) return;
    const one = take(best, scores[best], current);
    current = believing(current, one);
    seen = stacked([seen, one], space.dimension);
  }
}

/** Measured values of the goal that has fewest. */
function fewestMeasured({ outcomes: { data, rows, columns } }: Observations): number {
  const counts = new Int32Array(columns);
  for (let at = 0; at < rows * columns; at++) if (!Number.isNaN(data[at])) counts[at % columns]++;
  return Math.min(...counts);
}

function openOf(run: PlanningRun, rows: Matrix): Matrix {
  const open = Array.from({ length: rows.rows }, (_, i) => i).filter((i) =>
    run.isOpen(rowOf(rows, i)),
  );
  return takeRows(rows, open);
}

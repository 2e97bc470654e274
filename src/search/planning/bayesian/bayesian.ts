import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf } from "../../../core/matrix.ts";
import { stage } from "../../../core/work.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import { beginPlanning, type PlanningRun } from "../begin-planning.ts";
import type { ExperimentProblem, Observations, PlannerSpec } from "../contract.ts";
import { fillWithDraws } from "../fresh-rows.ts";
import { fillSpace } from "../initial-design.ts";
import { fitFailures, fitOutcomes, stacked, unmeasuredGoals } from "../outcome-beliefs.ts";
import { acquisitionSpecs, chooseAcquisition } from "./choose-acquisition.ts";
import { chooseDesigns, type BatchMode } from "./choose-designs.ts";

export interface BayesianSettings {
  /** What is made large, a name of the registry; null = the default for the objectives of the problem. */
  readonly acquisition: string | null;
  /** Options of that function, such as `beta` of `ucb`; plain JSON. */
  readonly acquisitionOptions: Readonly<Record<string, unknown>>;
  /**
   * How the designs of a batch know of each other: each is chosen as if those before it had given what is expected
   * of them (`fantasies`), keeps away from them (`local-penalisation`), or all are chosen together (`joint`).
   */
  readonly batch: BatchMode;
  /** Measured, failed or pending designs before the model is asked; null = columns + 1, at most 10. */
  readonly initial: number | null;
  /** Designs that the acquisition function is looked up at before the best are improved. */
  readonly raw: number;
}

const batchModes: readonly string[] = ["fantasies", "local-penalisation", "joint"];

/**
 * Bayesian optimisation: fits a belief of every outcome, and of what can be made, and chooses the designs of
 * largest acquisition value. Until there are enough measurements, designs that fill the space.
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
      max: Math.max(...acquisitionSpecs().map(({ supports }) => supports.objectives.max)),
    },
    learns: true,
    least: 0,
    perBatch: true,
    cost: true,
    fidelity: true,
  },
  defaults: {
    acquisition: null,
    acquisitionOptions: {},
    batch: "fantasies",
    initial: null,
    raw: 512,
  },
  about: {
    acquisition: {
      text: "what is made large; null = the first that fits the objectives",
      values: acquisitionSpecs().map(({ name }) => name),
    },
    acquisitionOptions: "settings of that function, by name",
    batch: { text: "how the designs of a batch know of each other", values: batchModes },
    initial:
      "measured or pending designs before the model is asked; null = columns + 1, at most 10",
    raw: "designs looked at before the best are improved",
  },
  async plan(problem, observations, options, settings) {
    const { name, defaults } = bayesian;
    const { acquisition, acquisitionOptions, batch, initial, raw } = resolveSettings(
      name,
      defaults,
      settings,
    );
    requireWhole(name, "initial", initial ?? 1, 1);
    requireWhole(name, "raw", raw, 8);
    if (!batchModes.includes(batch)) {
      throw new InputError(
        `${name}: expected batch to be ${batchModes.join(", ")}, got ${batch}.`,
        {
          path: "batch",
        },
      );
    }
    const spec = chooseAcquisition(name, problem.goals, acquisition, batch === "joint");
    resolveSettings(spec.name, spec.defaults, acquisitionOptions);
    const run = beginPlanning(bayesian, problem, observations, options);
    const { space } = problem;
    const none = matrix(0, space.dimension);
    const { pending = none, work = {} } = options;
    const { infeasible = none } = observations;
    const rng = options.rng.fork("bayesian planner");
    const known = stacked([observations.rows, infeasible, pending], space.dimension);

    const lacking = unmeasuredGoals(problem, observations);
    const wanted = initial ?? Math.min(10, space.dimension + 1);
    if (lacking.length > 0 || run.completed + infeasible.rows + pending.rows < wanted) {
      if (lacking.length > 0 && run.completed > 0) {
        run.warn(`Nothing was measured yet of ${lacking.join(", ")}: the designs fill the space.`);
      }
      const feasibility = await fitFailures(space.columns, observations, rng);
      fillSpace(run, known, rng.fork("initial"), feasibility);
      return run.finish([]);
    }

    const fitted = await fitOutcomes(problem, observations, rng, stage(work, 0, 0.3));
    warnOfConstants(problem, observations, run);
    await chooseDesigns(
      problem,
      observations,
      { ...options, work: stage(work, 0.3, 1) },
      { run, spec, acquisitionOptions, raw, batch, fitted, rng },
    );
    if (run.remaining > 0) {
      fillSpace(run, stacked([known, run.chosen()], space.dimension), rng.fork("rest"));
    }
    if (run.pool === undefined) fillWithDraws(run, rng.fork("last"));
    return run.finish(fitted.summaries);
  },
};

function warnOfConstants(
  { goals }: ExperimentProblem,
  { outcomes }: Observations,
  run: PlanningRun,
): void {
  goals.forEach(({ label }, g) => {
    const values = Array.from({ length: outcomes.rows }, (_, i) => rowOf(outcomes, i)[g]).filter(
      (value) => !Number.isNaN(value),
    );
    if (values.length > 1 && values.every((value) => value === values[0])) {
      run.warn(`Every measurement of ${label} is ${values[0]}: nothing can be learned of it yet.`);
    }
  });
}

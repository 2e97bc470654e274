import { InputError } from "../../../core/errors.ts";
import { matrix } from "../../../core/matrix.ts";
import { stage } from "../../../core/work.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import type { SettingNotes } from "../../settings.ts";
import { beginPlanning } from "../begin-planning.ts";
import type { Observations, PlannerSpec, PlannerSupport } from "../contract.ts";
import { fillWithDraws } from "../fresh-rows.ts";
import { fillSpace } from "../initial-design.ts";
import { fitFailures, fitOutcomes, stacked } from "../outcome-beliefs.ts";
import { chooseCandidates } from "./choose-candidates.ts";
import type { ActiveSettings, ActiveSpec, BatchMethod } from "./contract.ts";

const methods: readonly BatchMethod[] = ["one-by-one", "k-means", "dpp", "core-set"];
const sharedNotes: SettingNotes<ActiveSettings> = {
  candidates: "designs to choose from where no pool is given",
  batch: { text: "how a batch is put together", values: methods },
  initial: "measured or pending designs before the model is asked; null = columns + 1, at most 10",
};

/**
 * A planner that measures what teaches most, not what looks best: it scores candidate designs, by the chance that
 * they can be made and by their cost, and puts a batch of them together. The dial of exploration has no meaning here. Until there are
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
        const own = { ...options, rng, work: stage(work, 0.3, 1) };
        await chooseCandidates(spec, settings, run, problem, observations, own, fitted);
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
  perBatch: true,
  cost: true,
  fidelity: true,
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

/** Measured values of the goal that has fewest. */
function fewestMeasured({ outcomes: { data, rows, columns } }: Observations): number {
  const counts = new Int32Array(columns);
  for (let at = 0; at < rows * columns; at++) if (!Number.isNaN(data[at])) counts[at % columns]++;
  return Math.min(...counts);
}

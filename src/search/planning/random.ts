import { resolveSettings } from "../run.ts";
import { beginPlanning } from "./begin-planning.ts";
import type { PlannerSpec, PlannerSupport } from "./contract.ts";
import { fillFromList, fillWithDraws } from "./fresh-rows.ts";

/** What a planner that looks at nothing but the space can do. */
export const blindSupport: PlannerSupport = {
  objectives: { min: 1, max: 100 },
  learns: false,
  least: 0,
  perBatch: true,
  // They know neither, and take a problem that has them: its designs follow from the space alone.
  cost: true,
  fidelity: true,
};

/** Uniform draws from the feasible designs: what every other planner is compared with. */
export const random: PlannerSpec = {
  name: "random",
  title: "Random designs",
  supports: blindSupport,
  defaults: {},
  about: {},
  async plan(problem, observations, options, settings) {
    resolveSettings(random.name, random.defaults, settings);
    const run = beginPlanning(random, problem, observations, options);
    const rng = options.rng.fork("random planner");
    if (run.pool === undefined) fillWithDraws(run, rng);
    else fillFromList(run, run.pool, rng.permutation(run.pool.rows));
    return run.finish([]);
  },
};

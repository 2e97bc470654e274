import { rowOf } from "../../core/matrix.ts";
import { resolveSettings } from "../run.ts";
import { beginPlanning } from "./begin-planning.ts";
import type { PlannerSpec, PlannerSupport } from "./contract.ts";
import { fillFrom, fillFromList } from "./fresh-rows.ts";

/** What a planner that looks at nothing but the space can do. */
export const blindSupport: PlannerSupport = {
  objectives: { min: 1, max: 100 },
  learns: false,
  least: 0,
  perBatch: false,
  cost: false,
  fidelity: false,
};

/** Uniform draws from the feasible designs: what every other planner is compared with. */
export const random: PlannerSpec = {
  name: "random",
  title: "Random designs",
  supports: blindSupport,
  defaults: {},
  async plan(problem, observations, options, settings) {
    resolveSettings(random.name, random.defaults, settings);
    const run = beginPlanning(random, problem, observations, options);
    const rng = options.rng.fork("random planner");
    if (run.pool === undefined) {
      fillFrom(run, problem.space, () => rowOf(problem.space.sample(1, rng), 0));
    } else {
      fillFromList(run, run.pool, rng.permutation(run.pool.rows));
    }
    return run.finish([]);
  },
};

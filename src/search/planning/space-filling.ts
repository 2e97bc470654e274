import { matrix } from "../../core/matrix.ts";
import { resolveSettings } from "../run.ts";
import { beginPlanning } from "./begin-planning.ts";
import type { PlannerSpec } from "./contract.ts";
import { fillSpace } from "./initial-design.ts";
import { fillWithDraws } from "./fresh-rows.ts";
import { stacked } from "./outcome-beliefs.ts";
import { blindSupport } from "./random.ts";

/** Designs far from each other and from all that is measured or pending, see `fillSpace`. */
export const spaceFilling: PlannerSpec = {
  name: "space-filling",
  title: "Space-filling designs",
  supports: blindSupport,
  defaults: {},
  about: {},
  async plan(problem, observations, options, settings) {
    resolveSettings(spaceFilling.name, spaceFilling.defaults, settings);
    const run = beginPlanning(spaceFilling, problem, observations, options);
    const { space } = problem;
    const rng = options.rng.fork("space-filling planner");
    const none = matrix(0, space.dimension);
    const { pending = none, exclude = none } = options;
    const { rows, infeasible = none } = observations;
    fillSpace(run, stacked([rows, infeasible, pending, exclude], space.dimension), rng);
    if (run.pool === undefined) fillWithDraws(run, rng.fork("rest"));
    return run.finish([]);
  },
};

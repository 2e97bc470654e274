import type { StrategySpec } from "../contract.ts";
import { beginSearch, resolveSettings } from "../run.ts";
import {
  coversSpace,
  requireSizes,
  screenAll,
  screenStream,
  screeningDefaults,
  screeningNotes,
  screeningSupport,
} from "./screen.ts";
import type { ScreeningSettings } from "./screen.ts";

/**
 * Scores designs drawn uniformly from the feasible ones and keeps the best. Designs repeat between
 * chunks in small spaces; a space that the budget covers is gone through completely instead.
 */
export const uniform: StrategySpec<ScreeningSettings> = {
  name: "uniform",
  title: "Screening, uniform random",
  supports: screeningSupport,
  defaults: screeningDefaults,
  about: screeningNotes,
  async search(problem, options, settings) {
    const resolved = resolveSettings(uniform.name, uniform.defaults, settings);
    requireSizes(uniform.name, resolved);
    const { space } = problem;
    const run = beginSearch(uniform, problem, options, resolved.archiveSize);
    const chunkSize = Math.max(resolved.chunkSize, options.batchSize);
    if (coversSpace(run)) return screenAll(run, space, chunkSize);
    const rng = options.rng.fork("uniform");
    return screenStream(run, space, chunkSize, (n) => space.sample(n, rng));
  },
};

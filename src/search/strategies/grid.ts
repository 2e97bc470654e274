import { InputError } from "../../core/errors.ts";
import type { StrategySpec } from "../contract.ts";
import { beginSearch, resolveSettings } from "../run.ts";
import {
  coversSpace,
  requireSizes,
  screenAll,
  screeningDefaults,
  screeningNotes,
} from "./screen.ts";
import type { ScreeningSettings } from "./screen.ts";

/**
 * Scores every design of a countable space. It never covers a part only: a part in the order of
 * enumeration would leave out whole regions, so a budget below the count is refused.
 */
export const grid: StrategySpec<ScreeningSettings> = {
  name: "grid",
  title: "Screening, every design",
  supports: { objectives: { min: 1, max: 16 }, continuous: false, discrete: true },
  defaults: screeningDefaults,
  about: screeningNotes,
  async search(problem, options, settings) {
    const resolved = resolveSettings(grid.name, grid.defaults, settings);
    requireSizes(grid.name, resolved);
    const run = beginSearch(grid, problem, options, resolved.archiveSize);
    if (!coversSpace(run)) {
      throw new InputError(
        `grid: the space has ${run.count} designs, the budget allows ${options.budget} to be scored.`,
        {
          path: "budget",
          expected: `a budget of at least ${run.count}`,
          received: `${options.budget}`,
          hint: "Raise the budget, use coarser steps or tighter bounds, or choose sobol or uniform, which score a part.",
        },
      );
    }
    return screenAll(run, problem.space, resolved.chunkSize);
  },
};

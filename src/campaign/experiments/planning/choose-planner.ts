import { countOf } from "../../../core/format.ts";
import { InputError, UnsupportedError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { requireSupport } from "../../../search/planning/begin-planning.ts";
import type { ExperimentProblem, PlannerSpec } from "../../../search/planning/contract.ts";
import { planners } from "../../../search/planning/registry.ts";
import { spaceFilling } from "../../../search/planning/space-filling.ts";
import { checkSettings } from "../../../search/settings.ts";
import type { PlanExperimentsOptions } from "../contract.ts";

/** The planner of one batch, and why it is not the one that was to be expected. */
export interface PlannerChoice {
  readonly planner: PlannerSpec;
  readonly settings: PlanExperimentsOptions["settings"];
  /** For reasons: why the batch fills the space instead of learning; null when it learns or was asked not to. */
  readonly start: string | null;
  readonly warnings: readonly string[];
}

/**
 * The named planner, or by default the first that learns and can do the problem; where none can, designs
 * fill the space and a warning says so. Before a planner has the measurements it needs, designs fill the space, too.
 * @param completed measurements with a wanted outcome
 * @throws InputError for an unknown name
 */
export function choosePlanner(
  problem: ExperimentProblem,
  completed: number,
  { planner: name, settings }: Pick<PlanExperimentsOptions, "planner" | "settings">,
): PlannerChoice {
  const { planner, warnings } = name === undefined ? byDefault(problem) : byName(name);
  checkSettings(planner, settings);
  const { least } = planner.supports;
  if (completed >= least) return { planner, settings, start: null, warnings };
  if (name !== undefined) requireSupport(planner, problem);
  return {
    planner: spaceFilling,
    settings: undefined,
    start: `${planner.title} starts after ${countOf(least, "measurement")}, ${completed === 0 ? "none is" : completed === 1 ? "1 is" : `${completed} are`} there`,
    warnings,
  };
}

function byName(name: string): { planner: PlannerSpec; warnings: readonly string[] } {
  if (Object.hasOwn(planners, name)) {
    return { planner: planners[name as keyof typeof planners], warnings: [] };
  }
  const known = Object.keys(planners);
  throw new InputError(`There is no planner "${name}".`, {
    path: "planner",
    expected: known.join(", "),
    received: name,
    hint: suggest(name, known),
  });
}

function byDefault(problem: ExperimentProblem): {
  planner: PlannerSpec;
  warnings: readonly string[];
} {
  const refusals: string[] = [];
  for (const planner of Object.values<PlannerSpec>(planners)) {
    if (!planner.supports.learns) continue;
    try {
      requireSupport(planner, problem);
      const why = refusals.map((text) => `${planner.title} is used: ${text}`);
      return { planner, warnings: why };
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      refusals.push(error.message);
    }
  }
  const why = refusals.length === 0 ? "" : ` (${refusals.join(" ")})`;
  return {
    planner: spaceFilling,
    warnings: [
      `No planner that learns can do this problem${why}: designs fill the space, whatever was measured.`,
    ],
  };
}

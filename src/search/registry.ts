import type { StrategySpec } from "./contract.ts";
import { annealing } from "./strategies/annealing.ts";
import { covariance } from "./strategies/cma-es.ts";
import { descent } from "./strategies/descent.ts";
import { differential } from "./strategies/differential-evolution.ts";
import { grid } from "./strategies/grid.ts";
import { evolutionary } from "./strategies/nsga2.ts";
import { directions } from "./strategies/nsga3.ts";
import { sobol } from "./strategies/sobol.ts";
import { uniform } from "./strategies/uniform.ts";

/** Every way to search, by name. A new one is a file in `strategies/` and a line here. */
export const strategies = {
  annealing,
  covariance,
  descent,
  differential,
  directions,
  evolutionary,
  grid,
  sobol,
  uniform,
} as const satisfies Record<string, StrategySpec>;

export type StrategyName = keyof typeof strategies;

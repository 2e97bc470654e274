import { bayesian } from "./bayesian/bayesian.ts";
import type { PlannerSpec } from "./contract.ts";
import { random } from "./random.ts";
import { spaceFilling } from "./space-filling.ts";

/** Every way to choose the next experiments, by name. A new one is a file in this folder and a line here. */
export const planners = {
  random,
  "space-filling": spaceFilling,
  bayesian,
} as const satisfies Record<string, PlannerSpec>;

export type PlannerName = keyof typeof planners;

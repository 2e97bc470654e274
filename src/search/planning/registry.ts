import { boundaryLearning } from "./active/boundary-learning.ts";
import { expectedErrorReduction } from "./active/expected-error-reduction.ts";
import { expectedModelChange } from "./active/expected-model-change.ts";
import { noveltySearch } from "./active/novelty-search.ts";
import { queryByCommittee } from "./active/query-by-committee.ts";
import { uncertaintySampling } from "./active/uncertainty-sampling.ts";
import { bayesian } from "./bayesian/bayesian.ts";
import type { PlannerSpec } from "./contract.ts";
import { random } from "./random.ts";
import { spaceFilling } from "./space-filling.ts";

/** Every way to choose the next experiments, by name. A new one is a file in this folder and a line here. */
export const planners = {
  random,
  "space-filling": spaceFilling,
  bayesian,
  "uncertainty-sampling": uncertaintySampling,
  "query-by-committee": queryByCommittee,
  "expected-model-change": expectedModelChange,
  "expected-error-reduction": expectedErrorReduction,
  "boundary-learning": boundaryLearning,
  novelty: noveltySearch,
} as const satisfies Record<string, PlannerSpec>;

export type PlannerName = keyof typeof planners;

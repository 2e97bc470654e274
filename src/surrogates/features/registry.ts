import type { FeatureStepSpec } from "./contract.ts";
import { expressionColumns } from "./expression-columns.ts";
import { impute } from "./impute.ts";
import { pca } from "./pca.ts";
import { polynomial } from "./polynomial.ts";
import { select } from "./select.ts";
import { standardiseColumns } from "./standardise-columns.ts";

/** All steps of a feature pipeline by name; a new one is its file and one line here. */
export const featureSteps = {
  standardise: standardiseColumns,
  impute,
  select,
  pca,
  polynomial,
  expressions: expressionColumns,
} as const satisfies Record<string, FeatureStepSpec>;

export type FeatureStepName = keyof typeof featureSteps;

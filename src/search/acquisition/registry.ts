import type { AcquisitionSpec } from "./contract.ts";
import { expectedHypervolume } from "./hypervolume/ehvi.ts";
import { noisyExpectedHypervolume } from "./hypervolume/noisy-ehvi.ts";
import { parego } from "./hypervolume/parego.ts";
import { knowledgeGradient } from "./knowledge-gradient/knowledge-gradient.ts";
import { logEi } from "./log-ei.ts";
import { maxValueEntropy } from "./max-value-entropy.ts";
import { noisyEi } from "./noisy-ei.ts";
import { posteriorVariance } from "./posterior-variance.ts";
import { probabilityOfImprovement } from "./probability-of-improvement.ts";
import { qLogEi } from "./q-log-ei.ts";
import { thompson } from "./thompson.ts";
import { upperConfidenceBound } from "./upper-confidence-bound.ts";

/**
 * Every acquisition function, by name; the first that takes the objectives of a problem is its default. A new one
 * is a file in this folder and a line here.
 */
export const acquisitions = {
  "log-ei": logEi,
  "noisy-ei": noisyEi,
  "q-log-ei": qLogEi,
  ucb: upperConfidenceBound,
  pi: probabilityOfImprovement,
  thompson,
  "knowledge-gradient": knowledgeGradient,
  "max-value-entropy": maxValueEntropy,
  "posterior-variance": posteriorVariance,
  "noisy-ehvi": noisyExpectedHypervolume,
  ehvi: expectedHypervolume,
  parego,
} as const satisfies Record<string, AcquisitionSpec>;

export type AcquisitionName = keyof typeof acquisitions;

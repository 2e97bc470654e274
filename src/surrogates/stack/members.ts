import type { JsonValue, SurrogateSpec } from "../contract.ts";
import { gradientBoosting } from "../boosting/gradient-boosting.ts";
import { extraTrees } from "../extra-trees/extra-trees.ts";
import { randomForest } from "../forest/random-forest.ts";
import { gaussianProcess } from "../gaussian-process/gaussian-process.ts";
import { kNearest } from "../k-nearest/k-nearest.ts";
import { linear } from "../linear/linear.ts";
import { deepEnsemble } from "../mlp/deep-ensemble.ts";
import { mlp } from "../mlp/mlp.ts";
import { lasso } from "../lasso/lasso.ts";
import { supportVectorMachine } from "../support-vector-machine/support-vector-machine.ts";
import { quantileForest } from "../quantile-forest/quantile-forest.ts";

/** Families that can be members. */
export const memberFamilies = {
  "random-forest": randomForest,
  "extra-trees": extraTrees,
  "quantile-forest": quantileForest,
  "gradient-boosting": gradientBoosting,
  "gaussian-process": gaussianProcess,
  "support-vector-machine": supportVectorMachine,
  "k-nearest": kNearest,
  lasso,
  linear,
  mlp,
  "deep-ensemble": deepEnsemble,
} as const satisfies Record<string, SurrogateSpec>;

/** One member: a family and its options. */
export interface StackMember {
  readonly family: keyof typeof memberFamilies;
  readonly options?: Readonly<Record<string, JsonValue>>;
}

import type { SurrogateSpec } from "./contract.ts";
import { deepEnsemble } from "./mlp/deep-ensemble.ts";
import { mcDropout } from "./mlp/mc-dropout.ts";
import { mlp } from "./mlp/mlp.ts";
import { gradientBoosting } from "./boosting/gradient-boosting.ts";
import { dummy } from "./dummy/dummy.ts";
import { extraTrees } from "./extra-trees/extra-trees.ts";
import { randomForest } from "./forest/random-forest.ts";
import { gaussianProcess } from "./gaussian-process/gaussian-process.ts";
import { sparseGaussianProcess } from "./gaussian-process/sparse-gaussian-process.ts";
import { kNearest } from "./k-nearest/k-nearest.ts";
import { lasso } from "./lasso/lasso.ts";
import { linear } from "./linear/linear.ts";
import { quantileForest } from "./quantile-forest/quantile-forest.ts";
import { stack } from "./stack/stack.ts";
import { logisticRegression } from "./linear/logistic-regression.ts";
import { ridgeRegression } from "./linear/ridge-regression.ts";
import { supportVectorMachine } from "./support-vector-machine/support-vector-machine.ts";

/** All families of surrogates by name; a new one is its file and one line here. */
export const surrogates = {
  "random-forest": randomForest,
  "extra-trees": extraTrees,
  "quantile-forest": quantileForest,
  "gradient-boosting": gradientBoosting,
  stack,
  "gaussian-process": gaussianProcess,
  "sparse-gaussian-process": sparseGaussianProcess,
  "support-vector-machine": supportVectorMachine,
  "k-nearest": kNearest,
  ridge: ridgeRegression,
  lasso,
  logistic: logisticRegression,
  linear,
  mlp,
  "mc-dropout": mcDropout,
  "deep-ensemble": deepEnsemble,
  dummy,
} as const satisfies Record<string, SurrogateSpec>;

export type SurrogateName = keyof typeof surrogates;

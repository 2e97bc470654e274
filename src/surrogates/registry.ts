import type { SurrogateSpec } from "./contract.ts";
import { deepEnsemble } from "./mlp/deep-ensemble.ts";
import { mlp } from "./mlp/mlp.ts";
import { dummy } from "./dummy/dummy.ts";
import { randomForest } from "./forest/random-forest.ts";
import { gaussianProcess } from "./gaussian-process/gaussian-process.ts";
import { linear } from "./linear/linear.ts";

/** All families of surrogates by name; a new one is its file and one line here. */
export const surrogates = {
  "random-forest": randomForest,
  "gaussian-process": gaussianProcess,
  linear,
  mlp,
  "deep-ensemble": deepEnsemble,
  dummy,
} as const satisfies Record<string, SurrogateSpec>;

export type SurrogateName = keyof typeof surrogates;

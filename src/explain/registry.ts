import type { ExplainerSpec } from "./contract.ts";
import { exactShap } from "./exact-shap.ts";
import { kernelShap } from "./kernel/kernel-shap.ts";
import { lime } from "./lime/lime.ts";
import { linearShap, linearShapCorrelated } from "./linear-shap.ts";
import { lrp } from "./lrp/lrp.ts";
import { permutationShap } from "./permutation-shap.ts";
import { treeShapInterventional } from "./tree/interventional.ts";
import { treeShap } from "./tree/path-dependent.ts";

/** All explainers of single predictions by name; a new one is its file and one line here. */
export const explainers = {
  "tree-shap": treeShap,
  "tree-shap-interventional": treeShapInterventional,
  "linear-shap": linearShap,
  "linear-shap-correlated": linearShapCorrelated,
  "exact-shap": exactShap,
  "kernel-shap": kernelShap,
  "permutation-shap": permutationShap,
  lime,
  lrp,
} as const satisfies Record<string, ExplainerSpec>;

export type ExplainerName = keyof typeof explainers;

import { InputError } from "../../core/errors.ts";
import type { Task } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import type { TreeSettings } from "./tree.ts";

/** Options of `random-forest`; plain JSON. */
export interface ForestOptions {
  /** Number of trees. */
  readonly trees: number;
  /**
   * Inputs tried at each split: their number, `sqrt` or `third` of all, `all`, or `auto`: `sqrt` for
   * classes and `third` for numbers (Breiman's choices).
   */
  readonly maxFeatures: number | "auto" | "sqrt" | "third" | "all";
  /** Least number of different training rows in a leaf. */
  readonly minLeaf: number;
  /** Most splits between root and leaf; null = as deep as the data goes. */
  readonly maxDepth: number | null;
  /** Grow every tree on a bootstrap sample; without it on all rows (no out-of-bag estimates then). */
  readonly bootstrap: boolean;
}

export const forestDefaults: ForestOptions = {
  trees: 500,
  maxFeatures: "auto",
  minLeaf: 1,
  maxDepth: null,
  bootstrap: true,
};

/** What the options mean for this many inputs. @throws InputError for a value out of range. */
export function treeSettings(
  options: ForestOptions,
  inputs: number,
  task: Task,
  name = "random-forest",
): TreeSettings {
  const { trees, minLeaf, maxDepth, maxFeatures, bootstrap } = options;
  checkNumberOption(name, "trees", trees, { min: 2, max: 100_000, integer: true });
  checkNumberOption(name, "minLeaf", minLeaf, { min: 1, integer: true });
  if (maxDepth !== null) checkNumberOption(name, "maxDepth", maxDepth, { min: 1, integer: true });
  if (typeof bootstrap !== "boolean") {
    throw new InputError(
      `${name}: expected bootstrap to be true or false, got ${String(bootstrap)}.`,
      {
        path: "bootstrap",
      },
    );
  }
  return {
    maxFeatures: countFeatures(maxFeatures, inputs, task, name),
    minLeaf,
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
  };
}

function countFeatures(
  rule: ForestOptions["maxFeatures"],
  inputs: number,
  task: Task,
  name: string,
): number {
  if (typeof rule === "number") {
    checkNumberOption(name, "maxFeatures", rule, { min: 1, max: inputs, integer: true });
    return rule;
  }
  switch (rule) {
    case "auto":
      return countFeatures(task.kind === "regression" ? "third" : "sqrt", inputs, task, name);
    case "sqrt":
      return Math.max(1, Math.floor(Math.sqrt(inputs)));
    case "third":
      return Math.max(1, Math.floor(inputs / 3));
    case "all":
      return inputs;
    default:
      throw new InputError(
        `${name}: expected maxFeatures to be a number, auto, sqrt, third or all, got ${String(rule)}.`,
        { path: "maxFeatures", received: String(rule) },
      );
  }
}

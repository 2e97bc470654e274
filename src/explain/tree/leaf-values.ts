import type { ExplainedModel } from "../contract.ts";
import type { TreePaths } from "./tree-paths.ts";

/** What each node's leaf adds to the explained output, in its unit; 0 inside. */
export function leafValues(
  { leaf }: Pick<TreePaths, "leaf">,
  { ensemble, output }: NonNullable<ExplainedModel["trees"]>,
): Float64Array {
  return Float64Array.from(leaf, (l) =>
    l < 0 ? 0 : ensemble.scale * ensemble.leafValue[l * ensemble.outputs + output],
  );
}

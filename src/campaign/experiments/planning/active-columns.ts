import type { SearchSpace } from "../../../space/contract.ts";

/** Whether a design has the parameter of each column; only conditional parameters may be missing. */
export function activeColumns(space: SearchSpace, row: ArrayLike<number>): boolean[] {
  const isConditional = space.parameters.some((one) => "when" in one && one.when !== undefined);
  if (!isConditional) return space.columns.map(() => true);
  const design = space.decode(row);
  return space.columns.map(({ parameter }) => parameter in design);
}

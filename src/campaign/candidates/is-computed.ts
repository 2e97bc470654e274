import type { TargetSummary } from "../contract.ts";

/** Whether a property follows from a rule or a formula, rather than from a model that was learned. */
export const isComputed = ({ model }: Pick<TargetSummary, "model">): boolean =>
  model === "physics" || model === "formula";

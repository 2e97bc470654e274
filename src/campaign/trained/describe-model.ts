import type { Surrogate } from "../../surrogates/contract.ts";
import type { TrainedModel } from "./trained-model.ts";

/** Everything a model says of itself, as plain JSON. */
export interface ModelDescription extends Omit<TrainedModel, "surrogate" | "validity"> {
  /** What was fitted. */
  readonly summary: Surrogate["summary"];
}

/** A trained model without its numbers. */
export function describeModel(model: TrainedModel): ModelDescription {
  const { surrogate, validity: _, ...document } = model;
  return { ...document, summary: surrogate.summary };
}

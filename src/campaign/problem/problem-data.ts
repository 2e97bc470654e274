import { defaultDomain } from "../../domains/registry.ts";
import type { Dataset } from "../dataset.ts";
import { prepareData, prepareExperiments, type PreparedData } from "../learning/prepared-data.ts";
import type { Problem } from "./problem.ts";
import { elementsOf } from "../models/space-rows.ts";

/** The data after the audit, as its domain reads them. */
export function preparedData(
  { domain, space }: Pick<Problem, "domain" | "space">,
  dataset: Dataset,
): PreparedData {
  return domain.name === defaultDomain
    ? prepareExperiments(dataset, elementsOf(space))
    : prepareData(dataset);
}

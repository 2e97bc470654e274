import type { Inversion } from "../../campaign/invert.ts";
import { csvText, unitSuffix } from "../csv.ts";

/**
 * The designs of a posterior as CSV, each once: share of the probability, family (1 is the first; empty for families too
 * small to be listed), values of all columns that vary, and predictions with standard deviations. Fractions are
 * between 0 and 1; empty: the design does not have the parameter.
 */
export function samplesCsv({ result, sample }: Inversion): string {
  const head = [
    "probability",
    "family",
    ...sample.columns.map(
      ({ label, unit, words }) => label + (words === null ? unitSuffix(unit) : ""),
    ),
    ...result.problem.targets.flatMap(({ property, unit, kind, classes }) => {
      const name = kind === "class" ? `P(${property} is ${classes.join(" or ")})` : property;
      const own = kind === "class" ? "" : unitSuffix(unit);
      return [`${name}${own}`, `${name} std${own}`];
    }),
  ];
  const rows = sample.designs.map(({ weight, family, values, predictions }) => [
    weight,
    family === null ? "" : family + 1,
    ...values.map((value) => value ?? ""),
    ...predictions.flatMap(({ mean, std }) => [mean, std]),
  ]);
  return csvText([head, ...rows]);
}

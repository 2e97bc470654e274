import type { PredictionResult } from "../campaign/trained/predict-designs.ts";
import { csvText, unitSuffix } from "./csv.ts";

/**
 * Predictions as CSV (see `csvText`): one row each with formula, row of the table, settings, mean, both
 * standard deviations and the 90 % interval, or the class with its probabilities, and the verdict with
 * its reasons. The columns for mean and formula can be read as data again.
 */
export function predictionsCsv(result: PredictionResult): string {
  const { property, unit, classes, processUnits, predictions } = result;
  const settings = Object.keys(predictions[0]?.process ?? {});
  const suffix = unitSuffix(unit);
  const isNumber = classes.length === 0;
  const head = [
    "formula",
    "row",
    ...settings.map((name) => `${name}${unitSuffix(processUnits[name])}`),
    ...(isNumber
      ? [
          `${property}${suffix}`,
          `epistemic std${suffix}`,
          `aleatoric std${suffix}`,
          `5 % quantile${suffix}`,
          `95 % quantile${suffix}`,
        ]
      : [property, ...classes.map((name) => `P(${name})`), "epistemic std"]),
    "validity",
    "reasons",
  ];
  const rows = predictions.map((one): (string | number)[] => [
    one.formula,
    one.row ?? "",
    ...settings.map((name) => one.process[name] ?? ""),
    ...(isNumber
      ? [one.mean, one.epistemicStd, one.aleatoricStd, one.low ?? "", one.high ?? ""]
      : [
          one.predicted ?? "",
          ...classes.map((name) => one.probabilities[name] ?? 0),
          one.epistemicStd,
        ]),
    one.validity.verdict,
    one.validity.reasons.join("; "),
  ]);
  return csvText([head, ...rows]);
}

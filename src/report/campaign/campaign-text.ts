import type { ExperimentGoal } from "../../campaign/experiments/planning/experiment-goals.ts";
import { alloyFormula } from "../../materials/format-composition.ts";
import type { ParameterValue } from "../../space/contract.ts";
import { formatNumber, unitSuffix } from "../format.ts";
import { escapeHtml } from "../html.ts";

/** A value of a goal with its unit, as HTML; a class as wanted or not. */
export function valueText({ outcome, target }: ExperimentGoal, value: number): string {
  if (Number.isNaN(value)) return "–";
  if (target.kind === "class")
    return value > 0.5 ? escapeHtml(target.classes.join(" or ")) : "other";
  return escapeHtml(formatNumber(value) + unitSuffix(outcome.unit));
}

/** The value of a parameter without its unit, as text. */
export function parameterText(value: ParameterValue | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value);
  return typeof value === "string" ? value : alloyFormula(value);
}

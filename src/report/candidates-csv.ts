import type { DesignResult } from "../campaign/contract.ts";
import { csvText, unitSuffix } from "./csv.ts";
import { reportElements } from "./report-elements.ts";

/**
 * The candidates as CSV (see `csvText`): one row each with id, formula, atomic fractions, process values,
 * mean and standard deviations of every prediction (unit in the header), feasibility, distance to the
 * data and the reason.
 */
export function candidatesCsv(result: DesignResult): string {
  const { candidates } = result;
  const elements = reportElements(result, "candidates");
  const processes = distinct(candidates.flatMap((c) => Object.keys(c.design.process)));
  const properties = distinct(candidates.flatMap((c) => Object.keys(c.predictions)));
  const units = new Map<string, string>();
  for (const candidate of candidates) {
    for (const [name, { unit }] of Object.entries(candidate.predictions)) units.set(name, unit);
  }
  const head = [
    "id",
    "formula",
    ...elements.map((symbol) => `${symbol} [atomic fraction]`),
    ...processes.map((name) => `${name}${unitSuffix(result.problem.processUnits[name])}`),
    ...properties.flatMap((name) => {
      const suffix = unitSuffix(units.get(name));
      return ["mean", "epistemic std", "aleatoric std"].map((part) => `${name} ${part}${suffix}`);
    }),
    "feasible",
    "failed constraints",
    "distance",
    "extrapolation",
    "validity",
    "validity reasons",
    "pareto rank",
    "nearest measured",
    "nearest row",
    "reason",
  ];
  const rows = candidates.map((c): (string | number)[] => [
    c.id,
    c.design.formula,
    ...elements.map((symbol) => c.design.fractions[symbol] ?? 0),
    ...processes.map((name) => c.design.process[name] ?? ""),
    ...properties.flatMap((name): (string | number)[] => {
      const p = c.predictions[name];
      return p === undefined ? ["", "", ""] : [p.mean, p.epistemicStd, p.aleatoricStd];
    }),
    String(c.feasible),
    c.constraints
      .filter((check) => !check.satisfied)
      .map((check) => check.text)
      .join("; "),
    c.distance ?? "",
    String(c.extrapolation),
    c.validity?.verdict ?? "",
    c.validity?.reasons.join("; ") ?? "",
    c.paretoRank,
    c.nearest?.formula ?? "",
    c.nearest?.row ?? "",
    c.reason,
  ]);
  return csvText([head, ...rows]);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

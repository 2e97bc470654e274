import { countOf, formatNumber } from "../core/format.ts";
import type { Candidate, ModelCard, TargetSummary } from "./contract.ts";

/** What a user should know before acting on a result, most important first. */
export function warningsFor(
  candidates: readonly Candidate[],
  cards: readonly ModelCard[],
  targets: readonly TargetSummary[],
  asked: number,
): string[] {
  return [
    ...unreachable(candidates, targets),
    ...tooFew(candidates, asked),
    ...cards.flatMap(weakModel),
    ...farOut(candidates),
  ];
}

function unreachable(
  candidates: readonly Candidate[],
  targets: readonly TargetSummary[],
): string[] {
  if (candidates.length === 0 || candidates.some((candidate) => candidate.feasible)) return [];
  const missed = targets.flatMap((target) => {
    const checks = candidates.map((one) => one.constraints.find((c) => c.text === target.text));
    if (!checks.every((check) => check !== undefined && !check.satisfied)) return [];
    const values = checks.map((check) => check!.value!);
    const nearest = target.low !== null ? Math.max(...values) : Math.min(...values);
    return [`"${target.text}" (the nearest reaches ${formatNumber(nearest)})`];
  });
  return [
    `No design was found that meets every requirement${missed.length === 0 ? "" : `: ${missed.join(", ")}`}. ` +
      "The list shows the nearest ones; relax a requirement or widen the space.",
  ];
}

function tooFew(candidates: readonly Candidate[], asked: number): string[] {
  const feasible = candidates.filter((candidate) => candidate.feasible).length;
  if (feasible === 0 || feasible >= asked) return [];
  return [`Only ${countOf(feasible, "feasible design")} of ${asked} asked for could be found.`];
}

/** Compares a model's cross-validated score with its best baseline. */
function weakModel(card: ModelCard): string[] {
  const [metric, isHigherBetter] =
    card.task === "regression" ? (["rmse", false] as const) : (["rocAuc", true] as const);
  const own = card.metrics[metric]?.mean;
  const baselines = Object.entries(card.baseline).flatMap(([name, metrics]) =>
    metrics[metric] === undefined ? [] : [{ name, value: metrics[metric].mean }],
  );
  if (own === undefined || baselines.length === 0) return [];
  const beats = (value: number): boolean => (isHigherBetter ? own > value : own < value);
  const better = baselines.find(({ value }) => !beats(value));
  if (better === undefined) return [];
  return [
    `The model of ${card.property.replaceAll("_", " ")} is no better than the ${better.name} baseline ` +
      `(${metric} ${formatNumber(own)} against ${formatNumber(better.value)}): treat its predictions as guesses.`,
  ];
}

function farOut(candidates: readonly Candidate[]): string[] {
  const far = candidates.filter((candidate) => candidate.extrapolation).length;
  if (far === 0) return [];
  return [
    `${countOf(far, "candidate lies", "candidates lie")} beyond the data: the model extrapolates there, ` +
      "and its uncertainty may be larger than stated.",
  ];
}

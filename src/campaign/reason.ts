import { formatNumber, formatWithStd } from "../core/format.ts";
import type { MeasuredDesign, Neighbour, PredictedProperty, TargetSummary } from "./contract.ts";

/** What the sentence of one candidate is made from. */
export interface ReasonFacts {
  readonly paretoRank: number;
  readonly feasible: boolean;
  readonly predictions: Readonly<Record<string, PredictedProperty>>;
  readonly distance: number;
  readonly extrapolation: boolean;
  readonly nearest: Neighbour;
}

/**
 * Says in words why a candidate is on the list: its place, what it is best at, how it stands against
 * what has been measured, and how far it ventures.
 * @param list every candidate's predictions, to tell what this one is best at
 */
export function reasonFor(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  list: readonly ReasonFacts[],
  measured: readonly MeasuredDesign[],
): string {
  return [
    placeSentence(facts, targets, list),
    measuredSentence(facts, targets, measured),
    doubtSentence(facts, targets),
    noveltySentence(facts),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

const isObjective = (target: TargetSummary): boolean =>
  target.kind === "minimise" || target.kind === "maximise";

function placeSentence(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  list: readonly ReasonFacts[],
): string {
  if (!facts.feasible) return "Does not meet every requirement; listed as the nearest to doing so.";
  const bestAt = targets
    .filter((target) => isObjective(target) && isBest(facts, target, list))
    .map((target) => `${target.kind === "maximise" ? "highest" : "lowest"} ${target.title}`);
  const place =
    facts.paretoRank === 1
      ? "On the Pareto front: no other design found is better in every target"
      : `On front ${facts.paretoRank}, kept for variety`;
  return bestAt.length === 0 ? `${place}.` : `${place}; ${bestAt.join(" and ")} of the list.`;
}

function isBest(facts: ReasonFacts, target: TargetSummary, list: readonly ReasonFacts[]): boolean {
  const sign = target.kind === "maximise" ? -1 : 1;
  const own = sign * facts.predictions[target.property]!.mean;
  return list.every(
    (other) => !other.feasible || sign * other.predictions[target.property]!.mean >= own,
  );
}

/** Compares the first learned objective with measured alloys that are no worse in every other one. */
function measuredSentence(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  measured: readonly MeasuredDesign[],
): string {
  const objectives = targets.filter(isObjective);
  const lead = objectives.find((target) => target.model !== "physics") ?? objectives[0];
  if (lead === undefined) return "";
  const others = objectives.filter((target) => target !== lead);
  const prediction = facts.predictions[lead.property]!;
  const stated = `Predicted ${lead.title} ${withUnit(prediction)}`;
  const isNoWorse = (target: TargetSummary, value: number | null): boolean => {
    const own = facts.predictions[target.property]!.mean;
    return value !== null && (target.kind === "maximise" ? value >= own : value <= own);
  };
  const rivals = measured.filter(
    (design) =>
      design.values[lead.property] !== null &&
      others.every((target) => isNoWorse(target, design.values[target.property] ?? null)),
  );
  const sign = lead.kind === "maximise" ? -1 : 1;
  const best = rivals.reduce<MeasuredDesign | undefined>(
    (found, design) =>
      found === undefined ||
      sign * design.values[lead.property]! < sign * found.values[lead.property]!
        ? design
        : found,
    undefined,
  );
  const among = others.map((target) => `${target.title} no ${worse(target)}`).join(" and ");
  if (best === undefined) {
    return others.length === 0
      ? `${stated}.`
      : `${stated}; nothing measured in these elements has a ${among}.`;
  }
  const bestValue = best.values[lead.property]!;
  const comparison = sign * prediction.mean < sign * bestValue ? "better than" : "against";
  const where =
    among === "" ? "the best measured alloy" : `the best measured alloy with a ${among}`;
  return `${stated}, ${comparison} ${where} (${best.formula}, ${formatNumber(bestValue)} ${unitText(lead.unit)}).`;
}

const worse = (target: TargetSummary): string => (target.kind === "maximise" ? "lower" : "higher");

function doubtSentence(facts: ReasonFacts, targets: readonly TargetSummary[]): string {
  const learned = targets.find((target) => target.model !== "physics" && isObjective(target));
  if (learned === undefined) return "";
  const { epistemicStd, aleatoricStd } = facts.predictions[learned.property]!;
  if (epistemicStd > aleatoricStd) {
    return "Its uncertainty is mostly the model's ignorance, so measuring it would teach the model.";
  }
  return "";
}

function noveltySentence(facts: ReasonFacts): string {
  const share = formatNumber(100 * facts.distance, 2);
  const near = `${facts.nearest.formula} (${facts.nearest.difference})`;
  if (facts.distance < 1e-9) return `It has been measured already: row ${facts.nearest.row}.`;
  return facts.extrapolation
    ? `Beyond the data: ${share} % of the atoms differ from the nearest measured alloy, ${near}.`
    : `${share} % of the atoms differ from the nearest measured alloy, ${near}.`;
}

const unitText = (unit: string): string => (unit === "1" ? "" : unit);

function withUnit(prediction: PredictedProperty): string {
  const { epistemicStd, aleatoricStd } = prediction;
  const std = Math.sqrt(epistemicStd * epistemicStd + aleatoricStd * aleatoricStd);
  return `${formatWithStd(prediction.mean, std)} ${unitText(prediction.unit)}`.trim();
}

import { formatNumber, formatWithStd } from "../../core/format.ts";
import type { DesignNouns } from "../../domains/contract.ts";
import { isComputed } from "./is-computed.ts";
import type { ConstraintCheck } from "../../space/contract.ts";
import type { MeasuredDesign, Neighbour, PredictedProperty, TargetSummary } from "../contract.ts";

/** What the sentence of one candidate is made from. */
export interface ReasonFacts {
  readonly paretoRank: number;
  readonly feasible: boolean;
  readonly constraints: readonly ConstraintCheck[];
  readonly predictions: Readonly<Record<string, PredictedProperty>>;
  readonly distance: number | null;
  readonly extrapolation: boolean;
  readonly nearest: Neighbour | null;
}

/**
 * Says in words why a candidate is on the list: what it is best at, how it stands against what has been
 * measured, its place, and how far it ventures.
 * @param list every candidate's facts, to tell what this one is best at
 */
export function reasonFor(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  list: readonly ReasonFacts[],
  measured: readonly MeasuredDesign[],
  nouns: DesignNouns,
): string {
  return [
    meritSentence(facts, targets, list),
    predictionSentence(facts, targets, measured, nouns),
    facts.feasible ? rankSentence(facts.paretoRank, targets) : "",
    doubtSentence(facts, targets),
    noveltySentence(facts, nouns),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Whether a target is pushed as far as it goes, so that designs can be compared by it. */
const isExtreme = (target: TargetSummary): boolean =>
  target.kind === "minimise" || target.kind === "maximise";

const isObjective = (target: TargetSummary): boolean =>
  isExtreme(target) || target.kind === "match";

/** What it is best at, or what it misses. */
function meritSentence(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  list: readonly ReasonFacts[],
): string {
  if (!facts.feasible) {
    const missed = facts.constraints
      .filter((check) => !check.satisfied)
      .map(({ text }) => {
        const target = targets.find((one) => one.text === text);
        return target === undefined ? text : `${text} (predicted ${predictedText(facts, target)})`;
      });
    return `Misses ${missed.join(" and ")}; among the nearest to meeting every requirement.`;
  }
  if (targets.filter(isObjective).length < 2) return "";
  const bestAt = targets
    .filter((target) => isExtreme(target) && isBest(facts, target, list))
    .map((target) => `${target.kind === "maximise" ? "highest" : "lowest"} ${target.title}`);
  return bestAt.length === 0 ? "" : `${capitalised(bestAt.join(" and "))} of the list.`;
}

/** What the rank means, which depends on how many objectives it weighs. */
function rankSentence(rank: number, targets: readonly TargetSummary[]): string {
  const objectives = targets.filter(isObjective);
  if (objectives.length > 1) {
    return rank === 1
      ? "On the Pareto front: no design found is better in every objective."
      : `On front ${rank}, kept for variety.`;
  }
  const by =
    objectives[0] === undefined ? "the chance to meet every requirement" : objectives[0].title;
  return rank === 1 ? `First by ${by}.` : `Number ${rank} by ${by} of the designs kept.`;
}

function isBest(facts: ReasonFacts, target: TargetSummary, list: readonly ReasonFacts[]): boolean {
  const sign = target.kind === "maximise" ? -1 : 1;
  const own = sign * facts.predictions[target.property]!.mean;
  return list.every(
    (other) => !other.feasible || sign * other.predictions[target.property]!.mean >= own,
  );
}

/**
 * The prediction that matters most: the first learned objective, compared with measured alloys that are
 * no worse in every other one; without an objective, the first learned requirement.
 */
function predictionSentence(
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  measured: readonly MeasuredDesign[],
  { design, scope }: DesignNouns,
): string {
  const objectives = targets.filter(isExtreme);
  const wished = [objectives, targets.filter((target) => target.kind !== "class")];
  // What an infeasible design misses has been said with its prediction.
  if (!facts.feasible && objectives.length === 0) return "";
  const lead = wished
    .map((some) => some.find(isLearned) ?? some[0])
    .find((one) => one !== undefined);
  if (lead === undefined) return "";
  const prediction = facts.predictions[lead.property]!;
  const stated = `Predicted ${lead.title} ${predictedText(facts, lead)}`;
  // Without data there is nothing to compare with.
  if (isExtreme(lead) && facts.nearest === null) return `${stated}.`;
  if (!isExtreme(lead)) return `${stated}, asked for: ${lead.text}.`;

  const others = objectives.filter((target) => target !== lead);
  const best = bestMeasured(facts, lead, others, measured);
  const among = others.map((target) => `${target.title} no ${worse(target)}`).join(" and ");
  if (best === undefined) {
    return others.length === 0
      ? `${stated}; nothing measured ${scope} to compare with.`
      : `${stated}; nothing measured ${scope} has a ${among}.`;
  }
  const rival = `the best measured ${design}${among === "" ? "" : ` with a ${among}`}`;
  const value = [formatNumber(best.value), unitText(lead.unit)].filter(Boolean).join(" ");
  return `${stated}, ${comparison(prediction, lead, best.value)} ${rival} (${best.formula}, ${value}).`;
}

/** The best measured value of `lead` among alloys no worse than the candidate in every other objective. */
function bestMeasured(
  facts: ReasonFacts,
  lead: TargetSummary,
  others: readonly TargetSummary[],
  measured: readonly MeasuredDesign[],
): { readonly formula: string; readonly value: number } | undefined {
  const sign = lead.kind === "maximise" ? -1 : 1;
  const isNoWorse = (target: TargetSummary, value: number | null): boolean => {
    const own = facts.predictions[target.property]!.mean;
    return value !== null && (target.kind === "maximise" ? value >= own : value <= own);
  };
  let best: { formula: string; value: number } | undefined;
  for (const { formula, values } of measured) {
    const value = values[lead.property] ?? null;
    if (value === null) continue;
    if (!others.every((target) => isNoWorse(target, values[target.property] ?? null))) continue;
    if (best === undefined || sign * value < sign * best.value) best = { formula, value };
  }
  return best;
}

/** In words, with differences inside one standard deviation called what they are. */
function comparison(
  { mean, epistemicStd, aleatoricStd }: PredictedProperty,
  target: TargetSummary,
  value: number,
): string {
  const gain = target.kind === "maximise" ? mean - value : value - mean;
  if (Math.abs(gain) <= totalStd(epistemicStd, aleatoricStd)) {
    return "within its uncertainty of";
  }
  return gain > 0 ? "better than" : "short of";
}

const isLearned = (target: TargetSummary): boolean => !isComputed(target);

const worse = (target: TargetSummary): string => (target.kind === "maximise" ? "lower" : "higher");

function doubtSentence(facts: ReasonFacts, targets: readonly TargetSummary[]): string {
  const learned = targets.find((target) => isLearned(target) && isObjective(target));
  if (learned === undefined) return "";
  const { epistemicStd, aleatoricStd } = facts.predictions[learned.property]!;
  if (epistemicStd > aleatoricStd) {
    return "Its uncertainty is mostly the model's ignorance, so measuring it would teach the model.";
  }
  return "";
}

function noveltySentence(
  { distance, nearest, extrapolation }: ReasonFacts,
  nouns: DesignNouns,
): string {
  if (distance === null || nearest === null) return "";
  if (distance < 1e-9) return `${nouns.identity} is in the data already, in row ${nearest.row}.`;
  const percent = formatNumber(100 * distance, 2);
  const near = `the nearest measured ${nouns.design}, ${nearest.formula} (${nearest.difference})`;
  return `${extrapolation ? "Beyond the data: " : ""}${percent} % ${nouns.gap} ${near}.`;
}

const unitText = (unit: string): string => (unit === "1" ? "" : unit);

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const totalStd = (epistemic: number, aleatoric: number): number =>
  Math.sqrt(epistemic * epistemic + aleatoric * aleatoric);

/** A prediction with unit and uncertainty; a probability with what the model does not know of it. */
function predictedText(facts: ReasonFacts, target: TargetSummary): string {
  const { mean, epistemicStd, aleatoricStd } = facts.predictions[target.property]!;
  if (target.kind === "class") return formatWithStd(mean, epistemicStd);
  return `${formatWithStd(mean, totalStd(epistemicStd, aleatoricStd))} ${unitText(target.unit)}`.trim();
}

import { formatWithStd, percent as percentOf, shortNumber } from "../../../core/format.ts";
import { isObjective, lossOf, type BestSoFar } from "./best-so-far.ts";
import type { MeasuredNeighbour, Measurement, SuggestedOutcome, Suggestion } from "../contract.ts";
import type { ExperimentGoal } from "./experiment-goals.ts";
import { nameOf } from "../measurement-name.ts";
import { unitText } from "./nearest-measurement.ts";

/** What the sentence about one suggestion is made from. */
export interface SuggestionFacts extends Pick<
  Suggestion,
  | "predictions"
  | "feasibility"
  | "meets"
  | "expectedGain"
  | "explore"
  | "teaches"
  | "cost"
  | "nearest"
> {
  readonly goals: readonly ExperimentGoal[];
  readonly measurements: readonly Measurement[];
  /** Of the only objective; null where there are several, none, or nothing was measured. */
  readonly best: BestSoFar | null;
  /** What no measured design has, from `unmeasuredRegion`. */
  readonly unmeasured: string | null;
  /** Title of the planner. */
  readonly planner: string;
  /** Why nothing is believed yet; null where something is, or where the planner never learns. */
  readonly start: string | null;
  /** How it is rougher than the experiment that counts; null or absent where it is not. */
  readonly rough?: string | null;
  /** Of the cost; `1` without one. */
  readonly costUnit?: string;
}

/** Shares of the variance that a person would not notice are not told. */
const leastTaught = 0.005;
/** Chances above this are not worth a word. */
const sureChance = 0.95;

/**
 * Says in plain words why this design should be measured next: `Expected strength 812 ± 40 MPa, 35 above the
 * best so far (777, run 9). 70 % of the value is exploring: no measured design has temperature above 900 K.
 * Nearest: run 12 (temperature +50 K), strength 777 MPa.`
 */
export function reasonForSuggestion(facts: SuggestionFacts): string {
  const isBlind = Object.keys(facts.predictions).length === 0;
  return [
    ...(isBlind ? [blindSentence(facts)] : [expectation(facts), valueSentence(facts)]),
    roughness(facts),
    chances(facts),
    taught(facts),
    price(facts),
    neighbour(facts),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function blindSentence({ start, planner, unmeasured }: SuggestionFacts): string {
  const strange = unmeasured === null ? "" : `; ${unmeasured}`;
  if (start === null) return `${planner}, whatever was measured${strange}.`;
  return `Fills the space: ${start}${strange}.`;
}

function expectation(facts: SuggestionFacts): string {
  const { goals, predictions, best } = facts;
  const objectives = goals.filter(({ goal }) => isObjective(goal));
  if (objectives.length === 0) {
    const all = goals.map((goal) => predictedText(goal, predictions)).join(" and ");
    return `Meets ${goals.length === 1 ? `"${goals[0]!.target.text}"` : "every requirement"} with a chance of ${percent(facts.meets)}; expected ${all}.`;
  }
  const stated = objectives.map((goal) => predictedText(goal, predictions)).join(" and ");
  if (objectives.length > 1 || best === null) return `Expected ${stated}.`;
  return `Expected ${stated}, ${comparison(objectives[0]!, facts, best)}.`;
}

/** `35 above the best so far (777, run 9)`. */
function comparison(
  { goal, outcome }: ExperimentGoal,
  { predictions, measurements }: SuggestionFacts,
  best: BestSoFar,
): string {
  const { mean } = predictions[outcome.name]!;
  const run = nameOf(measurements, best.measurement);
  if (goal.kind === "match") {
    const off = shortNumber(lossOf(goal, mean), 3);
    return `${off} off the wanted ${shortNumber(goal.low!)}; the best so far is ${shortNumber(lossOf(goal, best.value), 3)} off (${run})`;
  }
  const difference = mean - best.value;
  const rival = `the best so far (${shortNumber(best.value)}, ${run})`;
  const size = shortNumber(Math.abs(difference), 2);
  if (size === "0") return `level with ${rival}`;
  return `${size} ${difference > 0 ? "above" : "below"} ${rival}`;
}

function valueSentence({ expectedGain, explore, unmeasured, goals }: SuggestionFacts): string {
  if (expectedGain === null || explore === null || !(expectedGain > 0)) {
    return unmeasured === null ? "" : `${capitalised(unmeasured)}.`;
  }
  const share = explore / expectedGain;
  if (share >= 0.5) {
    const why = unmeasured ?? "what it will give is uncertain";
    return `${percent(share)} of the value is exploring: ${why}.`;
  }
  const isSeveral = goals.filter(({ goal }) => isObjective(goal)).length > 1;
  const what = isSeveral
    ? "it looks as if it would join the front"
    : "it looks better than what was measured";
  return `${percent(1 - share)} of the value is exploiting: ${what}.`;
}

/** `A rougher measurement, mesh 1 instead of 4: it tells of the design without being a result.` */
const roughness = ({ rough = null }: SuggestionFacts): string =>
  rough === null
    ? ""
    : `A rougher measurement, ${rough}: it tells of the design without being a result.`;

function chances({ feasibility, meets, goals }: SuggestionFacts): string {
  const parts = [
    feasibility < sureChance ? `can be made with a chance of ${percent(feasibility)}` : "",
    meets < sureChance && goals.some(({ goal }) => isObjective(goal))
      ? `meets the requirements with a chance of ${percent(meets)}`
      : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `It ${parts.join(" and ")}.`;
}

function taught({ teaches }: SuggestionFacts): string {
  if (teaches === null || teaches < leastTaught) return "";
  return `Measuring it would remove ${percent(teaches)} of the model's ignorance over the space.`;
}

/** `It costs 35 EUR: an expected gain of 0.12 GPa per EUR.` */
function price({ cost, costUnit = "1", expectedGain, goals }: SuggestionFacts): string {
  if (cost === undefined) return "";
  const objectives = goals.filter(({ goal }) => isObjective(goal));
  const stated = `It costs ${shortNumber(cost)}${unitText(costUnit)}`;
  if (expectedGain === null || objectives.length !== 1) return `${stated}.`;
  const per = costUnit === "1" ? "per unit of cost" : `per ${costUnit}`;
  const gain = `${shortNumber(expectedGain / cost, 2)}${unitText(objectives[0]!.outcome.unit)}`;
  return `${stated}: an expected gain of ${gain} ${per}.`;
}

function neighbour({ nearest, goals, measurements }: SuggestionFacts): string {
  if (nearest === null) return "";
  const known = goals.flatMap((goal) => measuredText(goal, nearest));
  return `Nearest: ${nameOf(measurements, nearest.measurement)} (${nearest.difference})${known.length === 0 ? "" : `, ${known.join(", ")}`}.`;
}

function measuredText({ outcome }: ExperimentGoal, { outcomes }: MeasuredNeighbour): string[] {
  const value = outcomes[outcome.name];
  if (value === undefined || value === null) return [];
  if (typeof value === "string" || outcome.kind === "class") return [`${outcome.title} ${value}`];
  return [`${outcome.title} ${shortNumber(value)}${unitText(outcome.unit)}`];
}

/** `strength 812 ± 40 MPa`: what one measurement would give; a class with its probability. */
function predictedText(
  { outcome, target }: ExperimentGoal,
  predictions: SuggestionFacts["predictions"],
): string {
  const { mean, epistemicStd, aleatoricStd, unit } = predictions[outcome.name]!;
  if (target.kind === "class") {
    return `a chance of ${percent(mean)} for ${target.classes.join(" or ")}`;
  }
  return `${outcome.title} ${formatWithStd(mean, totalStd({ epistemicStd, aleatoricStd }))}${unitText(unit)}`;
}

/** Standard deviation of one measurement. */
export const totalStd = ({
  epistemicStd: a,
  aleatoricStd: b,
}: Pick<SuggestedOutcome, "epistemicStd" | "aleatoricStd">): number => Math.sqrt(a * a + b * b);

const percent = (share: number): string => percentOf(Math.min(1, Math.max(0, share)));

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

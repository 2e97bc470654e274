import { countOf, formatNumber } from "../../core/format.ts";
import type { Table } from "../../data/contract.ts";
import type { Candidate, ModelCard, TargetSummary } from "../contract.ts";

/** What the warnings look at. */
export interface WarningFacts {
  readonly candidates: readonly Candidate[];
  readonly cards: readonly ModelCard[];
  readonly targets: readonly TargetSummary[];
  /** How many candidates were asked for. */
  readonly asked: number;
  /** How many designs the space has. */
  readonly designs: bigint | "uncountable";
  /** SHA-256 of the problem's data; null without data. */
  readonly dataHash: string | null;
  /** How the data were read; null without data. */
  readonly table: Table | null;
}

/** What a user should know before acting on a result, most important first. */
export function warningsFor(facts: WarningFacts): string[] {
  return [
    ...unreachable(facts),
    ...tooFew(facts),
    ...modelWarnings(facts),
    ...facts.targets.flatMap(imported),
    ...farOut(facts.candidates),
    ...outside(facts.candidates),
    ...(facts.table === null ? [] : readingNotes(facts.table)),
  ];
}

/** What was taken for granted when a table was read. */
export const readingNotes = ({ source, notes = [] }: Table): string[] =>
  notes.map((note) => `${source}: ${note.replace(/\.?$/, ".")}`);

/** What a user should know of the models before acting on their predictions. */
export const modelWarnings = ({
  cards,
  dataHash,
}: Pick<WarningFacts, "cards" | "dataHash">): string[] => [
  ...cards.flatMap(weakModel),
  ...cards.flatMap((card) => otherData(card, dataHash)),
];

function unreachable({ candidates, targets }: WarningFacts): string[] {
  if (candidates.length === 0 || candidates.some((candidate) => candidate.feasible)) return [];
  const missed = targets.flatMap((target) => {
    const checks = candidates.flatMap((one) =>
      one.constraints.filter((c) => c.text === target.text),
    );
    if (checks.length === 0 || checks.some((check) => check.satisfied)) return [];
    const gaps = checks.map((check) => gapOf(check.value!, target));
    const nearest = checks[gaps.indexOf(Math.min(...gaps))]!.value!;
    const unit = target.unit === "1" ? "" : ` ${target.unit}`;
    const reached = `the nearest reaches ${formatNumber(nearest)}${unit}`;
    // A mean inside the limits is refused where a margin of standard deviations was asked for.
    return [
      `"${target.text}" (${reached}${Math.min(...gaps) > 0 ? "" : " without its margin of confidence"})`,
    ];
  });
  const which =
    missed.length > 0
      ? `: ${missed.join(", ")}`
      : ", though each is met by some of the list: they are not met together";
  return [
    `No design was found that meets every requirement${which}. ` +
      "The list shows the nearest ones; relax a requirement or widen the space.",
  ];
}

/** How far a value lies outside the limits of a target; 0 inside. */
const gapOf = (value: number, { low, high }: TargetSummary): number =>
  Math.max(0, low === null ? 0 : low - value, high === null ? 0 : value - high);

function tooFew({ candidates, asked, designs }: WarningFacts): string[] {
  if (candidates.length === 0) {
    return [
      "No new design was found: every one that was scored is in the data already. Raise the budget or widen the space.",
    ];
  }
  const feasible = candidates.filter((candidate) => candidate.feasible).length;
  if (feasible === 0 || feasible >= asked) return [];
  const why =
    designs !== "uncountable" && designs <= asked
      ? ` (the space has ${countOf(Number(designs), "design")}; those measured are left out)`
      : "";
  return [
    `Only ${countOf(feasible, "feasible design")} of ${asked} asked for could be found${why}.`,
  ];
}

/** Compares a model's cross-validated score with the baselines other than itself. */
function weakModel(card: ModelCard): string[] {
  const [metric, isHigherBetter] =
    card.task === "regression" ? (["rmse", false] as const) : (["rocAuc", true] as const);
  const own = card.metrics[metric]?.mean;
  const baselines = Object.entries(card.baseline).flatMap(([name, metrics]) =>
    metrics[metric] === undefined || name === card.surrogate
      ? []
      : [{ name, value: metrics[metric].mean }],
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

/** A model from a file that has learned from other data than the problem's. */
function otherData({ property, trainedOn }: ModelCard, dataHash: string | null): string[] {
  if (trainedOn === undefined || trainedOn.sha256 === dataHash) return [];
  return [
    `The model of ${property.replaceAll("_", " ")} has learned from other data (${trainedOn.name}): ` +
      "the measured designs shown beside its predictions may have been measured otherwise.",
  ];
}

/** A model of which only the file is known. */
function imported({ model, title }: TargetSummary): string[] {
  if (model !== "onnx") return [];
  return [
    `The model of ${title} comes from an ONNX file: its errors are not known here, nor where it may be trusted, ` +
      "and it tells no epistemic std.",
  ];
}

/** Candidates that a learned model calls outside, beyond those whose composition is far. */
function outside(candidates: readonly Candidate[]): string[] {
  const beyond = candidates.filter(
    (one) => one.validity?.verdict === "outside" && !one.extrapolation,
  );
  if (beyond.length === 0) return [];
  return [
    `${countOf(beyond.length, "candidate lies", "candidates lie")} outside the domain of validity of a model, ` +
      `though near measured compositions (${beyond[0]!.validity!.reasons[0]}).`,
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

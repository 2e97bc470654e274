import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import type {
  CampaignSummary,
  MeasuredSummary,
  PendingSummary,
  RoundSummary,
} from "../../campaign/experiments/summary/contract.ts";
import { countOf, formatWithStd, shortNumber } from "../../core/format.ts";
import { textTable, type TextColumn } from "../text-table.ts";
import { designColumns, fixedText, valueText, words } from "./design-cells.ts";

/** Measured designs that are shown for one objective; the front is shown as a whole. */
const mostShown = 5;

/** How a campaign stands, for people. */
export function statusText(summary: CampaignSummary, problem: OpenProblem): string {
  const { counts, rounds, pending, stopped, limits } = summary;
  const fixed = fixedText(problem);
  const sections = [
    [
      summary.name === summary.title ? summary.name : `${summary.name}: ${summary.title}`,
      `wanted: ${summary.targets.join("; ")}`,
      ...(fixed === "" ? [] : [`always: ${fixed}`]),
      `begun ${day(summary.created.at)} by ${summary.created.by}; ${countOf(counts.measurements, "measurement")}${countsText(summary)}; seed ${summary.seed}`,
      ...spentLines(summary),
      ...(stopped === null
        ? []
        : [
            `stopped ${day(stopped.at)} by ${stopped.by}${stopped.reason === null ? "" : `: ${stopped.reason}`}`,
          ]),
    ].join("\n"),
    limits.length === 0 ? "" : `Limits\n${limitTable(summary)}`,
    rounds.length === 0 ? "" : `Rounds\n${roundTable(rounds)}`,
    bestSection(summary, problem),
    pending.length === 0 ? "" : `To be measured\n${pendingTable(pending, problem)}`,
    summary.notes.length === 0
      ? ""
      : `Notes\n${summary.notes.map(({ at, by, about, text }) => `${day(at)} ${by}${about === null ? "" : `, ${about}`}: ${text}`).join("\n")}`,
    summary.warnings.map((text) => `Note: ${text}`).join("\n"),
    summary.advice.join("\n"),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

const limitTable = ({ limits }: CampaignSummary): string =>
  textTable(limits, [
    { title: "limit", text: (one) => one.limit },
    { title: "reached", text: (one) => (one.reached ? "yes" : "no") },
    { title: "where it stands", text: (one) => one.text },
  ]);

function spentLines({ spent }: CampaignSummary): string[] {
  if (spent === null) return [];
  const { amount, unit, unknown } = spent;
  const besides =
    unknown === 0 ? "" : `, without ${countOf(unknown, "measurement")} outside the space`;
  return [`spent ${shortNumber(amount)}${unit === "1" ? "" : ` ${unit}`}${besides}`];
}

/** A moment of the history in the time of this computer, to the minute. */
export function day(at: string): string {
  const local = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
  return `${date} ${two(local.getHours())}:${two(local.getMinutes())}`;
}

function countsText({ counts }: CampaignSummary): string {
  const parts = (["completed", "running", "failed", "infeasible", "abandoned"] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function roundTable(rounds: readonly RoundSummary[]): string {
  return textTable(rounds, [
    { title: "round", align: "right", text: (one) => String(one.round) },
    { title: "asked", text: (one) => day(one.at) },
    { title: "by", text: (one) => one.by },
    { title: "planner", text: (one) => one.planner },
    { title: "designs", align: "right", text: (one) => String(one.candidates) },
    { title: "measured", align: "right", text: (one) => String(one.completed) },
    { title: "failed", align: "right", text: (one) => String(one.failed) },
    { title: "open", align: "right", text: (one) => String(one.pending) },
    {
      title: "better found",
      text: (one) => (one.improved === null ? "" : one.improved ? "yes" : "no"),
    },
  ]);
}

function bestSection({ best, ranking }: CampaignSummary, problem: OpenProblem): string {
  if (best.length === 0) return "Best so far\nNothing was measured to the end yet.";
  const shown = ranking === "front" ? best : best.slice(0, mostShown);
  const isLimited = best.some(({ meets }) => !meets) || ranking === "meeting";
  const columns: TextColumn<MeasuredSummary>[] = [
    { title: "design", text: (one) => one.id },
    ...designColumns<MeasuredSummary>(problem, (one) => one.design),
    ...problem.outcomes.map(({ name, unit, kind }): TextColumn<MeasuredSummary> => ({
      title: `${words(name)}${unit === "1" ? "" : `, ${unit}`}`,
      ...(kind === "class" ? {} : { align: "right" as const }),
      text: ({ outcomes, noiseStd }) => {
        const value = outcomes[name];
        if (typeof value !== "number") return valueText(value);
        return noiseStd[name] === undefined
          ? shortNumber(value)
          : formatWithStd(value, noiseStd[name]);
      },
    })),
    ...(isLimited
      ? [
          {
            title: "meets limits",
            text: (one: MeasuredSummary) => (one.meets ? "yes" : "no"),
          },
        ]
      : []),
    ...(shown.some(({ outside }) => outside.length > 0)
      ? [
          {
            title: "in the space",
            text: ({ outside }: MeasuredSummary) => (outside.length === 0 ? "yes" : "no"),
          },
        ]
      : []),
  ];
  const title =
    ranking === "front"
      ? `Pareto front: ${countOf(best.length, "design")} that no other measured design beats in everything`
      : ranking === "best"
        ? "Best so far"
        : "Measured, those that meet the requirements first";
  return `${title}\n${textTable(shown, columns)}`;
}

function pendingTable(pending: readonly PendingSummary[], problem: OpenProblem): string {
  return textTable(pending, [
    { title: "design", text: (one) => one.id },
    ...designColumns<PendingSummary>(problem, (one) => one.design),
    { title: "status", text: (one) => one.status },
    { title: "still to be told", text: (one) => one.missing.map(words).join(", ") },
  ]);
}

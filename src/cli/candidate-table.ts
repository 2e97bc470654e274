import type { Candidate, DesignResult, TargetSummary } from "../campaign/contract.ts";
import {
  countOf,
  formatNumber,
  formatWithStd,
  settingDigits,
  shortNumber,
} from "../core/format.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** What a design run found, for the terminal: the ranked table and what to keep in mind. */
export function candidateTable(result: DesignResult): string {
  const { candidates, problem, space } = result;
  const feasible = candidates.filter((candidate) => candidate.feasible).length;
  const size =
    space.count === "uncountable"
      ? "a continuous space"
      : `${space.isUpperBound ? "at most " : ""}${grouped(space.count)} designs`;
  const hasData = result.data !== null;
  const columns: TextColumn<Candidate>[] = [
    { title: "#", align: "right", text: (one) => String(candidates.indexOf(one) + 1) },
    ...(problem.elements.length === 0
      ? []
      : [
          {
            title: problem.nouns.design === "alloy" ? "alloy (at%)" : "mixture",
            text: (one: Candidate) => compositionText(one, problem.nouns.design === "alloy"),
          },
        ]),
    ...[...new Set(candidates.flatMap((one) => Object.keys(one.design.process)))]
      .filter(
        (name) =>
          problem.elements.length === 0 ||
          new Set(candidates.map((one) => one.design.process[name])).size > 1,
      )
      .map((name): TextColumn<Candidate> => ({
        title: titleOf(name, problem.processUnits[name]),
        ...(name in problem.processUnits ? { align: "right" as const } : {}),
        text: (one) => processText(one.design.process[name]),
      })),
    ...problem.targets.map((target): TextColumn<Candidate> => ({
      title: heading(target),
      align: "right",
      text: (one) => predictionText(one, target),
    })),
    { title: "feasible", text: (one) => (one.feasible ? "yes" : "no") },
    ...(candidates.some((one) => one.validity !== null)
      ? [{ title: "validity", text: (one: Candidate) => one.validity?.verdict ?? "" }]
      : []),
    { title: "front", align: "right", text: (one) => String(one.paretoRank) },
    ...(hasData
      ? [
          {
            title: "new",
            align: "right" as const,
            text: (one: Candidate) =>
              one.distance === null
                ? ""
                : `${formatNumber(100 * one.distance, 2)} %${one.extrapolation ? " !" : "  "}`,
          },
        ]
      : []),
  ];
  const lines = [
    problem.name,
    `${countOf(candidates.length, "candidate")}, ${feasible} feasible, out of ${size}; seed ${result.seed}`,
    "",
    textTable(candidates, columns),
    ...(hasData
      ? [
          "",
          `new: ${problem.nouns.distance} from the nearest measured ${problem.nouns.design}; ! = beyond the data`,
        ]
      : []),
    ...(candidates.some((one) => one.validity !== null)
      ? [
          "validity: whether the models interpolate; edge and outside have their reasons in the report",
        ]
      : []),
  ];
  const first = candidates[0];
  if (first !== undefined) lines.push("", `Why #1: ${first.reason}`);
  for (const warning of result.warnings) lines.push("", `Note: ${warning}`);
  return lines.join("\n");
}

/** An alloy's formula, or the shares of its ingredients. */
function compositionText({ design }: Candidate, isAlloy: boolean): string {
  if (isAlloy) return design.formula;
  return Object.entries(design.fractions)
    .map(([name, share]) => `${name} ${String(Number(share.toPrecision(4)))}`)
    .join(", ");
}

const titleOf = (name: string, unit = "1"): string =>
  `${name.replaceAll("_", " ")}${unit === "1" ? "" : `, ${unit}`}`;

const processText = (value: number | string | undefined): string =>
  typeof value === "number" ? shortNumber(value, settingDigits(value)) : (value ?? "–");

const grouped = (digits: string): string => BigInt(digits).toLocaleString("en-US");

const heading = (target: TargetSummary): string =>
  target.kind === "class" ? `P(${target.title})` : titleOf(target.title, target.unit);

function predictionText(candidate: Candidate, target: TargetSummary): string {
  const prediction = candidate.predictions[target.property]!;
  const std = Math.hypot(prediction.epistemicStd, prediction.aleatoricStd);
  if (target.kind === "class") return formatWithStd(prediction.mean, prediction.epistemicStd);
  return formatWithStd(prediction.mean, std);
}

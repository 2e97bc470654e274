import type { TargetSummary } from "../campaign/contract.ts";
import type { InvertResult, PredictedDesign, SolutionFamily } from "../campaign/invert.ts";
import {
  countOf,
  formatNumber,
  formatWithStd,
  settingDigits,
  shortNumber,
} from "../core/format.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** What an inversion found, for the terminal: the verdict, the families of solutions, and how they vary. */
export function familyTable(result: InvertResult): string {
  const { modes, problem, posterior, nearest, sentences, warnings } = result;
  const varied = new Set(modes.flatMap(({ spread }) => spread.map(({ label }) => label)));
  const columns: TextColumn<SolutionFamily>[] = [
    { title: "#", align: "right", text: (one) => String(modes.indexOf(one) + 1) },
    { title: "share", align: "right", text: (one) => `${formatNumber(100 * one.weight, 2)} %` },
    ...(problem.elements.length === 0
      ? []
      : [
          {
            title: `most probable ${problem.nouns.design}${isAlloy(problem) ? " (at%)" : ""}`,
            text: ({ design }: SolutionFamily) => design.formula,
          },
        ]),
    ...settingsOf(problem, varied).map((name): TextColumn<SolutionFamily> => ({
      title: titleOf(name, problem.processUnits[name] ?? "1"),
      text: ({ design }) => processText(design.process[name]),
    })),
    ...problem.targets.map((target): TextColumn<SolutionFamily> => ({
      title: heading(target),
      align: "right",
      text: (one) => predictionText(one, target),
    })),
    {
      title: "open",
      align: "right",
      text: ({ open, directions }) => `${open} of ${directions}`,
    },
  ];
  const lines = [
    problem.name,
    `Verdict: ${result.verdict}. ${countOf(posterior.samples, "design")} of the posterior; seed ${result.seed}`,
    "",
    ...sentences,
  ];
  if (modes.length > 0) {
    lines.push(
      "",
      textTable(modes, columns),
      "",
      "share: of the probability; open: independent directions in which designs may still vary freely",
    );
  }
  modes.slice(0, mostDescribed).forEach((one, k) => {
    lines.push("", `#${k + 1} varies over (90 %): ${spreadText(one, problem)}`);
    const touchiest = one.sensitivity.toSorted((a, b) => b.gain - a.gain)[0];
    if (touchiest !== undefined && touchiest.gain > leastGain)
      lines.push(`   ${sensitivityText(touchiest, problem)}`);
  });
  lines.push(
    "",
    `Nearest design: ${designText(nearest, problem, varied)}: ${problem.targets
      .map((target) => `${heading(target)} ${predictionText(nearest, target)}`)
      .join("; ")}`,
  );
  for (const warning of warnings) lines.push("", `Note: ${warning}`);
  return lines.join("\n");
}

/** Smaller movements of designs with the targets are not mentioned: % of a range per % of the property's spread. */
const leastGain = 0.005;

/** Families whose spread is written out. */
const mostDescribed = 5;

const titleOf = (name: string, unit: string): string =>
  `${name.replaceAll("_", " ")}${unit === "1" ? "" : `, ${unit}`}`;

const heading = (target: TargetSummary): string =>
  target.kind === "class" ? `P(${target.title})` : titleOf(target.title, target.unit);

const processText = (value: number | string | undefined): string =>
  typeof value === "number" ? shortNumber(value, settingDigits(value)) : (value ?? "–");

/** What fractions are given in. */
const shareUnit = (problem: InvertResult["problem"]): string => (isAlloy(problem) ? "at%" : "%");

const isAlloy = ({ nouns }: InvertResult["problem"]): boolean => nouns.design === "alloy";

/** Settings that stand in columns of their own: where there are ingredients, a design's text has them already. */
const settingsOf = (
  problem: InvertResult["problem"],
  varied: ReadonlySet<string>,
): readonly string[] =>
  isAlloy(problem) || problem.elements.length === 0
    ? [...varied].filter((label) => !problem.elements.includes(label))
    : [];

function designText(
  { design }: PredictedDesign,
  problem: InvertResult["problem"],
  varied: ReadonlySet<string>,
): string {
  // The text of a design that is no alloy has its settings.
  const process = Object.entries(isAlloy(problem) ? design.process : {}).flatMap(([name, value]) =>
    varied.has(name) ? [processText(value)] : [],
  );
  return [design.formula, ...process].join(", ");
}

function predictionText({ predictions }: PredictedDesign, target: TargetSummary): string {
  const { mean, epistemicStd, aleatoricStd } = predictions[target.property]!;
  if (target.kind === "class") return formatWithStd(mean, epistemicStd);
  return formatWithStd(mean, Math.hypot(epistemicStd, aleatoricStd));
}

/** Fractions in per cent, numbers in their unit, words with their shares. */
function spreadText({ spread }: SolutionFamily, problem: InvertResult["problem"]): string {
  return spread
    .map(({ label, unit, low, high, shares, absent = 0 }) => {
      if (absent > 0.9995) return `${label} absent`;
      const missing = absent < 0.0005 ? "" : ` (absent in ${formatNumber(100 * absent, 2)} %)`;
      if (shares !== undefined) {
        const words = Object.entries(shares).toSorted((a, b) => b[1] - a[1]);
        return `${label} ${words.map(([word, share]) => `${word} ${formatNumber(100 * share, 2)} %`).join(" / ")}${missing}`;
      }
      const isElement = problem.elements.includes(label);
      const [from, to] = [low, high].map((end) => shortNumber(isElement ? 100 * end : end, 3));
      const unitText = isElement ? ` ${shareUnit(problem)}` : unit === "1" ? "" : ` ${unit}`;
      return `${label} ${from === to ? from : `${from}–${to}`}${unitText}${missing}`;
    })
    .join(", ");
}

function sensitivityText(
  { target, shift }: SolutionFamily["sensitivity"][number],
  problem: InvertResult["problem"],
): string {
  const { targets, elements, processUnits } = problem;
  const { unit = "1", title } = targets.find(({ text }) => text === target) ?? {};
  const step = unit === "1" ? "" : ` ${unit}`;
  const largest = Object.entries(shift)
    .filter(([, value]) => value !== 0)
    .toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .slice(0, 4)
    .map(([column, value]) => {
      const isElement = elements.includes(column);
      const unitText = isElement
        ? shareUnit(problem)
        : (processUnits[column] ?? "1").replace(/^1$/, "");
      const size = formatNumber(Math.abs(isElement ? 100 * value : value), 2);
      return `${column} ${value > 0 ? "+" : "−"}${size}${unitText === "" ? "" : ` ${unitText}`}`;
    });
  return `for each ${step === "" ? "unit" : `1${step}`} more of ${title ?? target}: ${largest.join(", ")}`;
}

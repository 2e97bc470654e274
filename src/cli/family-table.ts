import type { TargetSummary } from "../campaign/contract.ts";
import type { InvertResult, PredictedDesign, SolutionFamily } from "../campaign/invert.ts";
import { countOf, formatNumber, formatWithStd } from "../core/format.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** What an inversion found, for the terminal: the verdict, the families of solutions, and how they vary. */
export function familyTable(result: InvertResult): string {
  const { modes, problem, posterior, nearest, sentences, warnings } = result;
  const varied = new Set(modes.flatMap(({ spread }) => spread.map(({ label }) => label)));
  const columns: TextColumn<SolutionFamily>[] = [
    { title: "#", align: "right", text: (one) => String(modes.indexOf(one) + 1) },
    { title: "share", align: "right", text: (one) => `${formatNumber(100 * one.weight, 2)} %` },
    { title: "most probable alloy (at%)", text: ({ design }) => design.formula },
    ...Object.keys(nearest.design.process)
      .filter((name) => varied.has(name))
      .map((name): TextColumn<SolutionFamily> => ({
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
    lines.push("", `#${k + 1} varies over (90 %): ${spreadText(one, problem.elements)}`);
    const touchiest = one.sensitivity.toSorted((a, b) => b.gain - a.gain)[0];
    if (touchiest !== undefined) lines.push(`   ${sensitivityText(touchiest, problem)}`);
  });
  lines.push(
    "",
    `Nearest design: ${designText(nearest, varied)}: ${problem.targets
      .map((target) => `${heading(target)} ${predictionText(nearest, target)}`)
      .join("; ")}`,
  );
  for (const warning of warnings) lines.push("", `Note: ${warning}`);
  return lines.join("\n");
}

/** Families whose spread is written out. */
const mostDescribed = 5;

const titleOf = (name: string, unit: string): string =>
  `${name.replaceAll("_", " ")}${unit === "1" ? "" : `, ${unit}`}`;

const heading = (target: TargetSummary): string =>
  target.kind === "class" ? `P(${target.title})` : titleOf(target.title, target.unit);

const processText = (value: number | string | undefined): string =>
  typeof value === "number" ? formatNumber(value) : String(value);

function designText({ design }: PredictedDesign, varied: ReadonlySet<string>): string {
  const process = Object.entries(design.process).flatMap(([name, value]) =>
    varied.has(name) ? [processText(value)] : [],
  );
  return [design.formula, ...process].join(", ");
}

function predictionText({ predictions }: PredictedDesign, target: TargetSummary): string {
  const { mean, epistemicStd, aleatoricStd } = predictions[target.property]!;
  if (target.kind === "class") return formatWithStd(mean, epistemicStd);
  return formatWithStd(mean, Math.hypot(epistemicStd, aleatoricStd));
}

/** Fractions in at%, numbers in their unit, words with their shares. */
function spreadText({ spread }: SolutionFamily, elements: readonly string[]): string {
  return spread
    .map(({ label, unit, low, high, shares }) => {
      if (shares !== undefined) {
        const words = Object.entries(shares).toSorted((a, b) => b[1] - a[1]);
        return `${label} ${words.map(([word, share]) => `${word} ${formatNumber(100 * share, 2)} %`).join(" / ")}`;
      }
      const isElement = elements.includes(label);
      const [from, to] = [low, high].map((end) => formatNumber(isElement ? 100 * end : end, 3));
      const unitText = isElement ? " at%" : unit === "1" ? "" : ` ${unit}`;
      return `${label} ${from === to ? from : `${from}–${to}`}${unitText}`;
    })
    .join(", ");
}

function sensitivityText(
  { target, shift }: SolutionFamily["sensitivity"][number],
  { targets, elements }: InvertResult["problem"],
): string {
  const { unit = "1", title } = targets.find(({ text }) => text === target) ?? {};
  const step = unit === "1" ? "" : ` ${unit}`;
  const largest = Object.entries(shift)
    .toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .slice(0, 4)
    .map(([column, value]) => {
      const isElement = elements.includes(column);
      const size = formatNumber(Math.abs(isElement ? 100 * value : value), 2);
      return `${column} ${value > 0 ? "+" : "−"}${size}${isElement ? " at%" : ""}`;
    });
  return `for each ${step === "" ? "unit" : `1${step}`} more of ${title ?? target}: ${largest.join(", ")}`;
}

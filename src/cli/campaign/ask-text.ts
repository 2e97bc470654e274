import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import type { AskedCandidate, AskedEvent } from "../../campaign/experiments/history/events.ts";
import { countOf, formatWithStd, shortNumber } from "../../core/format.ts";
import { textTable, type TextColumn } from "../text-table.ts";
import { designColumns, fixedText, words } from "./design-cells.ts";

/** One round for people: the designs to make, what is expected of them, and why. */
export function askText(problem: OpenProblem, round: AskedEvent, name: string): string {
  const { candidates } = round;
  const first = candidates[0];
  return [
    `${name}: round ${round.round}, ${countOf(candidates.length, "design")} to make (${round.planner}; seed ${round.seed})`,
    ...candidateLines(problem, candidates),
    ...(first === undefined
      ? []
      : ["", `When measured: ystar campaign tell ${first.id} ${example(problem)}`]),
  ].join("\n");
}

/** Designs to make as a table, and below it the reason for each. */
export function candidateLines(
  problem: OpenProblem,
  candidates: readonly AskedCandidate[],
): string[] {
  const fixed = fixedText(problem);
  const first = candidates[0];
  const { cost } = problem;
  const predicted = problem.outcomes.filter(({ name }) => {
    return first !== undefined && Object.hasOwn(first.suggestion.predictions, name);
  });
  const columns: TextColumn<AskedCandidate>[] = [
    { title: "make", text: (one) => one.id },
    ...designColumns<AskedCandidate>(problem, (one) => one.suggestion.design),
    ...(cost === undefined || first?.suggestion.cost === undefined
      ? []
      : [
          {
            title: titled("cost", cost.unit),
            align: "right" as const,
            text: ({ suggestion }: AskedCandidate) => shortNumber(suggestion.cost!),
          },
        ]),
    ...predicted.map(({ name, unit, kind }): TextColumn<AskedCandidate> => ({
      title:
        kind === "class" ? `chance of ${words(name)}` : titled(`expected ${words(name)}`, unit),
      align: "right",
      text: ({ suggestion }) => {
        const { mean, epistemicStd, aleatoricStd } = suggestion.predictions[name]!;
        return formatWithStd(mean, Math.hypot(epistemicStd, aleatoricStd));
      },
    })),
  ];
  return [
    ...(fixed === "" ? [] : [`always: ${fixed}`]),
    "",
    textTable(candidates, columns),
    "",
    ...reasons(candidates),
  ];
}

/** One line each; a reason that all share is told once. */
function reasons(candidates: readonly AskedCandidate[]): string[] {
  const texts = candidates.map(({ suggestion }) => suggestion.reason);
  if (candidates.length > 1 && new Set(texts).size === 1) return [wrapped("Why:", texts[0]!)];
  return candidates.map(({ id }, i) => wrapped(id, texts[i]!));
}

/** A name and a text beside it, in lines that fit the terminal. */
function wrapped(name: string, text: string): string {
  const indent = " ".repeat(name.length + 2);
  const width = Math.min(process.stdout.columns ?? 100, 120) - indent.length;
  const lines: string[] = [];
  // A number stays on the line of its percent sign or uncertainty.
  for (const word of text.split(/ (?![%±])(?<!± )/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return `${name}  ${lines.join(`\n${indent}`)}`;
}

/** `strength=... colour=...` */
export const example = ({ problem }: OpenProblem): string =>
  problem.outcomes.map(({ name }) => `${name}=...`).join(" ");

const titled = (title: string, unit: string): string =>
  unit === "1" ? title : `${title}, ${unit}`;

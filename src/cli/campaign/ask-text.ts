import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import type { AskedCandidate, AskedEvent } from "../../campaign/experiments/history/events.ts";
import { countOf, formatWithStd } from "../../core/format.ts";
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
  const predicted = problem.outcomes.filter(({ name }) => {
    return first !== undefined && Object.hasOwn(first.suggestion.predictions, name);
  });
  const columns: TextColumn<AskedCandidate>[] = [
    { title: "make", text: (one) => one.id },
    ...designColumns<AskedCandidate>(problem, (one) => one.suggestion.design),
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
    ...candidates.map(({ id, suggestion }) => `${id}  ${suggestion.reason}`),
  ];
}

/** `strength=... colour=...` */
export const example = ({ problem }: OpenProblem): string =>
  problem.outcomes.map(({ name }) => `${name}=...`).join(" ");

const titled = (title: string, unit: string): string =>
  unit === "1" ? title : `${title}, ${unit}`;

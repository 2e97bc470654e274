import type { Acceleration, BacktestResult, Band } from "../campaign/backtest/contract.ts";
import { countOf, shortNumber } from "../core/format.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** What was replayed or simulated. */
export interface ReplayFacts {
  /** Of the table or problem. */
  readonly title: string;
  readonly targets: readonly string[];
  readonly inputs: readonly string[];
  readonly notes: readonly string[];
}

/** Rows of the printed course. */
const mostRows = 8;

/** A backtest for people: the course beside random designs, the factors, and what it means. */
export function backtestText(facts: ReplayFacts, result: BacktestResult): string {
  const { budget, batchSize, initial, seeds, planner, pool } = result;
  return [
    `${facts.title}: ${facts.targets.join("; ")}`,
    pool === null
      ? `simulated designs of ${facts.inputs.join(", ")}`
      : `${pool.designs} designs of ${facts.inputs.join(", ")}; ${pool.top} are ${pool.topTitle}`,
    `${countOf(budget, "experiment")} in batches of ${batchSize}, the first ${initial} at random for both; ${planner} against random designs, ${countOf(seeds, "repeat")}`,
    "",
    courseTable(result),
    "",
    factorTable(result.acceleration),
    "",
    result.sentence,
    ...[...facts.notes, ...result.warnings].flatMap((note) => ["", `Note: ${note}`]),
  ].join("\n");
}

/** Medians with quartiles after some numbers of experiments. */
function courseTable({ curves, initial, comparison }: BacktestResult): string {
  const steps = comparison.curve.length;
  const shown = shownSteps(initial, steps);
  const own = curves.planner;
  const blind = curves.random;
  const columns: TextColumn<number>[] = [
    { title: "experiments", align: "right", text: (n) => String(n) },
    ...bandColumns("top found, %", own.share, blind.share, 100),
    ...bandColumns("best", own.best, blind.best, 1),
    ...bandColumns("hypervolume, %", own.hypervolume, blind.hypervolume, 100),
  ];
  return textTable(shown, columns);
}

function bandColumns(
  title: string,
  own: Band | null,
  blind: Band | null,
  factor: number,
): TextColumn<number>[] {
  const column = (name: string, band: Band): TextColumn<number> => ({
    title: name,
    align: "right",
    text: (n) => {
      const [median, low, high] = [band.median, band.low, band.high].map((values) => {
        const value = values[n - 1];
        return value === null || value === undefined ? "-" : shortNumber(factor * value, 3);
      });
      return `${median} (${low} to ${high})`;
    },
  });
  if (own === null || blind === null) return [];
  return [column(title, own), column("random", blind)];
}

/** The start, some steps between, and the end. */
function shownSteps(initial: number, steps: number): number[] {
  const first = Math.min(initial, steps);
  const gap = Math.max(1, Math.ceil((steps - first) / mostRows));
  const shown = Array.from(
    { length: Math.floor((steps - first) / gap) + 1 },
    (_, k) => first + k * gap,
  );
  return shown.at(-1) === steps ? shown : [...shown, steps];
}

function factorTable(accelerations: readonly Acceleration[]): string {
  const number = (value: number | null): string => (value === null ? "-" : shortNumber(value, 3));
  return textTable(accelerations, [
    { title: "to reach", text: ({ level }) => level },
    { title: "experiments", align: "right", text: ({ planner }) => number(planner) },
    { title: "random", align: "right", text: ({ random }) => number(random) },
    { title: "times faster", align: "right", text: ({ factor }) => number(factor) },
  ]);
}

import { Command, Option } from "commander";
import { backtest } from "../../campaign/backtest/backtest.ts";
import { tablePool } from "../../campaign/backtest/table-pool.ts";
import type { JsonValue } from "../../surrogates/contract.ts";
import { backtestText } from "../backtest-text.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { countUpTo, jsonOption, list, seedOption, setting } from "../options.ts";
import { print, printJson } from "../output.ts";
import { explorationOption, plannerOption } from "../planner-options.ts";
import { withWork } from "../progress.ts";
import { targetsOption } from "../targets-option.ts";

interface Options {
  readonly targets: readonly string[];
  readonly inputs?: readonly string[];
  readonly planner?: string;
  readonly setting: Readonly<Record<string, string>>;
  readonly exploration?: number;
  readonly budget: number;
  readonly batch: number;
  readonly initial: number;
  readonly seeds: number;
  readonly replicates: "mean" | "draw";
  readonly column: ColumnTexts;
  readonly seed?: number;
  readonly json?: boolean;
}

const most = 10_000;

/** `ystar backtest`: what a planner would have saved on experiments that are done. */
export function backtestCommand(): Command {
  return new Command("backtest")
    .description("Replay a finished table of experiments with a planner against random designs")
    .argument("<table>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(targetsOption())
    .option("--inputs <list>", "columns that make a design (default: all but the targets)", list)
    .addOption(plannerOption())
    .option("--setting <name=value>", "of the planner; may be repeated", setting, {})
    .addOption(explorationOption())
    .option("--budget <n>", "experiments in all", countUpTo(most), 20)
    .option("--batch <n>", "experiments at a time", countUpTo(most), 1)
    .option("--initial <n>", "of them at random before the planner begins", countUpTo(most), 4)
    .option("--seeds <n>", "repeats", countUpTo(most), 20)
    .addOption(
      new Option("--replicates <how>", "what a design with several rows gives")
        .choices(["mean", "draw"])
        .default("mean"),
    )
    .addOption(columnOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The table needs every design that may be tried with what came of it; other outcomes than the targets are no inputs:
name the inputs where the table has any.

Example:
  $ ystar backtest crossed_barrel.csv --targets "toughness -> maximise" --seeds 50 --budget 20`,
    )
    .action(runBacktest);
}

async function runBacktest(source: string, options: Options): Promise<void> {
  const { targets, inputs, replicates, planner, exploration, budget, batch, initial } = options;
  const { table } = await loadWithColumns(source, options.column);
  const pool = await tablePool(table, {
    targets,
    replicates,
    ...(inputs === undefined ? {} : { inputs }),
  });
  const result = await withWork((work) =>
    backtest(pool, {
      budget,
      initial,
      batchSize: batch,
      seeds: options.seeds,
      seed: options.seed ?? 0,
      settings: settingsOf(options.setting),
      work,
      ...(planner === undefined ? {} : { planner }),
      ...(exploration === undefined ? {} : { exploration }),
    }),
  );
  const facts = {
    table: source,
    targets,
    inputs: pool.inputs,
    measurements: pool.measurements,
    notes: pool.notes,
  };
  if (options.json) printJson({ ...facts, ...result });
  else print(backtestText(facts, result));
}

/** Settings as JSON where they are, else as texts: `initial=4`, `acquisition=thompson`. */
function settingsOf(texts: Readonly<Record<string, string>>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]): [string, JsonValue] => {
      try {
        return [name, JSON.parse(text) as JsonValue];
      } catch {
        return [name, text];
      }
    }),
  );
}

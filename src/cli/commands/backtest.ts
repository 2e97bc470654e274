import { Command, Option } from "commander";
import { backtest } from "../../campaign/backtest/backtest.ts";
import { tablePool } from "../../campaign/backtest/table-pool.ts";
import { backtestText } from "../backtest-text.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { list } from "../options.ts";
import { print, printJson } from "../output.ts";
import { withWork } from "../progress.ts";
import { addReplayOptions, replayOptions, type ReplayArguments } from "../replay-options.ts";
import { targetsOption } from "../targets-option.ts";

interface Options extends ReplayArguments {
  readonly targets: readonly string[];
  readonly inputs?: readonly string[];
  readonly replicates: "mean" | "draw";
  readonly column: ColumnTexts;
  readonly json?: boolean;
}

/** `ystar backtest`: what a planner would have saved on experiments that are done. */
export function backtestCommand(): Command {
  const command = new Command("backtest")
    .description("Replay a finished table of experiments with a planner against random designs")
    .argument("<table>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(targetsOption())
    .option("--inputs <list>", "columns that make a design (default: all but the targets)", list)
    .addOption(
      new Option("--replicates <how>", "what a design with several rows gives")
        .choices(["mean", "draw"])
        .default("mean"),
    )
    .addOption(columnOption());
  return addReplayOptions(command)
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
  const { targets, inputs, replicates } = options;
  const { table } = await loadWithColumns(source, options.column);
  const pool = await tablePool(table, {
    targets,
    replicates,
    ...(inputs === undefined ? {} : { inputs }),
  });
  const result = await withWork((work) => backtest(pool, replayOptions(options, work)));
  const facts = {
    title: source,
    targets,
    inputs: pool.inputs,
    notes: pool.notes,
  };
  if (options.json) printJson({ ...facts, measurements: pool.measurements, ...result });
  else print(backtestText(facts, result));
}

import type { Command } from "commander";
import type { BacktestOptions } from "../campaign/backtest/contract.ts";
import type { Work } from "../core/work.ts";
import type { JsonValue } from "../surrogates/contract.ts";
import { countUpTo, jsonOption, seedOption, setting } from "./options.ts";
import { explorationOption, plannerOption } from "./planner-options.ts";

/** What commands that try a planner share. */
export interface ReplayArguments {
  readonly planner?: string;
  readonly setting: Readonly<Record<string, string>>;
  readonly exploration?: number;
  readonly budget: number;
  readonly batch: number;
  readonly initial: number;
  readonly seeds: number;
  readonly seed?: number;
}

const most = 10_000;

export function addReplayOptions(command: Command): Command {
  return command
    .addOption(plannerOption())
    .option("--setting <name=value>", "of the planner; may be repeated", setting, {})
    .addOption(explorationOption())
    .option("--budget <n>", "experiments in all", countUpTo(most), 20)
    .option("--batch <n>", "experiments at a time", countUpTo(most), 1)
    .option("--initial <n>", "of them at random before the planner begins", countUpTo(most), 4)
    .option("--seeds <n>", "repeats", countUpTo(most), 20)
    .addOption(seedOption())
    .addOption(jsonOption());
}

export function replayOptions(given: ReplayArguments, work: Work): BacktestOptions {
  const { planner, exploration, budget, initial, batch, seeds, seed } = given;
  return {
    budget,
    initial,
    batchSize: batch,
    seeds,
    seed: seed ?? 0,
    settings: settingsOf(given.setting),
    work,
    ...(planner === undefined ? {} : { planner }),
    ...(exploration === undefined ? {} : { exploration }),
  };
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

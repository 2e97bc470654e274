import type { Command } from "commander";
import type { BacktestOptions } from "../campaign/backtest/contract.ts";
import type { Work } from "../core/work.ts";
import type { JsonValue } from "../surrogates/contract.ts";
import { countUpTo, jsonOption, seedOption, jsonSetting } from "./options.ts";
import { explorationOption, plannerOption } from "./planner-options.ts";

/** What commands that try a planner share. */
export interface ReplayArguments {
  readonly planner?: string;
  readonly setting: Readonly<Record<string, JsonValue>>;
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
    .option("--setting <name=value>", "of the planner; may be repeated", jsonSetting, {})
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
    settings: given.setting,
    work,
    ...(planner === undefined ? {} : { planner }),
    ...(exploration === undefined ? {} : { exploration }),
  };
}

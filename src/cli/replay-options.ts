import type { Command } from "commander";
import type { BacktestOptions } from "../campaign/backtest/contract.ts";
import type { Work } from "../core/work.ts";
import { countUpTo, jsonOption, seedOption } from "./options.ts";
import { addPlannerOptions, plannerChoice, type PlannerArguments } from "./planner-options.ts";

/** What commands that try a planner share. */
export interface ReplayArguments extends PlannerArguments {
  readonly budget: number;
  readonly batch: number;
  readonly initial: number;
  readonly seeds: number;
  readonly seed?: number;
}

const most = 10_000;

export function addReplayOptions(command: Command): Command {
  return addPlannerOptions(command)
    .option("--budget <n>", "experiments in all", countUpTo(most), 20)
    .option("--batch <n>", "experiments at a time", countUpTo(most), 1)
    .option("--initial <n>", "of them at random before the planner begins", countUpTo(most), 4)
    .option("--seeds <n>", "repeats", countUpTo(most), 20)
    .addOption(seedOption())
    .addOption(jsonOption());
}

export function replayOptions(given: ReplayArguments, work: Work): BacktestOptions {
  const { budget, initial, batch, seeds, seed } = given;
  return {
    budget,
    initial,
    batchSize: batch,
    seeds,
    seed: seed ?? 0,
    work,
    ...plannerChoice(given),
  };
}

import { InvalidArgumentError, Option, type Command } from "commander";
import { planners } from "../search/planning/registry.ts";
import type { JsonValue } from "../surrogates/contract.ts";
import { jsonSetting, realNumber } from "./options.ts";

/** Settings by name. */
export type Settings = Readonly<Record<string, JsonValue>>;

/** `--set name=value`, of a planner or strategy; may be repeated. */
export const setOption = (what: "planner" | "strategy"): Option =>
  new Option(
    "--set <name=value>",
    `setting of the ${what}, see ystar methods; may be repeated`,
  ).argParser((text: string, known: Settings | undefined) => jsonSetting(text, known ?? {}));

/** What commands that plan experiments take. */
export interface PlannerArguments {
  readonly planner?: string;
  readonly set?: Settings;
  readonly exploration?: number;
}

export const addPlannerOptions = (command: Command): Command =>
  command.addOption(plannerOption()).addOption(setOption("planner")).addOption(explorationOption());

/** The arguments as the engine takes them. */
export const plannerChoice = ({ planner, set, exploration }: PlannerArguments) => ({
  ...(planner === undefined ? {} : { planner }),
  ...(set === undefined ? {} : { settings: set }),
  ...(exploration === undefined ? {} : { exploration }),
});

/** `--planner <name>`: how experiments are chosen. */
const plannerOption = (): Option =>
  new Option(
    "--planner <name>",
    "how designs are chosen (default: the problem's, else the first that learns)",
  ).choices(Object.keys(planners));

/** `--exploration <share>`: a number from 0 to 1. */
const explorationOption = (): Option =>
  new Option(
    "--exploration <share>",
    "0 = what looks best ... 1 = what teaches most (default: the problem's, else 0.5)",
  ).argParser((text) => {
    const share = realNumber(text);
    if (share >= 0 && share <= 1) return share;
    throw new InvalidArgumentError(`Expected a number from 0 to 1, got "${text}".`);
  });

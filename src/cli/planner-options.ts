import { InvalidArgumentError, Option } from "commander";
import { planners } from "../search/planning/registry.ts";
import { realNumber } from "./options.ts";

/** `--planner <name>`: how experiments are chosen. */
export const plannerOption = (): Option =>
  new Option("--planner <name>", "how designs are chosen (default: the first that learns)").choices(
    Object.keys(planners),
  );

/** `--exploration <share>`: a number from 0 to 1. */
export const explorationOption = (): Option =>
  new Option(
    "--exploration <share>",
    "0 = what looks best ... 1 = what teaches most (default: 0.5)",
  ).argParser((text) => {
    const share = realNumber(text);
    if (share >= 0 && share <= 1) return share;
    throw new InvalidArgumentError(`Expected a number from 0 to 1, got "${text}".`);
  });

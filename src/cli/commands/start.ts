import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { runDesign } from "./design.ts";

const example = fileURLToPath(
  new URL("../../../examples/light-refractory/problem.yaml", import.meta.url),
);

/** `ystar start`: the shipped example from the data to the served report. */
export function startCommand(): Command {
  return new Command("start")
    .description("Design the shipped example, print the table and serve its report on 127.0.0.1")
    .option("--once", "write the report and exit instead of serving it")
    .option("--out <folder>", "where the report is written", "out/light-refractory")
    .addHelpText(
      "after",
      `
Example:
  $ ystar start --once`,
    )
    .action((options: { once?: boolean; out: string }) =>
      runDesign(example, { out: options.out, serve: options.once !== true }),
    );
}

import { Command, Option } from "commander";
import { tuneModel } from "../../campaign/judging/tune-model.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import {
  tuningMethods,
  tuningMethodsFor,
  type TuningMethodName,
} from "../../surrogates/tune/methods.ts";
import { loadWithColumns } from "../column-option.ts";
import {
  addJudgingOptions,
  judgingOptions,
  targetOf,
  type JudgingArguments,
} from "../judging-options.ts";
import { countUpTo } from "../options.ts";
import { print, printJson } from "../output.ts";
import { withWork } from "../progress.ts";
import { tuningText } from "../validation-text.ts";

interface Options extends JudgingArguments {
  readonly model: SurrogateName;
  readonly method: TuningMethodName | "all";
  readonly budget: number;
  readonly innerFolds: number;
  readonly metric?: string;
}

const methods = Object.keys(tuningMethods) as TuningMethodName[];

/** `ystar tune`: the options that suit a family best, and what they are worth on unseen rows. */
export function tuneCommand(): Command {
  const command = new Command("tune")
    .description("Find good options of a family, judged on rows that no choice has seen")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(
      new Option("--model <name>", "family of models")
        .choices(Object.keys(surrogates))
        .default("random-forest"),
    )
    .addOption(
      new Option("--method <name>", "how to search; all compares them on the same budget")
        .choices([...methods, "all"])
        .default("gaussian-process"),
    )
    .option(
      "--budget <n>",
      "trials on all training rows, in each training part",
      countUpTo(10_000),
      20,
    )
    .option("--inner-folds <n>", "folds inside each training part", countUpTo(1000), 4)
    .option("--metric <name>", "what is improved (default: rmse, for classes brier)");
  return addJudgingOptions(command)
    .addHelpText(
      "after",
      `
Options are chosen inside each training part and judged outside of it, so that the score is not
flattered by the choice. The cost is about (folds + 1) x budget x inner folds fits for each method.

Example:
  $ ystar tune mpea --model gradient-boosting --group-by composition --budget 20`,
    )
    .action(async (source: string, options: Options) => {
      const dataset = await loadWithColumns(source, options.column);
      const target = targetOf(dataset, options.target);
      const result = await withWork((work) =>
        tuneModel(dataset, {
          ...judgingOptions(options, target, work),
          model: options.model,
          methods:
            options.method === "all"
              ? tuningMethodsFor(surrogates[options.model] as SurrogateSpec)
              : [options.method],
          budget: options.budget,
          innerFolds: options.innerFolds,
          ...(options.metric === undefined ? {} : { metric: options.metric }),
        }),
      );
      if (options.json) printJson(result);
      else print(tuningText(result));
    });
}

import { Option, type Command } from "commander";
import type { Dataset } from "../campaign/dataset.ts";
import type { JudgingOptions } from "../campaign/judging/judging-task.ts";
import { InputError } from "../core/errors.ts";
import type { Work } from "../core/work.ts";
import { columnsWithRole } from "../data/table.ts";
import { protocols, type Protocol } from "../surrogates/validate/protocol.ts";
import { columnOption, type ColumnTexts } from "./column-option.ts";
import { jsonOption, realNumber, seedOption, wholeNumber } from "./options.ts";
import { addRecipeOptions, recipeOf, type Recipe, type RecipeArguments } from "./recipe-options.ts";

/** What `validate` and `tune` share: the property, the inputs and how rows are held out. */
export interface JudgingArguments extends RecipeArguments {
  readonly target?: string;
  readonly protocol: Protocol;
  readonly groupBy: string;
  readonly time?: string;
  readonly clusters: number;
  readonly best: "maximise" | "minimise";
  readonly repeats: number;
  readonly folds: number;
  readonly test: number;
  readonly column: ColumnTexts;
  readonly seed?: number;
  readonly json?: boolean;
}

/** Adds the options of `JudgingArguments` to a command. */
export function addJudgingOptions(command: Command): Command {
  return addRecipeOptions(command)
    .option("--target <property>", "property to learn (a shipped set has a default)")
    .addOption(
      new Option("--protocol <name>", "how rows are split").choices(protocols).default("grouped"),
    )
    .option(
      "--group-by <what>",
      "what the grouped protocol keeps together: system, composition, or a column such as a source",
      "system",
    )
    .option("--time <column>", "column of years, numbers or dates for the chronological protocol")
    .option("--clusters <n>", "clusters of the cluster protocol", wholeNumber, 5)
    .addOption(
      new Option("--best <which>", "targets that the extrapolation protocol holds out")
        .choices(["maximise", "minimise"])
        .default("maximise"),
    )
    .option("--repeats <n>", "repetitions with other random splits", wholeNumber, 1)
    .option("--folds <n>", "folds of kfold, grouped and chronological", wholeNumber, 5)
    .option(
      "--test <share>",
      "share of the rows that holdout and extrapolation test",
      realNumber,
      0.2,
    )
    .addOption(columnOption())
    .addOption(seedOption())
    .addOption(jsonOption());
}

/** The arguments as the engine takes them. */
export function judgingOptions(
  options: JudgingArguments,
  target: string,
  work: Work,
): JudgingOptions & Recipe {
  const { protocol, groupBy, time, clusters, best, repeats, folds, test, seed = 0 } = options;
  return {
    target,
    protocol,
    groupBy,
    clusters,
    best,
    repeats,
    folds,
    testFraction: test,
    seed,
    work,
    ...recipeOf(options),
    ...(time === undefined ? {} : { time }),
  };
}

/**
 * The property to learn; `Yield Strength` and the header of its column name `yield_strength` too.
 * @throws InputError with those of the table when none is given
 */
export function targetOf(dataset: Dataset, given: string | undefined): string {
  const target = given ?? dataset.spec?.defaultTarget;
  const properties = columnsWithRole(dataset.table, "property");
  if (target === undefined) {
    throw new InputError("Say which property to learn.", {
      file: dataset.name,
      path: "--target",
      expected: `one of ${properties.map((column) => column.name).join(", ")}`,
    });
  }
  const plain = (text: string): string =>
    text
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, "_");
  if (properties.some(({ name }) => name === target)) return target;
  const named = properties.filter(({ name, header }) =>
    [name, header].some((one) => plain(one) === plain(target)),
  );
  // What is no name, or of several columns, is left to the error that suggests one.
  return named.length === 1 ? named[0]!.name : target;
}

import { type Command, Option } from "commander";
import type { PipelineStep } from "../surrogates/features/contract.ts";
import { list } from "./options.ts";
import { pipelineOption, settings, type ParsedSettings } from "./pipeline-option.ts";

/** How a model is made, in the words of every command that learns one. */
export interface RecipeArguments {
  readonly option?: ParsedSettings;
  /** Another spelling of the same. */
  readonly options?: ParsedSettings;
  readonly features?: string[];
  readonly process?: string[];
  readonly pipeline?: readonly PipelineStep[];
  readonly addColumn?: readonly string[];
}

/** Adds the options of `RecipeArguments` to a command. */
export function addRecipeOptions(command: Command): Command {
  return command
    .option(
      "--option <name=value>",
      "option of the family, such as trees=300 or hidden=[64,64]; may be repeated (see ystar models <family>)",
      settings,
    )
    .addOption(new Option("--options <list>").argParser(settings).hideHelp())
    .option("--features <list>", "feature sets, separated by commas", list)
    .option("--process <list>", "settings used as inputs, separated by commas", list)
    .addOption(pipelineOption())
    .option(
      "--add-column <formula>",
      'adds a column computed from others: "Al / (Ti + 0.01)"; may be repeated',
      (formula: string, known: readonly string[] | undefined) => [...(known ?? []), formula],
    );
}

/** The recipe as the engine takes it. */
export interface Recipe {
  readonly modelOptions: ParsedSettings;
  readonly pipeline: readonly PipelineStep[];
  readonly features?: readonly string[];
  readonly process?: readonly string[];
}

/** The arguments as a recipe; computed columns stand behind the step that fills missing values, if there is one. */
export function recipeOf({
  option,
  options,
  features,
  process,
  pipeline = [],
  addColumn,
}: RecipeArguments): Recipe {
  const after = pipeline.findIndex(({ step }) => step === "impute") + 1;
  const computed =
    addColumn === undefined ? [] : [{ step: "expressions", options: { formulas: addColumn } }];
  return {
    modelOptions: { ...options, ...option },
    pipeline: [...pipeline.slice(0, after), ...computed, ...pipeline.slice(after)],
    ...(features === undefined ? {} : { features }),
    ...(process === undefined ? {} : { process }),
  };
}

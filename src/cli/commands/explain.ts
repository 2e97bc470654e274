import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Dataset } from "../../campaign/dataset.ts";
import type { WantedChange } from "../../campaign/explain/design-counterfactual.ts";
import { explainDataset } from "../../campaign/explain/explain-dataset.ts";
import type { ChosenDesign } from "../../campaign/explain/explained-design.ts";
import type { ExplainedChoice } from "../../campaign/explain/explained-source.ts";
import type { DatasetExplanation } from "../../campaign/explain/explanation.ts";
import { InputError } from "../../core/errors.ts";
import { parseAlloy } from "../../domains/alloy/parse-alloy.ts";
import { explainers, type ExplainerName } from "../../explain/registry.ts";
import { renderExplanation } from "../../report/render-explanation.ts";
import { prepareFolder, writeResults } from "../../store/write-results.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { readModelFile } from "../../store/model-file.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { explanationText } from "../explanation-text.ts";
import { targetOf } from "../judging-options.ts";
import { jsonOption, list, seedOption, setting, wholeNumber } from "../options.ts";
import { print, printJson } from "../output.ts";
import { settings, type ParsedSettings } from "../pipeline-option.ts";
import { startWork } from "../progress.ts";
import { addRecipeOptions, recipeOf, type RecipeArguments } from "../recipe-options.ts";

interface Options extends RecipeArguments {
  readonly target?: string;
  readonly model?: SurrogateName;
  readonly modelFile?: string;
  readonly method?: ExplainerName;
  readonly methodOption?: ParsedSettings;
  readonly class?: string;
  readonly row?: number;
  readonly formula?: string;
  readonly at: Readonly<Record<string, string>>;
  readonly flip?: boolean;
  readonly reach?: string;
  readonly change?: string[];
  readonly top: number;
  readonly out?: string;
  readonly column: ColumnTexts;
  readonly seed?: number;
  readonly json?: boolean;
}

/** `ystar explain`: what moves a learned property, over the data or for one design. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .description("Say what moves a learned property, over the data or for one design")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .option("--target <property>", "property to learn (a shipped set has a default)")
    .addOption(
      new Option("--model <name>", "family of models (default: random-forest)").choices(
        Object.keys(surrogates),
      ),
    )
    .option("--model-file <file>", "explain this model, which ystar train has written");
  return addRecipeOptions(command)
    .addOption(
      new Option("--method <name>", "how to explain; by default what suits the model").choices(
        Object.keys(explainers),
      ),
    )
    .option(
      "--method-option <name=value>",
      "option of the method, such as rule=gamma (lrp) or samples=2000; may be repeated",
      settings,
    )
    .option("--class <name>", "class whose probability is explained")
    .option("--row <n>", "explain this row of the table, counted from 1", wholeNumber)
    .option("--formula <formula>", "explain this composition")
    .option("--at <name=value>", "process setting for --formula; may be repeated", setting, {})
    .option("--flip", "look for the smallest change of the design that flips its class")
    .option(
      "--reach <value>",
      "look for the smallest change of the design whose prediction reaches this",
    )
    .option("--change <list>", "elements and process variables that may change", list)
    .option("--top <n>", "features shown", wholeNumber, 15)
    .option("--out <folder>", "write explanation.html and explanation.json here")
    .addOption(columnOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  $ ystar explain hea-single-phase --out out/why
  $ ystar explain mpea --target yield_strength --formula AlNbTiV --at test_temperature="600 degC"
  $ ystar explain mpea --model-file strength.ystar --formula AlNbTiV --reach "1300 MPa"
  $ ystar explain hea-single-phase --model mlp --method lrp --row 12 --flip`,
    )
    .action(runExplain);
}

async function runExplain(source: string, options: Options): Promise<void> {
  const design = designOf(options);
  const change = changeOf(options, design);
  requireOneModel(options);
  if (options.out !== undefined) prepareFolder(options.out);
  const dataset = await loadWithColumns(source, options.column);
  const choice = await choiceOf(options, dataset);
  const { work, end } = startWork({ quiet: false });
  let result: DatasetExplanation;
  try {
    result = await explainDataset(dataset, {
      ...choice,
      overall: design === undefined || options.out !== undefined,
      seed: options.seed ?? 0,
      work,
      ...(design === undefined ? {} : { design }),
      ...(change === undefined ? {} : { change }),
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.methodOption === undefined ? {} : { methodOptions: options.methodOption }),
      ...(options.class === undefined ? {} : { className: options.class }),
    });
  } finally {
    end();
  }
  if (options.json) printJson(result);
  else print(explanationText(result, options.top));
  if (options.out === undefined) return;
  writeResults(options.out, {
    "explanation.html": renderExplanation(result),
    "explanation.json": `${JSON.stringify(result, null, 2)}\n`,
  });
  process.stderr.write(`Page: ${resolve(options.out, "explanation.html")}\n`);
}

/** The design that the options name, if any. */
function designOf({ row, formula, at }: Options): ChosenDesign | undefined {
  if (row !== undefined && formula !== undefined) {
    throw new InputError("Give either --row or --formula, not both.", { path: "--formula" });
  }
  if (formula === undefined) {
    if (Object.keys(at).length > 0) {
      throw new InputError("--at sets the process of a --formula; there is none.", {
        path: "--at",
        hint: "A row of the table has its own settings.",
      });
    }
    return row === undefined ? undefined : { row };
  }
  return { fractions: parseAlloy(formula).fractions, at };
}

/** The model of a file, or the family to learn. */
async function choiceOf(options: Options, dataset: Dataset): Promise<ExplainedChoice> {
  const { modelFile, model = "random-forest" } = options;
  if (modelFile !== undefined) return { saved: await readModelFile(modelFile) };
  return {
    target: targetOf(dataset, options.target),
    model,
    ...recipeOf(options),
  };
}

/** @throws InputError for options that do not go together */
function requireOneModel(options: Options): void {
  if (options.methodOption !== undefined && options.method === undefined) {
    throw new InputError("--method-option is for a --method; there is none.", {
      path: "--method-option",
      hint: "Name the method too.",
    });
  }
  if (options.modelFile === undefined) return;
  const { target, model, option, pipeline, addColumn, features, process } = options;
  const settled = { target, model, option, pipeline, "add-column": addColumn, features, process };
  const given = Object.entries(settled).find(([, value]) => value !== undefined)?.[0];
  if (given === undefined) return;
  throw new InputError(`--${given} is settled by the model file.`, {
    path: `--${given}`,
    hint: "Leave it out, or leave out --model-file.",
  });
}

/** The change of the prediction that the options ask for, if any. */
function changeOf(
  { flip, reach, change }: Options,
  design: ChosenDesign | undefined,
): WantedChange | undefined {
  const given = flip === true ? "--flip" : reach !== undefined ? "--reach" : undefined;
  if (given === undefined) {
    if (change === undefined) return undefined;
    throw new InputError("--change says what may change for --flip or --reach; there is none.", {
      path: "--change",
    });
  }
  if (flip === true && reach !== undefined) {
    throw new InputError("Give either --flip or --reach, not both.", { path: "--reach" });
  }
  if (design === undefined) {
    throw new InputError(`${given} changes one design; there is none.`, {
      path: given,
      hint: "Choose it with --row or --formula.",
    });
  }
  return {
    to: reach === undefined ? "flip" : { reach },
    ...(change === undefined ? {} : { only: change }),
  };
}

import { resolve } from "node:path";
import { Command, Option } from "commander";
import { explainDataset } from "../../campaign/explain-dataset.ts";
import type { ChosenDesign } from "../../campaign/explained-design.ts";
import type { DatasetExplanation } from "../../campaign/explanation.ts";
import { InputError } from "../../core/errors.ts";
import { parseAlloy } from "../../domains/alloy/parse-alloy.ts";
import { explainers, type ExplainerName } from "../../explain/registry.ts";
import { renderExplanation } from "../../report/render-explanation.ts";
import { prepareFolder, writeResults } from "../../store/write-results.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { explanationText } from "../explanation-text.ts";
import { targetOf } from "../judging-options.ts";
import { jsonOption, list, seedOption, setting, wholeNumber } from "../options.ts";
import { print, printJson } from "../output.ts";
import { startWork } from "../progress.ts";

interface Options {
  readonly target?: string;
  readonly model: SurrogateName;
  readonly method?: ExplainerName;
  readonly class?: string;
  readonly row?: number;
  readonly formula?: string;
  readonly at: Readonly<Record<string, string>>;
  readonly features?: string[];
  readonly process?: string[];
  readonly top: number;
  readonly out?: string;
  readonly column: ColumnTexts;
  readonly seed?: number;
  readonly json?: boolean;
}

/** Explainers whose contributions add up to the prediction, which is what the command prints. */
const methods = Object.values(explainers)
  .filter(({ supports }) => supports.isLocallyAccurate)
  .map(({ name }) => name);

/** `ystar explain`: what moves a learned property, over the data or for one design. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("Say what moves a learned property, over the data or for one design")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .option("--target <property>", "property to learn (a shipped set has a default)")
    .addOption(
      new Option("--model <name>", "family of models")
        .choices(Object.keys(surrogates))
        .default("random-forest"),
    )
    .addOption(
      new Option("--method <name>", "how to explain; by default what suits the model").choices(
        methods,
      ),
    )
    .option("--class <name>", "class whose probability is explained")
    .option("--row <n>", "explain this row of the table, counted from 1", wholeNumber)
    .option("--formula <formula>", "explain this composition")
    .option("--at <name=value>", "process setting for --formula; may be repeated", setting, {})
    .option("--features <list>", "feature sets, separated by commas", list)
    .option("--process <list>", "process variables used as inputs, separated by commas", list)
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
  $ ystar explain mpea --target yield_strength --formula AlNbTiV --at test_temperature="600 degC"`,
    )
    .action(runExplain);
}

async function runExplain(source: string, options: Options): Promise<void> {
  const design = designOf(options);
  if (options.out !== undefined) prepareFolder(options.out);
  const dataset = await loadWithColumns(source, options.column);
  const target = targetOf(dataset, options.target);
  const { work, end } = startWork({ quiet: false });
  let result: DatasetExplanation;
  try {
    result = await explainDataset(dataset, {
      target,
      model: options.model,
      overall: design === undefined || options.out !== undefined,
      seed: options.seed ?? 0,
      work,
      ...(design === undefined ? {} : { design }),
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.class === undefined ? {} : { className: options.class }),
      ...(options.features === undefined ? {} : { features: options.features }),
      ...(options.process === undefined ? {} : { process: options.process }),
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

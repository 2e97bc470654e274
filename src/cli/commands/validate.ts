import { resolve } from "node:path";
import { Command, Option } from "commander";
import { compareModels } from "../../campaign/judging/compare-models.ts";
import type { Dataset } from "../../campaign/dataset.ts";
import { modelCard } from "../../campaign/judging/model-card.ts";
import { modelCardText } from "../../campaign/judging/model-card-text.ts";
import { validateDataset } from "../../campaign/judging/validate-dataset.ts";
import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { stage, type Work } from "../../core/work.ts";
import { renderModelCard } from "../../report/render-model-card.ts";
import { tableHash } from "../../store/table-hash.ts";
import { prepareFolder, writeResults } from "../../store/write-results.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { loadWithColumns } from "../column-option.ts";
import {
  addJudgingOptions,
  judgingOptions,
  targetOf,
  type JudgingArguments,
} from "../judging-options.ts";
import { list } from "../options.ts";
import { print, printJson } from "../output.ts";
import { withWork } from "../progress.ts";
import { comparisonText, validationText } from "../validation-text.ts";

interface Options extends JudgingArguments {
  readonly model?: SurrogateName;
  readonly models?: string[];
  readonly metric?: string;
  readonly calibrate?: boolean;
  readonly learningCurve?: boolean;
  readonly out?: string;
}

/** `ystar validate`: how much to trust a model of a property, or which family to trust most. */
export function validateCommand(): Command {
  const command = new Command("validate")
    .description("Say how far a model of a property may be trusted, or rank all families")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(
      new Option("--model <name>", "family of models (default: random-forest)").choices(
        Object.keys(surrogates),
      ),
    )
    .option("--models <list>", "rank these families, separated by commas, or all", list)
    .option("--metric <name>", "what families are ranked by (default: rmse, for classes brier)")
    .option("--calibrate", "calibrate the uncertainty on rows held out inside each training part")
    .option("--learning-curve", "measure the score with less data, too")
    .option(
      "--out <folder>",
      "write the best family's model card here (model-card.html, .md and .json)",
    );
  return addJudgingOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ ystar validate hea-single-phase --target single_phase --protocol holdout --repeats 5
  $ ystar validate mpea --models all --group-by composition --out out/yield-strength
  $ ystar validate mpea --protocol chronological --time reference_year`,
    )
    .action(runValidate);
}

async function runValidate(source: string, options: Options): Promise<void> {
  checkOptions(options);
  const models = familiesOf(options.models ?? [options.model ?? "random-forest"]);
  if (options.out !== undefined) prepareFolder(options.out);
  const dataset = await loadWithColumns(source, options.column);
  const target = targetOf(dataset, options.target);
  if (options.models === undefined && options.out === undefined) {
    const result = await withWork((work) =>
      validateDataset(dataset, {
        ...judgingOptions(options, target, work),
        model: models[0]!,
        calibrate: options.calibrate ?? false,
        learningCurve: options.learningCurve ?? false,
      }),
    );
    if (options.json) printJson(result);
    else print(validationText(result));
    return;
  }
  const { result, card } = await withWork((work) =>
    compare(dataset, models, options, target, work),
  );
  if (options.json) printJson(result);
  else print(comparisonText(result));
  if (options.out === undefined || card === undefined) return;
  writeResults(options.out, {
    "model-card.html": renderModelCard(card),
    "model-card.md": modelCardText(card),
    "model-card.json": `${JSON.stringify(card, null, 2)}\n`,
  });
  process.stderr.write(`Model card: ${resolve(options.out, "model-card.html")}\n`);
}

/** Ranks families and, for a folder of results, makes the card of the best. */
async function compare(
  dataset: Dataset,
  models: readonly SurrogateName[],
  options: Options,
  target: string,
  work: Work,
) {
  const share = options.out === undefined ? 1 : cardFrom;
  const judging = judgingOptions(options, target, stage(work, 0, share));
  const result = await compareModels(dataset, {
    ...judging,
    models,
    calibrate: options.calibrate ?? false,
    ...(options.metric === undefined ? {} : { metric: options.metric }),
  });
  if (options.out === undefined) return { result };
  const card = await modelCard(dataset, result, judging, {
    tableHash: tableHash(dataset.table),
    work: stage(work, share, 1),
  });
  return { result, card };
}

/** Where in the work the model card begins. */
const cardFrom = 0.7;

/** @throws InputError for options that do not go together */
function checkOptions(options: Options): void {
  const { model, models, option, learningCurve, metric, calibrate, out } = options;
  if (calibrate === true && out !== undefined) {
    throw new InputError("A model card shows the uncertainty as it is and calibrated.", {
      path: "--calibrate",
      hint: "Leave out --calibrate, or --out.",
    });
  }
  if (models === undefined && out === undefined) {
    if (metric === undefined) return;
    throw new InputError("--metric says what families are ranked by; one --model shows them all.", {
      path: "--metric",
    });
  }
  const single = {
    "--model": model !== undefined && models !== undefined,
    "--option": option !== undefined,
    "--learning-curve": learningCurve === true,
  };
  const other = Object.entries(single).find(([, isGiven]) => isGiven)?.[0];
  if (other === undefined) return;
  const ranks = models === undefined ? "--out" : "--models";
  throw new InputError(`${other} is for a single family; ${ranks} ranks several.`, {
    path: other,
    hint: "Use --model with one name, without --models and --out.",
  });
}

/** @throws InputError for a name that is no family */
function familiesOf(names: readonly string[]): SurrogateName[] {
  const known = Object.keys(surrogates) as SurrogateName[];
  if (names.includes("all")) return known;
  return names.map((name) => {
    const found = known.find((one) => one === name);
    if (found !== undefined) return found;
    throw new InputError(`There is no family "${name}".`, {
      path: "--models",
      expected: `all, or some of ${known.join(", ")}`,
      received: name,
      hint: suggest(name, known),
    });
  });
}

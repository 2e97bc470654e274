import { Command, Option } from "commander";
import { describeModel } from "../../campaign/trained/describe-model.ts";
import { encodeModel } from "../../campaign/trained/model-file.ts";
import { trainModel } from "../../campaign/trained/train-model.ts";
import type { TrainedModel } from "../../campaign/trained/trained-model.ts";
import { openCheckpointFile, type CheckpointFile } from "../../store/checkpoint-file.ts";
import { prepareFile, writeFileAtomically } from "../../store/model-file.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { Interrupted } from "../exit-codes.ts";
import { targetOf } from "../judging-options.ts";
import { modelText } from "../model-text.ts";
import { jsonOption, seedOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { startWork } from "../progress.ts";
import { addRecipeOptions, recipeOf, type RecipeArguments } from "../recipe-options.ts";
import { version } from "../version.ts";

interface Options extends RecipeArguments {
  readonly target?: string;
  readonly model: SurrogateName;
  readonly out: string;
  readonly calibrate?: boolean;
  readonly resume?: boolean;
  readonly column: ColumnTexts;
  readonly seed?: number;
  readonly json?: boolean;
}

/** `ystar train`: learn one property and write the model to a file. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("Learn one property, say how far to trust the model, and write it to a file")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .requiredOption("--out <file>", "model file to write, such as strength.ystar")
    .option("--target <property>", "property to learn (a shipped set has a default)")
    .addOption(
      new Option("--model <name>", "family of models")
        .choices(Object.keys(surrogates))
        .default("random-forest"),
    );
  return addRecipeOptions(command)
    .option("--calibrate", "calibrate the uncertainty on rows held out inside the training")
    .option("--resume", "go on from the checkpoint that an interrupted training has left")
    .addOption(columnOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The model is tested by 5-fold cross-validation in which rows of one composition stay together.
Example:
  $ ystar train mpea --target yield_strength --model random-forest --out strength.ystar`,
    )
    .action(runTrain);
}

async function runTrain(source: string, options: Options): Promise<void> {
  prepareFile(options.out);
  const dataset = await loadWithColumns(source, options.column);
  const target = targetOf(dataset, options.target);
  const checkpoint = checkpointOf(options);
  const { work, end } = startWork({ quiet: false });
  let model: TrainedModel;
  try {
    model = await trainModel(dataset, {
      target,
      model: options.model,
      ...recipeOf(options),
      calibrate: options.calibrate ?? false,
      seed: options.seed ?? 0,
      work,
      ...(checkpoint === undefined ? {} : { checkpoints: checkpoint.checkpoints }),
    });
  } catch (error) {
    if (error instanceof Interrupted && checkpoint?.flush()) {
      throw new Interrupted(
        `How far the training came is in ${checkpoint.path}; the same command with --resume goes on.`,
      );
    }
    throw error;
  } finally {
    end();
  }
  writeFileAtomically(options.out, await encodeModel(model, { ystarVersion: version }));
  checkpoint?.remove();
  const description = describeModel(model);
  if (options.json) printJson({ file: options.out, ...description });
  else print(modelText(description));
  process.stderr.write(`Model: ${options.out}\n`);
}

/** The checkpoint beside the model file, where the family keeps one or is asked to go on from it. */
function checkpointOf({
  model,
  out,
  resume = false,
  pipeline,
  addColumn,
  calibrate,
}: Options): CheckpointFile | undefined {
  const { supports }: Pick<SurrogateSpec, "supports"> = surrogates[model];
  const isPlain = pipeline === undefined && addColumn === undefined && calibrate !== true;
  const keeps = supports.checkpoints === true && isPlain;
  return keeps || resume ? openCheckpointFile(`${out}.checkpoint`, { resume }) : undefined;
}

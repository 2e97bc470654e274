import { Command } from "commander";
import { describeModel } from "../../campaign/trained/describe-model.ts";
import { readModelFile } from "../../store/model-file.ts";
import type { TrainedModel } from "../../campaign/trained/trained-model.ts";
import { InputError } from "../../core/errors.ts";
import { nearestName } from "../../core/nearest-name.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { describeFamily, familyText } from "../family-text.ts";
import { modelText } from "../model-text.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar models`: what the families of models can do, or what a saved model is. */
export function modelsCommand(): Command {
  return new Command("models")
    .description("List the families of models with what they can do, or describe one of them")
    .argument("[model]", "name of a family, or model file that ystar train has written")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  $ ystar models gradient-boosting
  $ ystar models strength.ystar`,
    )
    .action(async (model: string | undefined, options: { json?: boolean }) => {
      if (model !== undefined) {
        const description = Object.hasOwn(surrogates, model)
          ? describeFamily(surrogates[model as SurrogateName])
          : describeModel(await modelOrFile(model));
        if (options.json) printJson(description);
        else print("pipeline" in description ? modelText(description) : familyText(description));
        return;
      }
      const families = Object.values<SurrogateSpec>(surrogates).map(describeFamily);
      if (options.json) {
        printJson({ families });
        return;
      }
      const yes = (value: boolean): string => (value ? "yes" : "");
      print(
        textTable(families, [
          { title: "family", text: (one) => one.name },
          { title: "what it is", text: (one) => one.title },
          { title: "numbers", text: (one) => yes(one.regression) },
          { title: "classes", text: (one) => yes(one.classification) },
          { title: "missing values", text: (one) => yes(one.missing) },
          { title: "known noise", text: (one) => yes(one.noise) },
          { title: "most rows", text: (one) => (one.maxRows === null ? "" : `${one.maxRows}`) },
          { title: "can be saved", text: (one) => yes(one.isSavable) },
        ]),
      );
    });
}

/** @throws InputError that knows the families too where there is no such file */
async function modelOrFile(name: string): Promise<TrainedModel> {
  try {
    return await readModelFile(name);
  } catch (error) {
    const near = nearestName(name, Object.keys(surrogates));
    if (!(error instanceof InputError) || near === undefined) throw error;
    const hint = `Did you mean the family "${near}"?`;
    throw new InputError(error.message, { ...error.details, hint, cause: error });
  }
}
